"""CHROMIUM has the first word on which browser is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.find_chromium import find_chromium

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_it_takes_the_one_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "browser"
    named.touch()
    monkeypatch.setenv("CHROMIUM", str(named))
    assert find_chromium() == str(named)


def test_it_takes_no_other_where_the_named_one_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))
    assert find_chromium() is None
