"""A new password from the command line, for whoever forgot theirs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator

from qunying.doors.cli.main import main
from qunying.ground.access.services import deactivate_staff
from qunying.ground.audit.models import Act
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")


def test_it_makes_a_password_prints_it_once_and_writes_that_down(
    lead: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["staff", "password", "LEAD", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    lead.refresh_from_db()
    assert lead.check_password(told.pop("password"))
    assert told == {"username": "lead", "active": True}
    act = Act.objects.latest("pk")
    assert (act.verb, act.actor, act.subject_id, act.details) == ("staff.password", "system:cli", str(lead.pk), {})


def test_it_sets_the_one_it_asked_for_and_does_not_print_it(
    lead: Staff, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_words, **_options: "kranich-am-westsee")
    assert main(["staff", "password", "lead", "--ask"]) == 0
    assert "kranich" not in capsys.readouterr().out
    lead.refresh_from_db()
    assert lead.check_password("kranich-am-westsee")


def test_it_refuses_a_weak_one_and_keeps_the_old(
    lead: Staff, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lead.password
    monkeypatch.setattr("typer.prompt", lambda *_words, **_options: "12345")
    assert main(["staff", "password", "lead", "--ask", "--second-step-off"]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    lead.refresh_from_db()
    assert lead.password == before


def test_it_takes_the_second_step_off_where_asked(lead: Staff) -> None:
    Authenticator.objects.create(user=lead, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert main(["staff", "password", "lead"]) == 0
    assert Authenticator.objects.count() == 1
    assert main(["staff", "password", "lead", "--second-step-off"]) == 0
    assert Authenticator.objects.count() == 0


def test_it_names_those_there_are_where_nobody_signs_in_so(lead: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "password", "nobody"]) == 1
    assert capsys.readouterr() == ("", "Nobody signs in as “nobody”. The sign-in names are: lead.\n")


def test_it_says_that_a_closed_account_stays_closed(lead: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    deactivate_staff(lead, by=TESTS)
    assert main(["staff", "password", "lead"]) == 0
    assert "The account is closed all the same" in capsys.readouterr().out
