from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from docx import Document

from qunying.check.reports.jobs import start_where_due
from qunying.check.reports.models import MadeReport, ReportSchedule
from qunying.check.reports.schedules import due_schedules, next_morning, path_of, span_to_make
from qunying.check.reports.services_schedules import (
    make_scheduled,
    pause_schedule,
    read_recipients,
    resume_schedule,
    schedule_report,
    send_made,
)
from qunying.check.reports.spans import read_span
from qunying.ground.audit.models import Act
from qunying.ground.jobs.services import run_to_end
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoCaptureOnCommitCallbacks as Committed
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Committed) -> Committed:
    """Where a transaction ends: mail goes out after it."""
    return django_capture_on_commit_callbacks


WEEK = read_span("2026-W10")


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: SettingsWrapper) -> None:
    settings.UPLOADS = tmp_path / "files"


def _scheduled(shop: Stage, lead: Staff, **more: object) -> ReportSchedule:
    given = {"grain": "week", "form": "docx", "language": "zh-hans", "recipients": [], **more}
    return schedule_report(shop.community, **given, by=lead)  # type: ignore[arg-type]


def _since(schedule: ReportSchedule, moment: datetime) -> ReportSchedule:
    ReportSchedule.objects.filter(pk=schedule.pk).update(since=moment)
    schedule.refresh_from_db()
    return schedule


def test_a_schedule_is_set_up_and_written_down(shop: Stage, lead: Staff) -> None:
    schedule = _scheduled(shop, lead, recipients=["A@example.com", "a@example.com", " b@example.com "])
    assert schedule.recipients == ["a@example.com", "b@example.com"]
    act = Act.objects.get(verb="reports.schedule")
    assert (act.actor, act.details["recipients"]) == (lead.actor_key, 2)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"grain": "year"}, "from those offered"),
        ({"form": "odt"}, "from those offered"),
        ({"language": "fr"}, "from those offered"),
        ({"recipients": ["nobody"]}, "“nobody” is no e-mail address"),
        ({"recipients": [f"a{number}@example.com" for number in range(21)]}, "at most 20 addresses"),
    ],
)
def test_it_refuses_what_it_cannot_do(shop: Stage, lead: Staff, more: dict[str, object], words: str) -> None:
    with pytest.raises(QunyingError, match=words):
        _scheduled(shop, lead, **more)
    assert not ReportSchedule.objects.exists()


def test_addresses_are_read_as_people_write_them() -> None:
    assert read_recipients("a@x.cn, b@x.cn；c@x.cn\nd@x.cn") == ["a@x.cn", "b@x.cn", "c@x.cn", "d@x.cn"]


@pytest.mark.parametrize(
    ("grain", "before", "after", "names"),
    [
        (
            "week",
            datetime(2026, 3, 8, 22, 59, tzinfo=UTC),
            datetime(2026, 3, 8, 23, 0, tzinfo=UTC),
            ("2026-W09", "2026-W10"),
        ),
        (
            "month",
            datetime(2026, 2, 28, 22, 59, tzinfo=UTC),
            datetime(2026, 2, 28, 23, 0, tzinfo=UTC),
            ("2026-01", "2026-02"),
        ),
        (
            "quarter",
            datetime(2026, 3, 31, 22, 59, tzinfo=UTC),
            datetime(2026, 3, 31, 23, 0, tzinfo=UTC),
            ("2025-Q4", "2026-Q1"),
        ),
    ],
)
def test_its_time_is_seven_in_the_morning_after_the_period_local(
    shop: Stage, lead: Staff, grain: str, before: datetime, after: datetime, names: tuple[str, str]
) -> None:
    schedule = _scheduled(shop, lead, grain=grain)
    assert (span_to_make(schedule, now=before).name, span_to_make(schedule, now=after).name) == names
    assert next_morning(schedule, now=before) == after


def test_the_first_report_is_of_the_period_that_ends_after_the_schedule_was_set_up(shop: Stage, lead: Staff) -> None:
    schedule = _since(_scheduled(shop, lead), datetime(2026, 3, 4, tzinfo=UTC))
    assert due_schedules(now=datetime(2026, 3, 8, 22, 0, tzinfo=UTC)) == []
    assert due_schedules(now=datetime(2026, 3, 8, 23, 0, tzinfo=UTC)) == [schedule]


def test_a_period_is_made_once(shop: Stage, lead: Staff) -> None:
    schedule = _since(_scheduled(shop, lead), datetime(2026, 3, 4, tzinfo=UTC))
    first = make_scheduled(schedule, span=WEEK, by=lead)
    again = make_scheduled(schedule, span=WEEK, by=lead)
    assert (first.pk, first.size) == (again.pk, path_of(first).stat().st_size)
    assert (MadeReport.objects.count(), Act.objects.filter(verb="reports.make").count()) == (1, 1)
    assert due_schedules(now=datetime(2026, 3, 9, tzinfo=UTC)) == []


def test_a_made_report_bears_no_names_and_speaks_the_language_asked_for(shop: Stage, lead: Staff) -> None:
    made = make_scheduled(_scheduled(shop, lead), span=WEEK, by=lead)
    text = "".join(one.text for one in Document(str(path_of(made))).paragraphs)
    assert ("社群周报" in text, "小美" in text) == (True, False)


def test_the_job_makes_what_is_due_and_then_rests(shop: Stage, lead: Staff) -> None:
    _since(_scheduled(shop, lead, form="html"), datetime(2026, 3, 4, tzinfo=UTC))
    job = start_where_due()
    assert job is not None
    assert start_where_due() is None
    run_to_end(job)
    assert MadeReport.objects.count() == 1
    assert start_where_due() is None


def test_mail_goes_out_with_the_file_and_is_shown_as_sent(
    shop: Stage, lead: Staff, settings: SettingsWrapper, committed: Committed
) -> None:
    settings.EMAIL_HOST = "mail.example.com"
    schedule = _scheduled(shop, lead, form="html", recipients=["boss@example.com"])
    with committed(execute=True):
        made = make_scheduled(schedule, span=WEEK, by=lead)
        make_scheduled(schedule, span=WEEK, by=lead)
        assert (made.mail, len(mail.outbox)) == ("waiting", 0)
    with committed(execute=True):
        send_made(made, by=lead)
    assert (made.mail, len(mail.outbox)) == ("sent", 1)
    letter = mail.outbox[0]
    assert (letter.subject, letter.to) == ("花友会：社群周报，2026年第10周", ["boss@example.com"])
    name, content, kind = letter.attachments[0]
    assert (name, kind) == ("flowers-2026-W10.html", "text/html")
    assert str(content).startswith("<!doctype html>")


def test_without_a_mail_server_the_file_is_kept_and_the_row_says_what_to_do(
    shop: Stage, lead: Staff, committed: Committed
) -> None:
    with committed(execute=True):
        made = make_scheduled(_scheduled(shop, lead, recipients=["boss@example.com"]), span=WEEK, by=lead)
    assert (made.mail, path_of(made).is_file(), mail.outbox) == ("failed", True, [])
    assert made.mail_error.startswith("Mail is not set up on this installation: name a server in QUNYING_MAIL.")


def test_a_server_that_does_not_answer_leaves_the_file_and_can_be_tried_again(
    shop: Stage, lead: Staff, settings: SettingsWrapper, committed: Committed
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with committed(execute=True):
        made = make_scheduled(_scheduled(shop, lead, recipients=["boss@example.com"]), span=WEEK, by=lead)
    assert (made.mail, made.mail_error[:34]) == ("failed", "The mail server did not take it: [")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with committed(execute=True):
        send_made(made, by=lead)
    assert (made.mail, made.mail_error, len(mail.outbox)) == ("sent", "", 1)


def test_what_cannot_be_made_says_why_and_is_tried_again(
    shop: Stage, lead: Staff, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.LOGO = str(tmp_path / "nowhere.png")
    schedule = _scheduled(shop, lead)
    made = make_scheduled(schedule, span=WEEK, by=lead)
    assert (made.size, "nowhere.png" in made.error) == (0, True)
    settings.LOGO = ""
    made = make_scheduled(schedule, span=WEEK, by=lead)
    assert (made.size > 0, made.error, MadeReport.objects.count()) == (True, "", 1)


def test_a_paused_schedule_makes_nothing_and_what_fell_into_the_pause_is_not_made_up(shop: Stage, lead: Staff) -> None:
    schedule = _since(_scheduled(shop, lead), datetime(2026, 3, 4, tzinfo=UTC))
    monday = datetime(2026, 3, 9, tzinfo=UTC)
    pause_schedule(schedule, by=lead)
    assert due_schedules(now=monday) == []
    with pytest.raises(QunyingError, match="paused already"):
        pause_schedule(schedule, by=lead)
    resume_schedule(schedule, by=lead)
    assert due_schedules(now=monday) == []
    with pytest.raises(QunyingError, match="running already"):
        resume_schedule(schedule, by=lead)
    assert list(Act.objects.filter(verb__startswith="reports.").values_list("verb", flat=True).order_by("pk")) == [
        "reports.schedule",
        "reports.pause",
        "reports.resume",
    ]
