"""Texts checked from the command line."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from qunying.doors.cli.main import main
from qunying.plan.compliance.services import ship_lists
from tests.support.cast import TESTS
from tests.support.words import make_words

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")


def test_what_must_be_changed_fails_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ship_lists(by=TESTS)
    (tmp_path / "text").write_text("早上好\n全城最佳花店，独家花材\n", encoding="gb18030")
    assert main(["check-text", str(tmp_path / "text")]) == 1
    first, second, end = capsys.readouterr().out.splitlines()
    assert first.startswith("2:3  最佳  must be changed  Advertising Law, article 9 (3)")
    assert first.endswith("  → 很好、很合适")
    assert second.startswith("2:8  独家  take another look  Advertising Law, article 11")
    assert end == "2 places were found, of which 1 must be changed."


def test_a_community_has_its_own_lists(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], community: Community, units: Units
) -> None:
    make_words(units.shop, "亲")
    (tmp_path / "text").write_text("亲", encoding="utf-8")
    asked = ["check-text", str(tmp_path / "text"), "--json"]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out) == {"findings": [], "stops": 0}
    assert main([*asked, "--community", "flowers"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["findings"][0]["excerpt"], told["stops"]) == ("亲", 0)


def test_what_is_piped_in_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, units: Units
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("今早到店".encode())))
    assert main(["check-text", "-"]) == 0
    assert capsys.readouterr().out == "Nothing was found.\n"


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-text", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.startswith("There is no file")
