"""Requests are due in time, corrections keep what was there, and the register says how each ended."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.utils import timezone, translation

from qunying.ground.audit.models import Act
from qunying.ground.members.models import Identity, Member, PrivateField
from qunying.ground.members.services_private import set_private_field, unmask_private_field
from qunying.ground.privacy.services import freeze_member, give_consent
from qunying.ground.subjects.holdings import all_holdings
from qunying.ground.subjects.holdings_people import open_correction
from qunying.ground.subjects.models import SubjectRequest
from qunying.ground.subjects.queries import overdue, requests_for
from qunying.ground.subjects.services import close_request, correct_member, take_request
from qunying.ground.subjects.telling import export_member
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.holidays import after_workdays
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db


def test_fifteen_working_days_pass_over_the_days_off_of_the_spring_festival() -> None:
    # 2026: off from 15 to 23 February; Saturdays 14 and 28 February are made up for.
    assert after_workdays(date(2026, 2, 9), 15) == date(2026, 3, 6)


def test_years_without_a_calendar_have_monday_to_friday() -> None:
    assert after_workdays(date(2050, 1, 3), 5) == date(2050, 1, 10)


def test_a_request_is_due_after_fifteen_working_days(xiaomei: Member, director: Staff) -> None:
    request = take_request(xiaomei, kind="export", by=director, received=date(2026, 2, 9), note="  by  telephone ")
    assert (request.due, request.note, request.state) == (date(2026, 3, 6), "by telephone", "open")
    assert list(overdue(SubjectRequest.objects.all(), date(2026, 3, 6))) == []
    assert list(overdue(SubjectRequest.objects.all(), date(2026, 3, 7))) == [request]


def test_it_refuses_a_day_to_come_and_a_kind_there_is_not(xiaomei: Member) -> None:
    with pytest.raises(QunyingError, match="still to come"):
        take_request(xiaomei, kind="export", by=TESTS, received=timezone.localdate() + timedelta(days=2))
    with pytest.raises(QunyingError, match="Choose what"):
        take_request(xiaomei, kind="gift", by=TESTS)


def test_a_request_is_closed_once_and_a_refusal_says_why(xiaomei: Member) -> None:
    request = take_request(xiaomei, kind="correction", by=TESTS)
    with pytest.raises(QunyingError, match="Say why"):
        close_request(request, by=TESTS, refused=True)
    close_request(request, by=TESTS, refused=True, answer="is right already")
    assert (request.state, request.answer, request.closed_by) == ("refused", "is right already", "system:tests")
    with pytest.raises(QunyingError, match="closed already"):
        close_request(request, by=TESTS)


def test_an_erasure_is_not_done_while_the_person_is_there(xiaomei: Member) -> None:
    request = take_request(xiaomei, kind="erasure", by=TESTS)
    with pytest.raises(QunyingError, match="not erased yet"):
        close_request(request, by=TESTS)


def test_a_correction_keeps_what_stood_there_encrypted(xiaomei: Member, director: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800000001", by=TESTS)
    request = take_request(xiaomei, kind="correction", by=director)
    made = correct_member(xiaomei, field="phone", value="138 0000 0002", by=director, request=request)
    renamed = correct_member(xiaomei, field="name", value="小美丽", by=director)
    assert (open_correction(made), open_correction(renamed)) == ("13800000001", "小美")
    assert b"13800000001" not in bytes(made.sealed)
    assert unmask_private_field(xiaomei, name="phone", by=director) == "13800000002"


def test_an_empty_value_clears_a_field_and_an_unknown_one_is_told(xiaomei: Member) -> None:
    set_private_field(xiaomei, name="phone", value="13800000001", by=TESTS)
    correct_member(xiaomei, field="phone", value="", by=TESTS)
    assert not PrivateField.objects.exists()
    with pytest.raises(NotFoundError):
        correct_member(xiaomei, field="phone", value="", by=TESTS)
    with pytest.raises(QunyingError, match="no private field"):
        correct_member(xiaomei, field="shoe_size", value="40", by=TESTS)


def test_requests_are_seen_where_one_handles_them(
    xiaomei: Member, director: Staff, lead: Staff, outsider: Staff
) -> None:
    request = take_request(xiaomei, kind="export", by=TESTS)
    assert [list(requests_for(person)) for person in (director, lead, outsider)] == [[request], [], []]


def test_the_export_tells_everything_and_is_written_down(xiaomei: Member, director: Staff) -> None:
    set_private_field(xiaomei, name="phone", value="13800000001", by=TESTS)
    unmask_private_field(xiaomei, name="phone", by=director)
    give_consent(xiaomei, purpose="phone", by=TESTS)
    freeze_member(xiaomei, reason="asked for it", by=TESTS)
    told = json.loads(export_member(xiaomei, form="json", by=director))
    assert set(told) - {"member", "made_at"} == {one.name for one in all_holdings()}
    assert told["accounts"][0]["account"] == "xiaomei"
    assert told["private"] == [{"field": "Telephone", "value": "13800000001"}]
    assert [(row["purpose"], row["given"]) for row in told["consents"]] == [("Calls and text messages", True)]
    assert [row["field"] for row in told["looks"]] == ["phone"]
    assert [row["reason"] for row in told["limits"]] == ["asked for it"]
    assert [row["group"] for row in told["stays"]] == ["花友一群"]
    assert Act.objects.filter(verb="subjects.export", subject_id=str(xiaomei.pk)).count() == 1


def test_the_page_is_one_file_in_the_language_of_the_reader(xiaomei: Member, director: Staff) -> None:
    xiaomei.display_name = "<b>小美"
    xiaomei.save()
    with translation.override("zh-hans"):
        page = export_member(xiaomei, form="html", by=director).decode()
    assert 'lang="zh-hans"' in page
    assert "我们掌握的你的全部信息" in page
    assert "&lt;b&gt;小美" in page
    assert "<script" not in page
    assert "http" not in page.split("</head>", 1)[1]


def test_every_table_that_refers_to_a_person_says_what_becomes_of_it() -> None:
    spoken_for = {label for one in all_holdings() for label in one.models}
    refer = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model in {Member, Identity}
    }
    assert refer - spoken_for == set()
