"""Channels, their costs, their links."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.do.recruitment.models import Channel, ChannelCost, JoinLink
from qunying.do.recruitment.queries import channels_into, costs_of, link_opened_by
from qunying.do.recruitment.services import (
    About,
    book_cost,
    close_link,
    create_channel,
    edit_channel,
    end_channel,
    open_link,
    resume_channel,
    withdraw_cost,
)
from qunying.ground.audit.models import Act
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS
from tests.support.recruitment import link_of, make_channel

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def test_a_channel_of_a_community_has_its_name_for_a_key_and_a_link_at_once(community: Community) -> None:
    channel = make_channel(community, " 门店  传单 ", kind="offline", wanted="住在附近、爱花的人")
    assert (channel.key, channel.name, channel.kind, channel.unit) == (
        "门店 传单",
        "门店 传单",
        "offline",
        community.unit,
    )
    assert link_opened_by(link_of(channel).code) == link_of(channel)
    assert list(Act.objects.filter(subject_type="channel").values_list("verb", flat=True).order_by("pk")) == [
        "recruitment.create",
        "recruitment.open_link",
    ]


def test_codes_are_long_and_never_the_same(community: Community) -> None:
    codes = {link_of(make_channel(community, f"渠道{number}")).code for number in range(20)}
    assert len(codes) == 20
    assert {len(code) for code in codes} == {11}


def test_a_channel_of_a_unit_serves_every_community_below_and_no_other(
    units: Units, community: Community, other_community: Community
) -> None:
    wide = create_channel(units.east, about=About("抖音广告", kind="advert"), by=TESTS)
    assert list(channels_into(community)) == [wide]
    assert list(channels_into(other_community)) == []
    assert JoinLink.objects.count() == 0


@pytest.mark.parametrize("first", ["community", "east", "headquarters"])
@pytest.mark.parametrize("second", ["community", "east", "shop"])
def test_no_community_finds_two_channels_under_one_key(
    first: str, second: str, units: Units, community: Community
) -> None:
    places = {"community": community, "east": units.east, "headquarters": units.headquarters, "shop": units.shop}
    create_channel(places[first], about=About("传单"), by=TESTS)  # type: ignore[arg-type]
    with pytest.raises(QunyingError, match="There is a channel with the key “传单” already"):
        create_channel(places[second], about=About("传单"), by=TESTS)  # type: ignore[arg-type]


def test_two_communities_may_use_the_same_key(community: Community, other_community: Community) -> None:
    make_channel(community)
    make_channel(other_community)
    assert Channel.objects.filter(key="传单").count() == 2


@pytest.mark.parametrize(
    ("about", "key", "says"),
    [
        (About("  "), "", "has no name"),
        (About("长" * 81), "", "longer than 80 characters"),
        (About("传单", kind="magic"), "", "no kind “magic”"),
        (About("传单", wanted="长" * 501), "", "500 characters at most"),
        (About("长" * 70), "", "between 1 and 64 characters"),
        (About("传单"), "长" * 65, "between 1 and 64 characters"),
    ],
)
def test_it_refuses_what_is_no_channel(about: About, key: str, says: str, community: Community) -> None:
    with pytest.raises(QunyingError, match=says):
        create_channel(community, about=about, by=TESTS, key=key)
    assert Channel.objects.count() == 0


def test_a_change_leaves_the_key_alone(community: Community) -> None:
    channel = edit_channel(make_channel(community), about=About("柜台传单", kind="offline"), by=TESTS)
    assert (channel.key, channel.name, channel.kind) == ("传单", "柜台传单", "offline")


def test_an_ended_channel_leads_nowhere_until_it_is_taken_up_again(community: Community) -> None:
    channel = make_channel(community)
    code = link_of(channel).code
    end_channel(channel, by=TESTS)
    assert link_opened_by(code) is None
    with pytest.raises(QunyingError, match="has ended already"):
        end_channel(channel, by=TESTS)
    with pytest.raises(QunyingError, match="Take it up again first"):
        open_link(channel, community=community, by=TESTS)
    resume_channel(channel, by=TESTS)
    assert link_opened_by(code) is not None
    with pytest.raises(QunyingError, match="in use already"):
        resume_channel(channel, by=TESTS)


def test_a_link_is_opened_once_and_a_new_one_has_another_code(community: Community) -> None:
    channel = make_channel(community)
    first = link_of(channel)
    assert open_link(channel, community=community, by=TESTS) == first
    close_link(first, by=TESTS)
    with pytest.raises(QunyingError, match="closed already"):
        close_link(first, by=TESTS)
    second = open_link(channel, community=community, by=TESTS)
    assert second.code != first.code
    assert link_opened_by(first.code) is None


def test_a_link_leads_only_into_communities_the_channel_serves(
    community: Community, other_community: Community
) -> None:
    with pytest.raises(QunyingError, match="“传单” is no channel of “水果群”"):
        open_link(make_channel(community), community=other_community, by=TESTS)


def test_costs_are_booked_and_withdrawn_but_never_lost(community: Community) -> None:
    channel = make_channel(community)
    cost = book_cost(channel, community=community, day=DAY, amount=32_000, note="印500张", by=TESTS)
    assert [(one.amount, one.note) for one in costs_of(channel, community)] == [(32_000, "印500张")]
    withdraw_cost(cost, by=TESTS)
    assert list(costs_of(channel, community)) == []
    assert ChannelCost.objects.count() == 1
    with pytest.raises(QunyingError, match="withdrawn already"):
        withdraw_cost(cost, by=TESTS)


@pytest.mark.parametrize("amount", [0, -1, 10**15])
def test_it_refuses_a_cost_of_nothing_and_one_beyond_measure(amount: int, community: Community) -> None:
    with pytest.raises(QunyingError, match="an amount above zero"):
        book_cost(make_channel(community), community=community, day=DAY, amount=amount, by=TESTS)


def test_it_refuses_a_note_nobody_reads(community: Community) -> None:
    with pytest.raises(QunyingError, match="longer than 200 characters"):
        book_cost(make_channel(community), community=community, day=DAY, amount=1, note="长" * 201, by=TESTS)
