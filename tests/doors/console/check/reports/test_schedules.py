from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from qunying.check.reports.models import MadeReport, ReportSchedule
from qunying.check.reports.services_schedules import make_scheduled, schedule_report
from qunying.check.reports.spans import read_span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from playwright.sync_api import Page
    from pytest_django import DjangoCaptureOnCommitCallbacks
    from pytest_django.fixtures import DjangoAssertNumQueries, SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db
PAGE = "/report/schedules/"
NEW = "/communities/flowers/report/schedules/new/"


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: SettingsWrapper) -> None:
    settings.UPLOADS = tmp_path / "files"


def _schedule(community: Community, by: Staff, **more: object) -> ReportSchedule:
    given = {"grain": "week", "form": "html", "language": "zh-hans", "recipients": [], **more}
    return schedule_report(community, **given, by=by)  # type: ignore[arg-type]


def test_without_a_schedule_the_first_step_is_offered(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    assert "还没有定时报告" in client_for(lead).get(PAGE).content.decode()


def test_a_schedule_is_made_in_a_form(client_for: Callable[..., Client], lead: Staff, community: Community) -> None:
    given = {"grain": "month", "form": "docx", "language": "en", "recipients": "a@example.com；b@example.com"}
    answer = client_for(lead).post(NEW, given)
    schedule = ReportSchedule.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert (schedule.grain, schedule.form, schedule.language) == ("month", "docx", "en")
    assert schedule.recipients == ["a@example.com", "b@example.com"]


def test_what_is_no_address_is_said_on_the_form(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    given = {"grain": "week", "form": "pdf", "language": "en", "recipients": "nobody"}
    answer = client_for(lead).post(NEW, given)
    assert (answer.status_code, "“nobody”不是邮箱地址" in answer.content.decode()) == (400, True)


def test_a_made_report_can_be_taken_away_by_those_who_see_the_community(
    client_for: Callable[..., Client], lead: Staff, reviewer: Staff, outsider: Staff, community: Community
) -> None:
    made = make_scheduled(_schedule(community, lead), span=read_span("2026-W02"), by=lead)
    answer = client_for(reviewer).get(f"/report/made/{made.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"<!doctype html>")
    assert client_for(outsider).get(f"/report/made/{made.pk}/").status_code == 404
    assert "2026-W02" not in client_for(outsider).get(PAGE).content.decode()


def test_it_is_paused_resumed_and_made_at_once(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    schedule = _schedule(community, lead)
    client = client_for(lead)
    client.post(f"{PAGE}{schedule.pk}/pause/")
    assert "已暂停" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}{schedule.pk}/resume/")
    client.post(f"{PAGE}{schedule.pk}/make/")
    schedule.refresh_from_db()
    assert (schedule.paused_at, MadeReport.objects.count()) == (None, 1)


def test_a_mail_that_failed_says_why_and_offers_another_try(
    client_for: Callable[..., Client],
    lead: Staff,
    community: Community,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    schedule = _schedule(community, lead, recipients=["a@example.com"])
    with django_capture_on_commit_callbacks(execute=True):
        made = make_scheduled(schedule, span=read_span("2026-W02"), by=lead)
    text = client_for(lead).get(PAGE).content.decode()
    assert (made.mail_error in text, f'action="/report/made/{made.pk}/send/"' in text) == (True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    client_for: Callable[..., Client],
    lead: Staff,
    community: Community,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for number in range(rows):
        schedule = _schedule(community, lead)
        MadeReport.objects.create(
            schedule=schedule,
            community=community,
            grain="week",
            period=f"2026-W0{number + 1}",
            form="html",
            language="en",
            size=1,
            made_at=datetime(2026, 3, 2, tzinfo=UTC),
        )
    client = client_for(lead)
    client.get(PAGE)
    with django_assert_num_queries(10):
        text = client.get(PAGE).content.decode()
    assert text.count("/make/") == rows


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_the_schedules_are_drawn_in_a_browser(
    open_page: OpenPage,
    lead: Staff,
    community: Community,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    schedule = _schedule(community, lead, recipients=["a@example.com"])
    make_scheduled(schedule, span=read_span("2026-W02"), by=lead)
    page = open_page(PAGE, staff=lead)
    page.locator("table.list-table").first.wait_for()
    assert page.locator("table.list-table").count() == 2
    assert_fits(page)
    assert_accessible(page)
    snap(page, "report-schedules")
