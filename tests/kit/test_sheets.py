"""Tables to take away open rightly and run nothing."""

from __future__ import annotations

import io

import openpyxl

from qunying.kit.sheets import csv_lines, write_xlsx

COLUMNS = ["Name", "Number"]
ROWS = [["小美", 3], ["=1+1", -2], ["@cmd", None], ["说“你好”,\n再见", 0]]


def test_csv_marks_its_encoding_and_neutralises_formulas() -> None:
    text = "".join(csv_lines(COLUMNS, ROWS))
    assert text == "\ufeffName,Number\r\n小美,3\r\n'=1+1,-2\r\n'@cmd,\r\n\"说“你好”,\n再见\",0\r\n"


def test_csv_comes_piece_by_piece() -> None:
    pieces = csv_lines(COLUMNS, iter(ROWS))
    assert next(pieces) == "\ufeffName,Number\r\n小美,3\r\n"


def test_csv_without_rows_has_its_header() -> None:
    assert "".join(csv_lines(COLUMNS, [])) == "\ufeffName,Number\r\n"


def test_xlsx_keeps_text_as_text_and_numbers_as_numbers() -> None:
    file = io.BytesIO()
    write_xlsx(file, COLUMNS, [*ROWS, ["https://example.com", 1]], sheet="成员")
    sheet = openpyxl.load_workbook(io.BytesIO(file.getvalue()))["成员"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells == [
        ["Name", "Number"],
        ["小美", 3],
        ["'=1+1", -2],
        ["'@cmd", None],
        ["说“你好”,\n再见", 0],
        ["https://example.com", 1],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert [cell.hyperlink for cell in sheet["A"]] == [None] * 6
