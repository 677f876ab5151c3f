"""The report as an Excel file: a page a topic, numbers as numbers, native charts over raw tables."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.reports.book_pages import Column, Page, told_briefly, topic_pages
from qunying.check.reports.logo import logo_png
from qunying.check.reports.look import colours
from qunying.kit.tables import neutralise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.reports.blocks import Sheet
    from qunying.check.reports.shapes import Report

FONT = "Microsoft YaHei"
_LOGO_POINTS, _LINE_POINTS = 60, 15
_WIDEST, _NARROWEST = 60, 10
_WIDE = 0x2E80
"""From here on a sign takes two places."""


def as_xlsx(report: Report, sheet: Sheet) -> bytes:
    """The whole report. No text can act as a formula or a link."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": f"{sheet.community} · {sheet.title} · {sheet.period}", "author": "Qunying"})
        formats = _Formats(book, report.subject.currency)
        _write_cover(book, formats, sheet)
        for page in topic_pages(report, sheet):
            _write_page(book, formats, page)
    return out.getvalue()


class _Formats:
    """The few formats of the book, made once."""

    def __init__(self, book: Any, currency: str) -> None:
        ink, usual = colours(), {"font_name": FONT, "font_size": 10, "valign": "top"}
        digits = "#,##0.00" if currency != "JPY" else "#,##0"
        self.title = book.add_format({**usual, "font_size": 18, "bold": True})
        self.kind = book.add_format({**usual, "font_size": 12, "bold": True, "font_color": ink["brand-text"]})
        self.strong = book.add_format({**usual, "bold": True, "text_wrap": True})
        self.soft = book.add_format({**usual, "font_size": 9, "font_color": ink["ink-soft"], "text_wrap": True})
        self.soft_line = book.add_format({**usual, "font_size": 9, "font_color": ink["ink-soft"]})
        self.mark = book.add_format(
            {**usual, "bg_color": ink["amber-soft"], "font_color": ink["amber-text"], "text_wrap": True}
        )
        head = {**usual, "bold": True, "bg_color": ink["sunken"], "bottom": 1, "text_wrap": True}
        self.head, self.head_right = book.add_format(head), book.add_format({**head, "align": "right"})
        self.kinds = {
            "text": book.add_format({**usual, "text_wrap": True}),
            "whole": book.add_format({**usual, "num_format": "#,##0"}),
            "number": book.add_format({**usual, "num_format": "#,##0.0"}),
            "share": book.add_format({**usual, "num_format": "0.0%"}),
            "points": book.add_format({**usual, "num_format": _points_format()}),
            "money": book.add_format({**usual, "num_format": digits}),
            "day": book.add_format({**usual, "num_format": "yyyy-mm-dd", "align": "left"}),
        }


def _points_format() -> str:
    """+1.2 points, -1.7 points: what a share moved by is no share."""
    unit = (pgettext("report", "%(points)s points") % {"points": ""}).strip()
    return f'+0.0" {unit}";-0.0" {unit}";0.0" {unit}"'


def _write_cover(book: Any, formats: _Formats, sheet: Sheet) -> None:
    page = book.add_worksheet(_("Summary"))
    page.hide_gridlines(2)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 18)
    page.set_column(2, 2, 60)
    page.set_row(0, _LOGO_POINTS)
    logo = logo_png(sheet.unit)
    page.insert_image(
        0,
        0,
        "logo.png",
        {
            "image_data": io.BytesIO(logo),
            "x_offset": 4,
            "y_offset": 4,
            **_scale(logo),
            "description": sheet.community,
        },
    )
    line = _write_lines(
        page,
        1,
        [
            (f"{sheet.title} · {sheet.period}", formats.kind),
            (sheet.community, formats.title),
            (sheet.days, formats.soft),
            *((words, formats.mark) for words in ([sheet.simulated] if sheet.simulated else []) + list(sheet.marks)),
            *(
                (words, formats.strong if not place else formats.kinds["text"])
                for place, words in enumerate(sheet.points)
            ),
        ],
    )
    line = _write_cards(page, formats, sheet, line + 1)
    line = _write_brief(page, formats, told_briefly(sheet), line)
    _write_lines(page, line + 1, [(words, formats.soft) for words in sheet.footer])
    _paper(page, high=1)


def _scale(logo: bytes) -> dict[str, float]:
    from PIL import Image  # noqa: PLC0415 - only Excel files need it

    with Image.open(io.BytesIO(logo)) as picture:
        scale = 70 / picture.height
    return {"x_scale": scale, "y_scale": scale}


def _write_lines(page: Any, line: int, rows: Sequence[tuple[str, Any]]) -> int:
    """Words over the three columns; the line after the last."""
    for place, (words, how) in enumerate(rows, start=line):
        page.merge_range(place, 0, place, 2, "", how)
        page.write_string(place, 0, neutralise(words), how)
        long = max(1, -(-_width(words) // 100))
        size = {18: 30, 12: 20}.get(how.font_size, 16)
        page.set_row(place, size * long)
    return line + len(rows)


def _write_cards(page: Any, formats: _Formats, sheet: Sheet, line: int) -> int:
    if not sheet.cards:
        return line
    heads = (sheet.headings["cards"], pgettext("report", "Value"), pgettext("report", "Change"))
    for place, name in enumerate(heads):
        page.write_string(line, place, name, formats.head)
    for place, card in enumerate(sheet.cards, start=line + 1):
        page.write_string(place, 0, neutralise(card.label), formats.strong)
        page.write_string(place, 1, neutralise(card.value), formats.strong)
        words = "\n".join([*([card.note] if card.note else []), *card.changes])
        page.write_string(place, 2, neutralise(words), formats.kinds["text"])
        page.set_row(place, 16 * (words.count("\n") + 1))
    return line + 1 + len(sheet.cards)


def _write_brief(page: Any, formats: _Formats, brief: Sequence[tuple[str, str]], line: int) -> int:
    """What is said in a line or two: its title beside it; the line after the last."""
    for place, (title, words) in enumerate(brief, start=line + 1):
        page.write_string(place, 0, neutralise(title), formats.strong)
        page.merge_range(place, 1, place, 2, "", formats.kinds["text"])
        page.write_string(place, 1, neutralise(words), formats.kinds["text"])
        lines = [*(-(-_width(part) // 72) for part in words.split("\n")), 0]
        page.set_row(place, 16 * max(sum(lines), -(-_width(title) // 24)))
    return line + 1 + len(brief) if brief else line


def _write_page(book: Any, formats: _Formats, page: Page) -> None:
    place = book.add_worksheet(_sheet_name(page.title))
    place.hide_gridlines(2)
    place.freeze_panes(1, 0)
    for number, column in enumerate(page.columns):
        place.write_string(0, number, neutralise(column.name), _head(formats, column))
        place.set_column(number, number, _column_width(page, number))
    for line, row in enumerate(page.rows, start=1):
        for number, (column, value) in enumerate(zip(page.columns, row, strict=True)):
            _write_value(place, line, number, value, formats.kinds[_kind(page, line, column)])
    _set_heights(place, page)
    _mark_scale(place, page)
    for number, note in enumerate(page.notes, start=len(page.rows) + 2):
        place.write_string(number, 0, neutralise(note), formats.soft_line)
    _add_chart(book, place, page)
    _paper(place)
    place.repeat_rows(0)


def _kind(page: Page, line: int, column: Column) -> str:
    """Numbers of a page whose rows differ in kind follow their row."""
    if not page.row_kinds or column.kind not in {"number", "moved"}:
        return column.kind
    kind = page.row_kinds[line - 1]
    return "points" if column.kind == "moved" and kind == "share" else kind


def _sheet_name(title: str) -> str:
    """A title as Excel accepts it: 31 signs at most, none of those it forbids, no apostrophe at its ends."""
    return " ".join(title.translate(dict.fromkeys(map(ord, "[]:*?/\\："), " ")).split())[:31].strip("'")


def _head(formats: _Formats, column: Column) -> Any:
    return formats.head if column.kind in {"text", "day"} else formats.head_right


def _write_value(place: Any, line: int, number: int, value: object, how: Any) -> None:
    if value is None:
        place.write_blank(line, number, None, how)
    elif isinstance(value, str):
        place.write_string(line, number, neutralise(value), how)
    elif isinstance(value, int | float):
        place.write_number(line, number, value, how)
    else:
        place.write_datetime(line, number, value, how)


def _column_width(page: Page, number: int) -> int:
    kind = page.columns[number].kind
    words = [str(row[number]) for row in page.rows if row[number] is not None] if kind == "text" else ["0" * 12]
    width = max([_width(page.columns[number].name), *(_width(line) for one in words for line in one.split("\n"))])
    return max(_NARROWEST, min(_WIDEST, width + 2))


def _set_heights(place: Any, page: Page) -> None:
    """Rows high enough for wrapped words; not every program does this by itself."""
    wordy = [number for number, column in enumerate(page.columns) if column.kind == "text"]
    for line, row in enumerate(page.rows, start=1):
        cells = [(str(row[number] or ""), _column_width(page, number) - 2) for number in wordy]
        lines = max(
            (sum(max(1, -(-_width(part) // wide)) for part in words.split("\n")) for words, wide in cells), default=1
        )
        if lines > 1:
            place.set_row(line, _LINE_POINTS * lines)


def _width(words: str) -> int:
    return sum(2 if ord(sign) >= _WIDE else 1 for sign in words)


def _mark_scale(place: Any, page: Page) -> None:
    """The colours of a cohort triangle, as a rule of the sheet: they follow when numbers are changed."""
    if page.scale is None or not page.rows:
        return
    first, last = page.scale
    ink = colours()
    rule = {
        "type": "2_color_scale",
        "min_color": ink["heat-0"],
        "max_color": ink["heat-5"],
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 1,
    }
    place.conditional_format(1, first, len(page.rows), last, rule)


def _add_chart(book: Any, place: Any, page: Page) -> None:
    """A native chart beside the table for every series it names."""
    if not page.rows:
        return
    ink, left = colours(), len(page.columns) + 1
    for number, plan in enumerate(page.charts):
        chart = book.add_chart({"type": plan.kind})
        last = len(page.rows)
        for column, colour, dashed in plan.series:
            drawn = {"color": ink[colour], "width": 1.5, **({"dash_type": "dash"} if dashed else {})}
            target = chart
            if dashed and plan.kind == "column":
                target = book.add_chart({"type": "line"})
            target.add_series(
                {
                    "name": [place.name, 0, column],
                    "categories": [place.name, 1, 0, last, 0],
                    "values": [place.name, 1, column, last, column],
                    **(
                        {"line": drawn}
                        if dashed or plan.kind == "line"
                        else {"fill": {"color": ink[colour]}, "gap": 60}
                    ),
                }
            )
            if target is not chart:
                chart.combine(target)
        chart.set_title({"name": plan.title, "name_font": {"name": FONT, "size": 11}, "overlay": False})
        # Said here, not left to the cells: some programs would write a day as the number behind it.
        days = {"num_format": "m/d"} if page.columns[0].kind == "day" else {}
        font = {"name_font": {"name": FONT, "size": 9}, "num_font": {"name": FONT}}
        chart.set_x_axis({"name": plan.across, **font, "text_axis": True, **days})
        chart.set_y_axis(
            {
                "name": plan.up,
                "min": 0,
                "major_gridlines": {"visible": True, "line": {"color": ink["line"]}},
                "name_font": {"name": FONT, "size": 9},
                "num_format": "#,##0",
            }
        )
        chart.set_legend({"position": "bottom", "font": {"name": FONT}})
        chart.set_size({"width": 640, "height": 320})
        place.insert_chart(1 + number * 17, left, chart, {"description": plan.title})


def _paper(page: Any, *, high: int = 0) -> None:
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, high)
    page.set_footer("&C&A  &P / &N")
