"""Tables that people upload: which cells stand under which name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.kit import uploaded
from qunying.kit.errors import QunyingError
from qunying.kit.uploaded import named_cells, sheet_rows

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {"word": ("word", "词"), "why": ("why", "原因")}


def cells(path: Path, text: str, *, name: str = "a.csv", tabs: bool = False) -> list[tuple[int, dict[str, str]]]:
    path.write_text(text, encoding="utf-8")
    return list(named_cells(sheet_rows(path, name=name, tabs=tabs), COLUMNS, needed="word"))


def test_headings_say_which_column_is_which(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert cells(path, "原因,词\n因为,最佳\n") == [(2, {"word": "最佳", "why": "因为"})]
    assert cells(path, "最佳,'=因为\n") == [(1, {"word": "最佳", "why": "=因为"})]
    assert cells(path, "最佳\t因为,所以\n", name="a.txt", tabs=True) == [(1, {"word": "最佳", "why": "因为,所以"})]
    assert cells(path, "") == []


def test_it_refuses_what_is_too_large_or_not_what_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_text("最佳", encoding="utf-8")
    with pytest.raises(QunyingError, match="not a workbook"):
        sheet_rows(path, name="a.xlsx")
    monkeypatch.setattr(uploaded, "LARGEST", 3)
    with pytest.raises(QunyingError, match="Divide"):
        sheet_rows(path, name="a.csv")
