"""Rows of tables, and what is wrong with those that are none."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.tables import (
    BadRow,
    cell_text,
    csv_rows,
    jsonl_header,
    jsonl_rows,
    named_rows,
    neutralise,
    sniff_delimiter,
    xlsx_rows,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_cuts_evenly(mark: str) -> None:
    lines = [mark.join(cells) for cells in (["a", "b", "c"], ["1", "x; y, z", "3"], ["4", "5", "6"])]
    quoted = [line.replace("x; y, z", '"x; y, z"') for line in lines]
    assert sniff_delimiter(quoted) == mark


def test_one_column_is_cut_by_commas_and_so_not_at_all() -> None:
    assert sniff_delimiter(["name", "mei"]) == ","


def test_rows_are_numbered_as_they_stand_in_the_file() -> None:
    lines = ["a,b\r\n", "1,2\r\n", "\r\n", '"x\r\n', 'y",3\r\n', "4,5,6\r\n", "7\r\n", "8,9,\r\n", "ok,\udcff\r\n"]
    header, rows = named_rows(csv_rows(lines, delimiter=","))
    assert header == ["a", "b"]
    assert list(rows) == [
        (2, {"a": "1", "b": "2"}),
        (4, {"a": "x\r\ny", "b": "3"}),
        BadRow(5, "too_many_cells", value="6"),
        (6, {"a": "7"}),
        (7, {"a": "8", "b": "9"}),
        BadRow(8, "broken_text", "b", "\\xff"),
    ]


def test_a_quotation_mark_never_closed_costs_one_row_and_no_crash() -> None:
    lines = ["a,b\n", '"never,closed\n', *["x" * 1000 + "\n"] * 140, "1,2\n"]
    rows = list(named_rows(csv_rows(lines, delimiter=","))[1])
    assert [row.reason for row in rows if isinstance(row, BadRow)] == ["unreadable_row"]
    assert rows[-1] == (len(rows) + 1, {"a": "1", "b": "2"})


def test_a_second_column_of_a_name_gets_a_number() -> None:
    header, _rows = named_rows(csv_rows(["note, note ,a\n"], delimiter=","))
    assert header == ["note", "note (2)", "a"]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@given(st.lists(st.tuples(cells, cells), min_size=1), st.sampled_from(",;\t"))
def test_what_is_written_as_csv_is_read_again(rows: list[tuple[str, str]], mark: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=mark).writerows(rows)
    written.seek(0)
    read = [tuple(row[1]) for row in csv_rows(written, delimiter=mark) if not isinstance(row, BadRow)]
    assert read == rows


def test_objects_come_line_by_line_with_their_numbers() -> None:
    lines = ['{"a": 1}\n', "\n", "[1]\n", '{"b": {"c": 2}}\n', "{\n", '"\udcfe"\n']
    assert list(jsonl_rows(lines)) == [
        (1, {"a": 1}),
        BadRow(3, "not_json", value="[1]"),
        (4, {"b": {"c": 2}}),
        BadRow(5, "not_json", value="{"),
        BadRow(6, "broken_text", value='"\\xfe"\n'),
    ]
    assert jsonl_header(lines) == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" x ", "x"),
        (None, ""),
        (True, "true"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (20240101123456.0, "20240101123456"),
        (datetime(2024, 5, 1, 10, 30), "2024-05-01T10:30:00"),  # noqa: DTZ001 - as a sheet holds it
        (date(2024, 5, 1), "2024-05-01"),
        ({"a": "花"}, '{"a": "花"}'),
        (7, "7"),
    ],
)
def test_a_cell_reads_as_one_would_have_typed_it(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_file_that_is_no_workbook_is_a_value_error(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ValueError):  # noqa: PT011 - the library words it
        list(xlsx_rows(path))


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_what_a_spreadsheet_would_compute_is_marked_as_text(value: str) -> None:
    assert (neutralise(value), neutralise("a" + value)) == (f"'{value}", f"a{value}")
