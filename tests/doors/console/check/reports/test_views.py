from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.audit.models import Act
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from playwright.sync_api import Page
    from pytest_django.fixtures import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member
    from tests.support.browser import OpenPage
    from tests.support.cast import MakeCommunity, Units

pytestmark = pytest.mark.django_db
PAGE = "/communities/flowers/report/"
WEEK = "2026-W02"
"""The week in which the cast's members came."""


@pytest.fixture
def talk(members: list[Member], group: Group) -> None:
    """小美 and 阿强 speak on two days of the week in which they came."""
    zone = ZoneInfo("Asia/Shanghai")
    facts = [
        Fact(
            "spoke",
            datetime(2026, 1, day, 12, turn, tzinfo=zone),
            (name, day, turn),
            who=Who("wechat", name, ""),
            group_id=group.pk,
        )
        for name, day, turns in (("xiaomei", 5, 3), ("aqiang", 7, 2))
        for turn in range(turns)
    ]
    record(facts, community=group.community, source="tests")


def test_the_frame_names_the_week_and_leads_to_its_neighbours(
    client_for: Callable[..., Client], lead: Staff, talk: None
) -> None:
    answer = client_for(lead).get(PAGE, {"period": WEEK})
    text = answer.content.decode()
    assert (answer.status_code, answer.context["span"].name) == (200, WEEK)
    assert 'href="?period=2026-W01"' in text
    assert 'href="?period=2026-W03"' in text
    assert f'hx-get="{PAGE}sheet/?period={WEEK}"' in text
    assert f'href="{PAGE}{WEEK}.pdf"' in text


def test_without_a_week_the_report_is_of_the_last_that_has_facts(
    client_for: Callable[..., Client], lead: Staff, talk: None
) -> None:
    assert client_for(lead).get(PAGE).context["span"].name == WEEK
    assert client_for(lead).get(PAGE, {"day": "2026-01-14"}).context["span"].name == "2026-W03"


def test_the_sheet_is_the_report_in_the_readers_language(
    client_for: Callable[..., Client], lead: Staff, talk: None
) -> None:
    chinese = client_for(lead).get(f"{PAGE}sheet/", {"period": WEEK}).content.decode()
    assert "本周结束时有3人在群" in chinese
    assert "新来：小丽、小美、阿强。" in chinese
    english = client_for(lead, language="en").get(f"{PAGE}sheet/", {"period": WEEK}).content.decode()
    assert "3 members at the end of the week" in english


def test_who_may_not_see_members_reads_no_names(client_for: Callable[..., Client], units: Units, talk: None) -> None:
    finance = create_staff("finance", name="财务", password=PASSWORD, by=TESTS)
    grant_role(finance, role="finance", unit=units.shop, by=TESTS)
    client = client_for(finance)
    sheet = client.get(f"{PAGE}sheet/", {"period": WEEK}).content.decode()
    taken = client.get(f"{PAGE}{WEEK}.html").content.decode()
    assert ["新来3人" in sheet, "小美" in sheet, "小美" in taken] == [True, False, False]


@pytest.mark.parametrize(("form", "kind"), [("html", "text/html; charset=utf-8"), ("pdf", "application/pdf")])
def test_a_file_is_handed_over_and_written_down(
    client_for: Callable[..., Client], lead: Staff, talk: None, form: str, kind: str
) -> None:
    answer = client_for(lead).get(f"{PAGE}{WEEK}.{form}")
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%8A%B1")
    assert Act.objects.filter(verb="reports.export", actor=lead.actor_key).count() == 1


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}sheet/", f"{PAGE}{WEEK}.pdf", f"{PAGE}{WEEK}.html"])
def test_for_an_outsider_there_is_no_such_community(
    client_for: Callable[..., Client], outsider: Staff, community: Community, path: str
) -> None:
    assert client_for(outsider).get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"{PAGE}?period=soon", 400, "“soon”不是报告的周期"),
        (f"{PAGE}?period=2199-W01", 400, "2199-W01这一周还没开始"),
        (f"{PAGE}?day=soon", 400, "“soon”不是日期"),
        (f"{PAGE}sheet/?period=soon", 400, "“soon”不是报告的周期"),
        (f"{PAGE}2026-W99.pdf", 400, "“2026-W99”不是报告的周期"),
        (f"{PAGE}2026-W02.odt", 404, "报告有html、pdf、docx和xlsx四种格式"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(
    client_for: Callable[..., Client], lead: Staff, community: Community, path: str, status: int, words: str
) -> None:
    answer = client_for(lead).get(path)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)


def test_a_week_without_records_says_where_they_are(client_for: Callable[..., Client], lead: Staff, talk: None) -> None:
    text = client_for(lead).get(f"{PAGE}sheet/", {"period": "2020-W40"}).content.decode()
    assert "这一周没有任何记录。这个社群的记录从2026年1月5日 周一到2026年1月7日 周三。" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_communities_asks_the_same_number_of_questions(
    client_for: Callable[..., Client],
    lead: Staff,
    make_community: MakeCommunity,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for _row in range(rows):
        make_community()
    client = client_for(lead)
    client.get("/report/")
    with django_assert_num_queries(6):
        text = client.get("/report/").content.decode()
    assert text.count('/report/"') >= rows


def test_without_a_community_the_first_step_is_offered(client_for: Callable[..., Client], lead: Staff) -> None:
    assert "没有可写的内容" in client_for(lead).get("/report/").content.decode()


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("report", {}),
        ("report-dark", {"theme": "dark"}),
        ("report-en", {"language": "en"}),
        ("report-phone", {"viewport": (390, 844)}),
    ],
)
def test_the_report_is_drawn_in_a_browser(
    open_page: OpenPage,
    lead: Staff,
    talk: None,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
    name: str,
    look: dict[str, object],
) -> None:
    page = open_page(f"{PAGE}?period={WEEK}", staff=lead, **look)  # type: ignore[arg-type]
    page.locator("article.report").wait_for()
    assert page.locator(".report-picture").count() >= 2
    assert_fits(page)
    assert_accessible(page)
    snap(page, name)
