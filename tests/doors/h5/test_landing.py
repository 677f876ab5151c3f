"""The page behind a join link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from qunying.do.recruitment.models import VisitCount
from qunying.do.recruitment.services import close_link, end_channel
from qunying.do.recruitment.services_pictures import remove_picture
from qunying.doors.h5.pages import PACE, POLICY, Pace
from qunying.ground.groups.services import create_group
from tests.support.cast import TESTS
from tests.support.home import ROOT
from tests.support.recruitment import link_of, make_channel, put_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from pytest_django import DjangoAssertNumQueries

    from qunying.do.recruitment.models import JoinLink
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile "
    "Safari/537.36 XWEB/1260 MMWEBSDK/20240404 MMWEBID/1 MicroMessenger/8.0.49 WeChat/arm64 Weixin NetType/WIFI"
)


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    PACE.forget()
    yield
    PACE.forget()


@pytest.fixture
def link(community: Community) -> JoinLink:
    return link_of(make_channel(community, wanted="住在附近、爱花的人"))


def _open(code: str, *, agent: str = WECHAT, language: str = "zh-CN", **headers: str) -> HttpResponse:
    told = {"User-Agent": agent, "Accept-Language": language} | headers
    return Client(headers=told).get(reverse("landing", args=[code]))  # type: ignore[return-value]


def _visits() -> int:
    return sum(VisitCount.objects.values_list("count", flat=True))


def test_it_shows_the_group_that_takes_people_in_and_counts_the_visitor_once(link: JoinLink, group: Group) -> None:
    picture = put_up(group)
    text = _open(link.code).content.decode()
    assert "<h1>花友会</h1>" in text
    assert "住在附近、爱花的人" in text
    assert f'src="/j/{link.code}/{picture.digest}.jpg"' in text
    _open(link.code)
    assert [(one.group, one.count) for one in VisitCount.objects.all()] == [(group, 1)]


def test_its_picture_is_a_jpeg_that_goes_when_it_is_taken_down(link: JoinLink, group: Group) -> None:
    picture = put_up(group)
    address = reverse("landing_picture", args=[link.code, picture.digest])
    answer = Client().get(address)
    assert (answer.headers["Content-Type"], answer.content) == ("image/jpeg", bytes(picture.picture))
    assert answer.headers["Cache-Control"] == "private, max-age=3600, immutable"
    remove_picture(picture, by=TESTS)
    assert Client().get(address).status_code == 404


def test_a_picture_of_another_community_is_not_to_be_had_by_this_link(
    link: JoinLink, other_community: Community
) -> None:
    other = put_up(create_group(other_community, name="水果一群", platform="wechat", by=TESTS))
    assert Client().get(reverse("landing_picture", args=[link.code, other.digest])).status_code == 404


def test_without_a_picture_it_asks_kindly_to_come_back(link: JoinLink, group: Group) -> None:
    answer = _open(link.code)
    assert answer.status_code == 200
    assert "正在准备下一个群" in answer.content.decode()
    assert [(one.group, one.count) for one in VisitCount.objects.all()] == [(None, 1)]


def test_a_closed_link_an_ended_channel_and_a_made_up_code_say_the_same(link: JoinLink, group: Group) -> None:
    put_up(group)
    close_link(link, by=TESTS)
    ended = make_channel(group.community, "公众号")
    code = link_of(ended).code
    end_channel(ended, by=TESTS)
    answers = [_open(one) for one in (link.code, code, "made-up")]
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert len({one.content for one in answers}) == 1
    assert "找不到这个链接" in answers[0].content.decode()
    assert _visits() == 0


@pytest.mark.parametrize(
    ("agent", "headers"),
    [
        ("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", {}),
        ("curl/8.5.0", {}),
        ("python-requests/2.32", {}),
        ("Mozilla/5.0 HeadlessChrome/126.0", {}),
        ("", {}),
        (WECHAT, {"Sec-Purpose": "prefetch;prerender"}),
        (WECHAT, {"Purpose": "prefetch"}),
        (WECHAT, {"X-Moz": "prefetch"}),
        (WECHAT, {"Sec-Fetch-Dest": "image"}),
    ],
)
def test_programs_and_fetching_ahead_are_no_visits(
    agent: str, headers: dict[str, str], link: JoinLink, group: Group
) -> None:
    put_up(group)
    assert _open(link.code, agent=agent, **headers).status_code == 200
    assert _visits() == 0


def test_asking_for_the_head_is_no_visit(link: JoinLink, group: Group) -> None:
    put_up(group)
    assert Client(headers={"User-Agent": WECHAT}).head(reverse("landing", args=[link.code])).status_code == 200
    assert _visits() == 0


def test_it_changes_nothing_by_post(link: JoinLink) -> None:
    assert Client().post(reverse("landing", args=[link.code])).status_code == 405


def test_it_sets_no_cookie_runs_no_script_and_is_kept_by_nobody(link: JoinLink, group: Group) -> None:
    put_up(group)
    answer = _open(link.code)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert (dict(answer.cookies), "<script" in answer.content.decode()) == ({}, False)


def test_it_weighs_under_thirty_kilobytes_without_the_picture(link: JoinLink, group: Group) -> None:
    put_up(group)
    text = _open(link.code).content.decode()
    files = re.findall(r'href="/static/([^"]+)"', text)
    assert len(files) == 3
    weight = len(text.encode()) + sum((ROOT / "qunying" / "static" / name).stat().st_size for name in files)
    assert weight < 30_000


def test_it_speaks_the_reader_s_language(link: JoinLink, group: Group) -> None:
    put_up(group)
    assert "长按" in _open(link.code).content.decode()
    assert "Press and hold the code" in _open(link.code, language="en").content.decode()


def test_it_asks_the_store_the_same_number_of_times_for_a_visitor_known_today(
    link: JoinLink, group: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put_up(group)
    _open(link.code)
    with django_assert_num_queries(5):
        _open(link.code)


def test_who_tries_codes_is_stopped_and_told_when_to_come_back(link: JoinLink, group: Group) -> None:
    put_up(group)
    told = [_open("made-up").status_code for _try in range(20)]
    assert (told[0], 429 in told) == (404, True)
    PACE.charge("127.0.0.1", requests=1200)
    assert _open(link.code).headers["Retry-After"] == "60"


def test_many_phones_behind_one_address_are_let_in() -> None:
    pace = Pace(per_minute=600)
    assert [pace.allows("203.0.113.7") for _visit in range(600)] == [True] * 600
    assert not pace.allows("203.0.113.7")
    assert pace.allows("203.0.113.8")


def test_a_caller_that_asks_for_nothing_is_forgotten_when_room_is_short() -> None:
    pace = Pace(per_minute=6_000_000, most_callers=3)
    for number in range(50):
        assert pace.allows(str(number))
    assert len(pace._due) < 50
