"""Words as people bring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.kit import uploaded
from qunying.kit.errors import QunyingError
from qunying.kit.sheets import csv_lines, write_xlsx
from qunying.plan.compliance import reading
from qunying.plan.compliance.reading import Given, words_in_file, words_in_text

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = ["词", "原因", "改为", "例外"]
ROW = ["最佳", "广告法", "很好", "最佳拍档；最佳影片"]
BEST = Given(2, "最佳", "广告法", "很好", ("最佳拍档", "最佳影片"))


def test_pasted_lines_are_words_with_what_stands_behind_tabs() -> None:
    assert words_in_text("最佳\t广告法\t很好\t最佳拍档、最佳影片\n\n 第一 \n说“好, 的”") == [
        Given(1, "最佳", "广告法", "很好", ("最佳拍档", "最佳影片")),
        Given(3, "第一"),
        Given(4, "说“好, 的”"),
    ]
    assert words_in_text(" \n") == []


def test_columns_are_known_by_their_headings_in_any_order() -> None:
    assert words_in_text("原因\t词\n广告法\t最佳") == [Given(2, "最佳", "广告法")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "words"
    path.write_bytes(f"{','.join(HEADINGS)}\n{','.join(ROW)}\n".encode(encoding))
    assert words_in_file(path, name="词.CSV") == [BEST]


def test_what_was_taken_away_comes_back_the_same(tmp_path: Path) -> None:
    formula = ["=1+1", "-公式", "", ""]
    with (tmp_path / "book").open("wb") as book:
        write_xlsx(book, HEADINGS, [ROW, formula], sheet="词")
    (tmp_path / "table").write_text("".join(csv_lines(HEADINGS, [ROW, formula])), encoding="utf-8")
    expected = [BEST, Given(3, "=1+1", "-公式")]
    assert words_in_file(tmp_path / "book", name="词.xlsx") == expected
    assert words_in_file(tmp_path / "table", name="词.csv") == expected


def test_a_text_file_has_a_word_a_line(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("最佳\n第一,名\n", encoding="utf-8")
    assert words_in_file(tmp_path / "words", name="words.txt") == [Given(1, "最佳"), Given(2, "第一,名")]


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"no workbook"), ("a.txt", b"\x00\x01\x02")])
def test_it_refuses_what_cannot_be_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(QunyingError, match=name):
        words_in_file(tmp_path / "file", name=name)


def test_it_refuses_what_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    with pytest.raises(QunyingError, match="more than 2"):
        words_in_text("甲\n乙\n丙")
    monkeypatch.setattr(uploaded, "LARGEST", 3)
    (tmp_path / "file").write_text("甲乙", encoding="utf-8")
    with pytest.raises(QunyingError, match="larger"):
        words_in_file(tmp_path / "file", name="a.txt")
