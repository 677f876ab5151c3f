"""Scheduled reports for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail

from qunying.check.reports.models import MadeReport, ReportSchedule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django import DjangoCaptureOnCommitCallbacks
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/report-schedules"
WEEKLY = {"grain": "week", "form": "html", "language": "en"}


@pytest.fixture
def schedule(program: Program, community: Community) -> int:
    answer = program.post(PLACE, WEEKLY)
    assert answer.status_code == 201, answer.content.decode()
    number: int = answer.json()["id"]
    assert answer["Location"] == f"/api/v1/report-schedules/{number}"
    return number


def test_a_schedule_is_paused_and_goes_on(program: Program, schedule: int) -> None:
    address = f"report-schedules/{schedule}"
    assert program.get(address)["next"]
    paused = program.post(f"{address}/pause", None).json()
    assert (bool(paused["paused_at"]), paused["next"]) == (True, None)
    assert program.post(f"{address}/pause", None).status_code == 400
    assert program.post(f"{address}/resume", None).json()["paused_at"] is None
    assert [one["id"] for one in program.get("report-schedules?community=flowers")["items"]] == [schedule]


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"grain": "day"}, 422, "body.grain"),
        ({"language": "fr"}, 422, "body.language"),
        ({"recipients": [""]}, 422, "body.recipients.0"),
        ({"recipients": ["lili"]}, 400, None),
    ],
)
def test_what_cannot_be_scheduled_is_refused(
    more: dict[str, Any], status: int, field: str | None, program: Program, community: Community
) -> None:
    answer = program.post(PLACE, WEEKLY | more)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (status, [field] if field else [])
    assert ReportSchedule.objects.count() == 0


def test_a_report_is_made_once_and_taken_away(
    program: Program, stranger: Program, schedule: int, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.UPLOADS = tmp_path
    made = [program.post(f"report-schedules/{schedule}/make", None).json()["id"] for _n in range(2)]
    assert made == [MadeReport.objects.get().pk] * 2
    [told] = program.get("made-reports")["items"]
    assert (told["id"], told["form"], told["mail"], told["error"]) == (made[0], "html", "none", "")
    file = program.send("GET", f"made-reports/{made[0]}/file")
    assert (file.status_code, file["Content-Type"]) == (200, "text/html")
    assert program.post(f"made-reports/{made[0]}/send", None).json()["mail"] == "none"
    assert stranger.send("GET", f"made-reports/{made[0]}/file").status_code == 404
    assert stranger.post(f"made-reports/{made[0]}/send", None).status_code == 404


def test_who_may_not_hand_reports_out_finds_nothing(
    schedule: int, stranger: Program, director: Staff, units: Units, make_program: Callable[..., Program]
) -> None:
    reader = make_program(director, units.shop, ["figures.see"])
    acts = [(PLACE, WEEKLY), *((f"report-schedules/{schedule}/{act}", None) for act in ("pause", "resume", "make"))]
    for address, body in acts:
        assert [one.post(address, body).status_code for one in (reader, stranger)] == [404, 404]
    assert reader.send("GET", f"report-schedules/{schedule}").status_code == 200


def test_mail_of_a_request_that_acts_once_goes_out_when_it_is_kept(
    program: Program,
    community: Community,
    settings: SettingsWrapper,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.UPLOADS, settings.EMAIL_HOST = tmp_path, "mail.example.com"
    schedule = program.post(PLACE, WEEKLY | {"recipients": ["lili@example.com"]}).json()["id"]
    with django_capture_on_commit_callbacks(execute=True):
        told = program.post(f"report-schedules/{schedule}/make", None, Idempotency_Key="monday").json()
        assert (told["mail"], mail.outbox) == ("waiting", [])
    again = program.post(f"report-schedules/{schedule}/make", None, Idempotency_Key="monday")
    assert (again["Idempotent-Replayed"], len(mail.outbox)) == ("true", 1)
    assert program.get("made-reports")["items"][0]["mail"] == "sent"
