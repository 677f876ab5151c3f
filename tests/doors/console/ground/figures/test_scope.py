from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from qunying.doors.console.ground.figures.bar import scope_bar
from qunying.doors.console.ground.figures.scope import Choice, sees_members
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.figures.results import Scope
from qunying.ground.groups.models import Community
from qunying.ground.groups.services import ensure_group
from qunying.ground.segments.services import create_segment
from qunying.kit.errors import NotFoundError
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

    Choose = Callable[..., Choice]

BOUGHT = {"all": True, "parts": [{"is": "did", "deed": "ordered", "times": 1, "days": 3650}]}


def test_without_a_community_it_is_all_one_may_see(
    choose: Choose, director: Staff, lead: Staff, history: Community, other_community: Community
) -> None:
    assert set(choose(director).scope.communities) == {history.pk, other_community.pk}
    assert choose(lead).scope.communities == (history.pk,)


def test_a_unit_narrows_to_its_subtree(
    choose: Choose, director: Staff, units: Units, history: Community, other_community: Community
) -> None:
    assert choose(director, f"unit={units.east.pk}").scope.communities == (history.pk,)
    assert choose(director, f"unit={units.south.pk}").scope.communities == (other_community.pk,)


def test_another_peoples_unit_does_not_exist(choose: Choose, lead: Staff, units: Units) -> None:
    for unit in (str(units.south.pk), "nonsense", "999999"):
        with pytest.raises(NotFoundError):
            choose(lead, f"unit={unit}")


def test_another_peoples_community_does_not_exist(choose: Choose, outsider: Staff, history: Community) -> None:
    with pytest.raises(NotFoundError):
        choose(outsider, slug=history.slug)


def test_groups_tags_and_channels_narrow_further(choose: Choose, lead: Staff, history: Community, group: Group) -> None:
    choice = choose(lead, f"group={group.pk}&tag=7&tag=7&tag=x&channel=poster&channel=", slug=history.slug)
    assert choice.scope == Scope((history.pk,), (group.pk,), (7,), ("poster",))
    assert choice.narrowed


def test_a_group_of_another_community_does_not_exist(
    choose: Choose, director: Staff, history: Community, other_community: Community
) -> None:
    elsewhere = ensure_group(other_community, name="水果一群", platform="wechat", by=TESTS)
    with pytest.raises(NotFoundError):
        choose(director, f"group={elsewhere.pk}", slug=history.slug)
    with pytest.raises(NotFoundError):
        choose(director, f"group={elsewhere.pk}")


def test_a_segment_keeps_those_who_are_in_it_now(
    choose: Choose, lead: Staff, history: Community, members: list[Member]
) -> None:
    buyers = create_segment(history.unit, name="买过的", conditions=BOUGHT, community=history, by=TESTS)
    choice = choose(lead, f"segment={buyers.pk}", slug=history.slug)
    assert [member.pk for member in members if member.display_name == "小丽"] == list(choice.scope.among or ())
    assert (choice.narrowed, choice.address("retention")) == (
        True,
        f"/communities/flowers/retention/?segment={buyers.pk}",
    )
    assert choose(lead, slug=history.slug).scope.among is None


def test_a_segment_of_a_unit_is_there_in_its_communities_and_below(
    choose: Choose, director: Staff, lead: Staff, units: Units, history: Community, other_community: Community
) -> None:
    east = create_segment(units.east, name="东区买过的", conditions=BOUGHT, by=TESTS)
    assert choose(director, f"segment={east.pk}", slug=history.slug).segment == east
    assert choose(director, f"segment={east.pk}&unit={units.east.pk}").segment == east
    for staff, query, slug in (
        (director, "", other_community.slug),
        (director, f"&unit={units.south.pk}", ""),
        (director, "", ""),
        (lead, "", history.slug),
    ):
        with pytest.raises(NotFoundError):
            choose(staff, f"segment={east.pk}{query}", slug=slug)


def test_a_segment_takes_seeing_members(choose: Choose, units: Units, history: Community) -> None:
    finance = create_staff("finance", name="财务", password=PASSWORD, by=TESTS)
    grant_role(finance, role="finance", unit=units.headquarters, by=TESTS)
    buyers = create_segment(history.unit, name="买过的", conditions=BOUGHT, community=history, by=TESTS)
    choice = choose(finance, slug=history.slug)
    assert scope_bar(choice, "overview")["segments"] == []
    with pytest.raises(NotFoundError):
        choose(finance, f"segment={buyers.pk}", slug=history.slug)


def test_the_bar_offers_segments_until_one_is_chosen(choose: Choose, lead: Staff, history: Community) -> None:
    buyers = create_segment(history.unit, name="买过的", conditions=BOUGHT, community=history, by=TESTS)
    assert scope_bar(choose(lead, slug=history.slug), "activity")["segments"] == [(buyers.pk, "买过的")]
    chosen = scope_bar(choose(lead, f"segment={buyers.pk}&tag=3", slug=history.slug), "activity")
    assert chosen["segments"] == []
    assert [(chip["value"], chip["off"]) for chip in chosen["chips"]] == [
        ("3", f"/communities/flowers/activity/?segment={buyers.pk}"),
        ("买过的", "/communities/flowers/activity/?tag=3"),
    ]


def test_addresses_keep_what_was_chosen(choose: Choose, lead: Staff, history: Community) -> None:
    choice = choose(lead, "period=7d&compare=off&unknown=1&tag=3", slug=history.slug)
    address = urlsplit(choice.address("retention", period="90d"))
    assert address.path == "/communities/flowers/retention/"
    assert parse_qs(address.query) == {"compare": ["off"], "tag": ["3"], "period": ["90d"]}


def test_panels_and_drawers_are_told_the_days_of_their_page(choose: Choose, lead: Staff, history: Community) -> None:
    choice = choose(lead, slug=history.slug, preset="90d")
    assert choice.address("panel", "retention-curve").endswith("?period=90d")
    assert choice.address("retention") == "/communities/flowers/retention/"


def test_a_period_before_the_first_fact_is_not_compared(choose: Choose, lead: Staff, history: Community) -> None:
    whole = choose(lead, "from=2026-01-16&to=2026-01-25", slug=history.slug)
    cut = choose(lead, "from=2026-01-10&to=2026-01-25", slug=history.slug)
    assert (whole.comparable, cut.comparable) == (True, False)


def test_two_currencies_have_no_sum(
    choose: Choose, director: Staff, history: Community, other_community: Community
) -> None:
    assert choose(director).currency == "CNY"
    type(other_community).objects.filter(pk=other_community.pk).update(currency="USD")
    assert choose(director).currency is None


def test_who_sees_figures_alone_sees_nobody_behind_them(
    choose: Choose, lead: Staff, units: Units, history: Community
) -> None:
    finance = create_staff("finance", name="财务", password=PASSWORD, by=TESTS)
    grant_role(finance, role="finance", unit=units.headquarters, by=TESTS)
    assert sees_members(choose(lead, slug=history.slug))
    assert not sees_members(choose(finance, slug=history.slug))


def test_the_clock_of_several_communities_is_told_only_where_it_is_one() -> None:
    def choice(*zones: str) -> Choice:
        empty = dict.fromkeys((one.name for one in fields(Choice)), None)
        return Choice(**{**empty, "communities": tuple(Community(timezone=zone) for zone in zones)})

    told = [choice("Asia/Shanghai", zone).one_clock for zone in ("Asia/Shanghai", "America/New_York")]
    assert told == [True, False]
