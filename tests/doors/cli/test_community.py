"""Communities from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qunying.doors.cli.main import main
from qunying.ground.groups.models import Community

if TYPE_CHECKING:
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
CREATE = ["community", "create", "roses", "--name", "玫瑰会"]


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")


def test_create_makes_it_in_the_first_unit(units: Units, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CREATE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "slug": "roses", "name": "玫瑰会", "unit": "总部", "timezone": "Asia/Shanghai", "currency": "CNY",
    }  # fmt: skip
    assert Community.objects.get().unit == units.headquarters


def test_create_takes_unit_zone_and_currency(units: Units, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CREATE, "--unit", "花店一店", "--timezone", "Europe/London", "--currency", "gbp"]) == 0
    made = Community.objects.get()
    assert (made.unit, made.timezone, made.currency) == (units.shop, "Europe/London", "GBP")
    assert capsys.readouterr().out == "“玫瑰会” is made. Its short name is roses.\n"


def test_a_unit_can_be_given_by_its_id(units: Units) -> None:
    assert main([*CREATE, "--unit", str(units.south.pk)]) == 0
    assert Community.objects.get().unit == units.south


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--unit", "华北区"], "There is no unit “华北区”. Those there are:"),
        (["--timezone", "Peking"], "“Peking” is not a time zone."),
        (["--currency", "RMB"], "“RMB” is not a currency."),
    ],
)
def test_create_says_what_is_wrong(
    units: Units, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    assert main([*CREATE, *more]) == 1
    said = capsys.readouterr()
    assert (said.out, sentence in said.err, Community.objects.count()) == ("", True, 0)


def test_create_without_any_unit_says_what_to_run(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CREATE) == 1
    assert "qunying init" in capsys.readouterr().err


def test_two_units_of_one_name_need_the_id(units: Units, capsys: pytest.CaptureFixture[str]) -> None:
    type(units.south).objects.filter(pk=units.south.pk).update(name="花店一店")
    assert main([*CREATE, "--unit", "花店一店"]) == 1
    assert "Give the id instead" in capsys.readouterr().err


def test_list_names_groups_and_members(xiaomei: Member, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["community", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["communities"]
    assert [(row["slug"], row["unit"], row["groups"], row["present"]) for row in rows] == [
        ("flowers", "花店一店", 1, 1)
    ]
    assert main(["community", "list"]) == 0
    assert capsys.readouterr().out == "flowers  花友会  花店一店  1 members now\n"


def test_list_without_any_offers_the_first_step(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["community", "list"]) == 0
    assert "qunying community create" in capsys.readouterr().out
