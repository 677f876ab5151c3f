"""The staff from the command line: who there is, the way in, and the way back in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from qunying.doors.cli.main import main
from qunying.ground.access.models import Invitation
from qunying.ground.access.queries import locked_until
from qunying.ground.access.services import deactivate_staff
from qunying.ground.access.services_invitations import accept_invitation
from qunying.ground.access.services_locks import FREE_FOR_A_NAME, check_not_locked, note_failure
from qunying.ground.audit.models import Act
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")


def lock_out(person: Staff) -> None:
    for _failure in range(FREE_FOR_A_NAME + 1):
        note_failure(person.username, address="10.0.0.9", device="")


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


def test_the_list_tells_roles_and_who_cannot_sign_in(
    director: Staff, lead: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    lock_out(lead)
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "director  总监  Director @ 总部  password alone",
        "lead  群主  Group lead @ 花店一店  too many failures; “qunying staff unlock lead” opens it",
    ]
    deactivate_staff(lead, by=TESTS)
    assert main(["staff", "list", "--json"]) == 0
    people = json.loads(capsys.readouterr().out)["staff"]
    assert people[0] == {
        "username": "director",
        "name": "总监",
        "email": "",
        "active": True,
        "two_factor": False,
        "locked_until": None,
        "last_sign_in": None,
        "roles": [{"role": "director", "label": "Director", "unit": "总部"}],
    }
    assert (people[1]["active"], people[1]["locked_until"] is None) == (False, False)


def test_an_invitation_prints_a_link_that_lets_one_person_join(
    director: Staff, units: Units, capsys: pytest.CaptureFixture[str], settings: SettingsWrapper
) -> None:
    settings.PUBLIC_URL = "https://qunying.example.com/"
    options = ["--unit", "花店一店", "--email", "new@example.com", "--days", "2", "--json"]
    assert main(["staff", "invite", "specialist", *options]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["link"].startswith("https://qunying.example.com/")
    secret = made["link"].rstrip("/").rpartition("/")[2]
    assert made["link"].endswith(reverse("join", args=[secret]))
    joined = accept_invitation(secret, username="new", name="新人", password=PASSWORD, language="en")
    assert list(joined.grants.values_list("role", "unit")) == [("specialist", units.shop.pk)]
    act = Act.objects.get(verb="staff.invite")
    details = {"role": "specialist", "unit": units.shop.pk, "days": 2, "inviter": director.pk}
    assert (act.actor, act.details, made["invited_by"]) == ("system:cli", details, "director")


def test_a_link_says_where_its_beginning_comes_from(director: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "invite", "Specialist"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.partition("http://127.0.0.1:8000/")[0].startswith("Specialist in “总部”, until ")
    assert second == "Where Qunying is reached at another address, put that in front, or set QUNYING_PUBLIC_URL."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["king"], "There is no role “king”. Those there are: director, lead, "),
        (["director", "--as", "lead"], "群主 may not give the role “Director” in “总部”: it may do more"),
        (["specialist", "--days", "31"], "An invitation lives 1 to 30 days."),
        (["specialist", "--email", "nowhere"], "“nowhere” is not an e-mail address."),
        (["specialist", "--as", "nobody"], "Nobody signs in as “nobody”."),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_in_one_sentence(
    director: Staff, lead: Staff, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["staff", "invite", *arguments]) == 1
    out, err = capsys.readouterr()
    assert (out, err.startswith(sentence), err.count("\n"), Invitation.objects.count()) == ("", True, 1, 0)


def test_unlocking_opens_an_account_that_failures_closed(lead: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    lock_out(lead)
    assert main(["staff", "unlock", "LEAD"]) == 0
    assert capsys.readouterr().out == "lead can try to sign in again at once.\n"
    assert locked_until(lead) is None
    check_not_locked("lead", address="10.0.0.9", device="")
    assert list(Act.objects.filter(verb="staff.unlock").values_list("actor", "subject_id")) == [
        ("system:cli", str(lead.pk))
    ]
    assert main(["staff", "unlock", "lead", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"username": "lead", "was_locked_until": None, "active": True}
    assert Act.objects.filter(verb="staff.unlock").count() == 1


def test_unlocking_a_closed_account_says_that_it_stays_closed(lead: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    deactivate_staff(lead, by=TESTS)
    assert main(["staff", "unlock", "lead"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "lead was not locked out.",
        "The account is closed all the same; a director opens it on the page of the staff.",
    ]
