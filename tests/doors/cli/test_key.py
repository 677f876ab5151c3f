"""API keys from the command line: shown once, answered for by a person, revoked by their beginning."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from qunying.doors.cli.main import main
from qunying.ground.access.models import ApiKey
from qunying.ground.access.services_keys import authenticate_key
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def make(*options: str) -> int:
    return main(["key", "create", "收银", "--scope", "figures.see", "--json", *options])


def test_it_prints_a_key_that_opens_what_was_asked_for(
    director: Staff, units: Units, capsys: pytest.CaptureFixture[str]
) -> None:
    before = timezone.now()
    assert make("--scope", "members.see", "--unit", "花店一店", "--days", "30") == 0
    made = told(capsys)
    key = authenticate_key(made["key"])
    assert (key.owner, key.unit, key.scopes) == (director, units.shop, ["figures.see", "members.see"])
    assert key.expires_at is not None
    assert timedelta(days=30) <= key.expires_at - before < timedelta(days=30, minutes=5)
    assert (made["state"], made["prefix"], made["owner"]) == ("open", key.prefix, "director")
    act = Act.objects.get(verb="keys.create")
    details = {"unit": units.shop.pk, "scopes": key.scopes, "days": 30, "owner": director.pk}
    assert (act.actor, act.subject_id, act.details) == ("system:cli", str(key.pk), details)


def test_a_key_can_live_until_it_is_revoked(director: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("--days", "0") == 0
    assert told(capsys)["expires_at"] is None


def test_no_key_may_do_more_than_who_answers_for_it(
    director: Staff, reviewer: Staff, lead: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make("--owner", "reviewer", "--unit", "花店一店") == 1
    assert capsys.readouterr() == (
        "",
        "审核员 may not make a key that does all this in “花店一店”: a key may do only what its owner may.\n",
    )
    assert make("--owner", "lead", "--unit", "华南区") == 1
    assert ApiKey.objects.count() == 0


def test_it_asks_in_whose_name_where_that_is_not_plain(
    director: Staff, outsider: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make() == 1
    sentence = "Say in whose name, with a sign-in name. Directors are: director, outsider.\n"
    assert capsys.readouterr() == ("", sentence)
    assert make("--owner", "director") == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--scope", "everything"],
            "A key knows nothing called “everything”. It may be given: figures.see, ",
        ),
        (["--scope", "staff.edit"], "A key knows nothing called “staff.edit”."),
        (["--unit", "月球"], "There is no unit “月球”. Those there are: "),
        (["--days", "731"], "A key lives 1 to 730 days."),
        (["--owner", "nobody"], "Nobody signs in as “nobody”. The sign-in names are: director."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    director: Staff, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    assert make(*options) == 1
    out, err = capsys.readouterr()
    assert (out, err.startswith(sentence), err.count("\n")) == ("", True, 1)
    assert ApiKey.objects.count() == 0


def test_the_list_names_keys_and_never_their_texts(director: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "list"]) == 0
    assert capsys.readouterr().out == "There is no key.\n"
    make()
    made = told(capsys)
    assert main(["key", "list"]) == 0
    assert capsys.readouterr().out == f"qy_{made['prefix']}  收银  总部  director  Open  figures.see\n"
    assert main(["key", "list", "--json"]) == 0
    made.pop("key")
    assert told(capsys) == {"keys": [made]}


def test_a_revoked_key_opens_nothing_and_is_listed_on_demand(
    director: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    make()
    made = told(capsys)
    assert main(["key", "revoke", f"qy_{made['prefix']}"]) == 0
    assert capsys.readouterr().out == "The key “收银” opens nothing any more.\n"
    with pytest.raises(NotAllowedError, match="was revoked"):
        authenticate_key(made["key"])
    assert main(["key", "revoke", made["prefix"], "--json"]) == 0
    assert told(capsys)["state"] == "revoked"
    assert list(Act.objects.filter(verb="keys.revoke").values_list("actor", flat=True)) == ["system:cli"]
    assert main(["key", "list", "--json"]) == 0
    assert told(capsys) == {"keys": []}
    assert main(["key", "list", "--all", "--json"]) == 0
    assert [key["state"] for key in told(capsys)["keys"]] == ["revoked"]


@pytest.mark.parametrize("beginning", ["qy_aaaaaaaa", "a", ""])
def test_revoking_names_the_list_where_no_key_begins_so(
    director: Staff, capsys: pytest.CaptureFixture[str], beginning: str
) -> None:
    assert main(["key", "revoke", beginning]) == 1
    sentence = "No key begins like this. “qunying key list --all” names those there are.\n"
    assert capsys.readouterr() == ("", sentence)
