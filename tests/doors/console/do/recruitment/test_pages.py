"""The pages of channels."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from qunying.do.recruitment.models import Channel, ChannelCost
from qunying.do.recruitment.queries import open_link_of, picture_of
from qunying.do.recruitment.services import About, book_cost, create_channel
from qunying.do.recruitment.services_visits import count_visit
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.services import create_group
from qunying.ground.members.services import Who
from tests.support.cast import TESTS
from tests.support.recruitment import code_png, link_of, make_channel, put_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def _at(name: str, *args: object) -> str:
    return reverse(name, args=["flowers", *args])


@pytest.fixture
def keeper(client_for: Callable[..., Client], specialist: Staff) -> Client:
    return client_for(specialist, "en")


@pytest.fixture
def busy(community: Community, group: Group) -> Channel:
    """A channel with three visits, two known joinings and 64 yuan spent, all of today."""
    channel = make_channel(community)
    now = timezone.now()
    for number in range(3):
        count_visit(link_of(channel), group=group, visitor=(str(number),))
    facts = [
        Fact("joined", now, ("busy", n), who=Who("wechat", f"busy-{n}"), group_id=group.pk, channel_key="传单")
        for n in range(2)
    ]
    record(facts, community=community, source="tests")
    book_cost(channel, community=community, day=timezone.localdate(), amount=6_400, by=TESTS)
    return channel


def test_the_list_says_what_belongs_there_while_it_is_empty(
    keeper: Client, client_for: Callable[..., Client], community: Community, reviewer: Staff
) -> None:
    assert "A channel is a way by which people come" in keeper.get(_at("channels")).content.decode()
    text = client_for(reviewer, "en").get(_at("channels")).content.decode()
    assert "Who keeps channels in this unit can make them." in text
    assert _at("channel_new") not in text


def test_visits_and_joinings_stand_apart_and_a_rate_shows_what_it_is_made_of(keeper: Client, busy: Channel) -> None:
    text = keeper.get(_at("channels")).content.decode()
    assert '<td class="number" data-label="Visits of the link">3</td>' in text
    assert "CN¥32.00" in text
    assert "CN¥64.00 / 2" in text
    assert "never added up" in text
    assert "channel=%E4%BC%A0%E5%8D%95" in text


def test_who_sees_no_members_is_not_led_to_them(client_for: Callable[..., Client], busy: Channel, units: Units) -> None:
    from qunying.ground.access.services import create_staff, grant_role  # noqa: PLC0415 - used here alone

    finance = create_staff("finance", name="财务", password="correct horse battery", by=TESTS)
    grant_role(finance, role="finance", unit=units.shop, by=TESTS)
    text = client_for(finance, "en").get(_at("channels")).content.decode()
    assert "channel=%E4%BC%A0%E5%8D%95" not in text


def test_keys_of_facts_without_a_channel_are_offered(keeper: Client, busy: Channel, group: Group) -> None:
    fact = Fact("joined", timezone.now(), ("x",), who=Who("wechat", "x"), group_id=group.pk, channel_key="抖音")
    record([fact], community=group.community, source="tests")
    text = keeper.get(_at("channels")).content.decode()
    assert "Keys without a channel" in text
    new = keeper.get(_at("channel_new"), {"key": "抖音"}).content.decode()
    assert new.count('value="抖音"') == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_times(
    count: int, keeper: Client, community: Community, group: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put_up(group)
    for number in range(count):
        make_channel(community, f"渠道{number}")
    with django_assert_num_queries(15):
        keeper.get(_at("channels"))


def test_a_channel_is_made_for_one_community_with_its_link(keeper: Client, community: Community) -> None:
    answer = keeper.post(_at("channel_new"), {"name": "收银台传单", "kind": "offline", "wanted": "爱花的人"})
    made = Channel.objects.get()
    assert answer.headers["Location"] == _at("channel", made.pk)
    assert (made.key, made.kind, made.community) == ("收银台传单", "offline", community)
    assert open_link_of(made, community) is not None


def test_a_lead_of_the_region_makes_one_for_every_community_below(
    client_for: Callable[..., Client], community: Community, director: Staff, specialist: Staff, units: Units
) -> None:
    told = {"name": "抖音广告", "kind": "advert", "place": str(units.east.pk)}
    assert client_for(specialist, "en").post(_at("channel_new"), told).status_code == 400
    client_for(director, "en").post(_at("channel_new"), told)
    made = Channel.objects.get()
    assert (made.community, made.unit) == (None, units.east)


def test_a_refused_form_says_why(keeper: Client, community: Community) -> None:
    make_channel(community)
    answer = keeper.post(_at("channel_new"), {"name": "传单", "kind": "offline"})
    assert answer.status_code == 400
    assert "There is a channel with the key “传单” already" in answer.content.decode()


def test_the_page_of_a_channel_shows_its_link_its_code_and_its_costs(keeper: Client, busy: Channel) -> None:
    text = keeper.get(_at("channel", busy.pk)).content.decode()
    assert f"http://testserver/j/{link_of(busy).code}" in text
    assert _at("channel_code", busy.pk, "svg") in text
    assert "CN¥64.00" in text
    assert "The links lead to no group now" in text


def test_costs_are_booked_and_withdrawn_on_its_page(keeper: Client, busy: Channel, specialist: Staff) -> None:
    keeper.post(_at("channel_cost", busy.pk), {"day": "2026-03-02", "amount": "99.50", "note": "印刷"})
    cost = ChannelCost.objects.get(note="印刷")
    assert (cost.amount, cost.by) == (9_950, specialist)
    keeper.post(_at("channel_cost_withdraw", busy.pk, cost.pk))
    cost.refresh_from_db()
    assert cost.withdrawn_at is not None
    answer = keeper.post(_at("channel_cost", busy.pk), {"day": "2026-03-02", "amount": "many"}, follow=True)
    assert "This is no amount" in answer.content.decode()


def test_a_channel_is_changed_ended_and_taken_up_again(keeper: Client, busy: Channel) -> None:
    keeper.post(_at("channel_edit", busy.pk), {"name": "柜台传单", "kind": "offline", "wanted": ""})
    keeper.post(_at("channel_end", busy.pk))
    busy.refresh_from_db()
    assert (busy.name, busy.ended_at is None) == ("柜台传单", False)
    keeper.post(_at("channel_resume", busy.pk))
    busy.refresh_from_db()
    assert busy.ended_at is None


def test_a_link_is_closed_and_opened_with_another_code(keeper: Client, busy: Channel) -> None:
    before = link_of(busy).code
    keeper.post(_at("channel_link_close", busy.pk))
    assert "No link leads into this community" in keeper.get(_at("channel", busy.pk)).content.decode()
    keeper.post(_at("channel_link", busy.pk))
    assert link_of(busy).code != before


def test_a_code_is_had_as_png_and_svg(keeper: Client, busy: Channel) -> None:
    png = keeper.get(_at("channel_code", busy.pk, "png") + "?take")
    assert Image.open(io.BytesIO(png.content)).format == "PNG"
    assert png.headers["Content-Disposition"].startswith("attachment")
    svg = keeper.get(_at("channel_code", busy.pk, "svg"))
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert "花友会 · 传单" in svg.content.decode()
    assert keeper.get(_at("channel_code", busy.pk, "pdf")).status_code == 404


def test_all_codes_come_in_one_archive(keeper: Client, busy: Channel, community: Community) -> None:
    make_channel(community, "公众号/文章")
    packed = zipfile.ZipFile(io.BytesIO(keeper.get(_at("channel_codes")).content))
    assert sorted(packed.namelist()) == ["传单.png", "传单.svg", "公众号-文章.png", "公众号-文章.svg"]


def test_a_wide_channel_gets_a_link_into_each_community(keeper: Client, community: Community, units: Units) -> None:
    wide = create_channel(units.east, about=About("抖音广告"), by=TESTS)
    assert keeper.get(_at("channel_code", wide.pk, "png")).status_code == 404
    keeper.post(_at("channel_link", wide.pk))
    assert open_link_of(wide, community) is not None
    assert keeper.post(_at("channel_end", wide.pk)).status_code == 403


def test_a_group_s_code_is_put_up_put_first_and_taken_down(keeper: Client, community: Community, group: Group) -> None:
    second = create_group(community, name="花友二群", platform="wechat", by=TESTS)
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    for one in (group, second):
        file = SimpleUploadedFile("code.png", code_png(one.name), "image/png")
        keeper.post(_at("join_picture_put", one.pk), {"picture": file, "until": until, "people": "120"})
    text = keeper.get(_at("join_pictures")).content.decode()
    assert text.index("花友一群") < text.index("花友二群")
    assert text.count("120 / 150") == 2
    keeper.post(_at("join_picture_first", second.pk))
    text = keeper.get(_at("join_pictures")).content.decode()
    assert text.index("花友二群") < text.index("花友一群")
    assert keeper.get(_at("join_picture", group.pk)).headers["Content-Type"] == "image/jpeg"
    keeper.post(_at("join_picture_remove", group.pk))
    assert picture_of(group) is None
    assert keeper.get(_at("join_picture", group.pk)).status_code == 404


def test_what_is_no_picture_is_refused_in_words(keeper: Client, group: Group) -> None:
    file = SimpleUploadedFile("code.png", b"<script>alert(1)</script>", "image/png")
    answer = keeper.post(_at("join_picture_put", group.pk), {"picture": file}, follow=True)
    assert "This is no PNG, JPEG or WebP picture" in answer.content.decode()
    assert picture_of(group) is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_group_codes_ask_the_same_number_of_times(
    count: int, keeper: Client, community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        put_up(create_group(community, name=f"{number}群", platform="wechat", by=TESTS))
    with django_assert_num_queries(9):
        keeper.get(_at("join_pictures"))


def test_the_list_is_taken_out_by_who_may(client_for: Callable[..., Client], lead: Staff, busy: Channel) -> None:
    answer = client_for(lead, "en").get(_at("channels_export"), {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("Channel,Key,Kind,Visits of the link,Known to have joined,Cost,Cost of one joining")
    assert lines[1].startswith("传单,传单,Own account or article,3,2,64.0,32.0,In use")
