"""The report as a Word file: real headings, so that a table of contents can be made, and pictures in the palette."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qunying.check.reports.logo import logo_png
from qunying.check.reports.look import colours
from qunying.check.reports.plots import WIDE_INCHES, as_png

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.reports.blocks import Card, Cell, Picture, Section, Sheet, Table

_MAY_BREAK = "\u200b"
_CARD_SIZES = ((9, 13.0), (11, 11.0), (13, 9.5), (15, 8.5))
"""Up to so many signs a number on a card has this size in points; longer ones the last."""
_CELL_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
_SIGN, _MARGIN, _TIGHT = 0.57 / 72, 0.075, 0.03
"""Inches: a Latin sign for each point of its size; what a cell keeps free on each side, and in a wide table."""
_TABLE_INCHES, _WORDY_INCHES, _MOST_WORDY_INCHES = 6.5, 1.5, 2.6
_BOLD = 1.1
"""How much wider the heads are than words of the same size."""
_MANY = 6
_WIDE_FROM = 0x2E80
LATIN, EAST_ASIAN = "Arial", "Microsoft YaHei"
"""Fonts every Word has; the East Asian one is named apart, else Chinese falls to whatever comes first."""
_SIZES = {"Normal": 10, "Title": 24, "Subtitle": 12, "Heading 1": 14, "Heading 2": 11, "List Bullet": 10, "Caption": 9}


def as_docx(sheet: Sheet) -> bytes:
    """The whole report; raises QunyingError where the Chinese font of the pictures was never built."""
    from docx import Document  # noqa: PLC0415 - only Word files need it

    document = Document()
    _set_up(document, sheet)
    _write_cover(document, sheet)
    for section in sheet.sections:
        _write_section(document, section)
    if sheet.definitions:
        document.add_heading(sheet.headings["definitions"], 1)
        for one in sheet.definitions:
            document.add_heading(one.term, 2)
            _close_up(document.add_paragraph(one.text))
            for part in one.parts:
                _soft(document.add_paragraph(), part)
    with io.BytesIO() as out:
        document.save(out)
        return out.getvalue()


def _set_up(document: Any, sheet: Sheet) -> None:
    """Paper, styles, properties, and a page number at the foot of each page."""
    from docx.shared import Mm  # noqa: PLC0415 - only Word files need it

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin = page.bottom_margin = Mm(20)
    for name, size in _SIZES.items():
        _dress(document.styles[name], size, strong=name.startswith(("Heading", "Title")))
    names = document.core_properties
    names.title = f"{sheet.community} · {sheet.title} · {sheet.period}"
    names.author, names.comments = "Qunying", ""
    names.language = "en-US" if sheet.language == "en" else "zh-CN"
    _set_language(document, names.language)
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{sheet.community} · {sheet.title} · {sheet.period}    ")
    _add_page_number(foot)
    _soft(foot)


def _dress(style: Any, size: int, *, strong: bool) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415 - only Word files need it
    from docx.shared import Pt  # noqa: PLC0415 - as above

    style.font.name, style.font.size = LATIN, Pt(size)
    style.font.color.rgb = _colour("brand" if style.name == "Heading 1" else "ink")
    style.font.bold, style.font.italic = strong, False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    fonts.set(qn("w:cs"), LATIN)
    border = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
    if border is not None:
        style.element.pPr.remove(border)


def _set_language(document: Any, language: str) -> None:
    """So that Word checks the spelling of the right tongue and breaks lines in its manner."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only Word files need it
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    properties = document.styles["Normal"].element.get_or_add_rPr()
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), "en-US")
    element.set(qn("w:eastAsia"), language if language.startswith("zh") else "zh-CN")
    properties.append(element)


def _add_page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only Word files need it
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - the library's own way to what it has no name for


def _write_cover(document: Any, sheet: Sheet) -> None:
    from docx.shared import Mm, Pt  # noqa: PLC0415 - only Word files need it

    document.add_picture(io.BytesIO(logo_png(sheet.unit)), height=Mm(16))
    above = document.add_paragraph(f"{sheet.title} · {sheet.period}", style="Subtitle")
    above.paragraph_format.space_before = Pt(28)
    document.add_paragraph(sheet.community, style="Title")
    _soft(document.add_paragraph(sheet.days))
    for mark in (*([sheet.simulated] if sheet.simulated else []), *sheet.marks):
        _write_mark(document, mark)
    if sheet.points:
        document.add_heading(sheet.headings["points"], 1)
        first, *others = sheet.points
        document.add_paragraph().add_run(first).bold = True
        for point in others:
            document.add_paragraph(point, style="List Bullet")
    if sheet.cards:
        document.add_heading(sheet.headings["cards"], 1)
        _write_cards(document, sheet.cards)
    for line in sheet.footer:
        _soft(document.add_paragraph(line))
    if sheet.sections:
        document.add_page_break()


def _write_mark(document: Any, words: str) -> None:
    """A box with a coloured ground, as a table of one cell: Word keeps it everywhere."""
    table = document.add_table(1, 1)
    table.style = "Table Grid"
    cell = table.cell(0, 0)
    _shade(cell, "amber-soft")
    cell.paragraphs[0].add_run(words).font.color.rgb = _colour("amber-text")
    _close_up(cell.paragraphs[0])
    _soften_lines(table)
    document.add_paragraph()


def _write_cards(document: Any, cards: Sequence[Card]) -> None:
    from docx.shared import Pt  # noqa: PLC0415 - only Word files need it

    table = document.add_table(1, len(cards))
    table.style = "Table Grid"
    for cell, card in zip(table.rows[0].cells, cards, strict=True):
        _soft(cell.paragraphs[0], card.label)
        value = cell.add_paragraph().add_run(card.value)
        value.bold, value.font.size = True, Pt(_card_size(card.value))
        for words in ([card.note] if card.note else []) + list(card.changes):
            # Where a line is full it breaks before the bracket, not within the number.
            _soft(cell.add_paragraph(), words.replace("（", f"{_MAY_BREAK}（"))
    _soften_lines(table)
    document.add_paragraph()


def _card_size(words: str) -> float:
    """Points in which a number fits a fifth of the page."""
    return next((size for most, size in _CARD_SIZES if _signs(words) <= most), _CARD_SIZES[-1][1])


def _write_section(document: Any, section: Section) -> None:
    document.add_heading(section.title, 1)
    for sentence in section.sentences:
        # Names follow one another without a space: the line may break behind each sign between them.
        document.add_paragraph(sentence.replace("、", f"、{_MAY_BREAK}"))
    for picture in section.pictures:
        _write_picture(document, picture)
    for table in section.tables:
        _write_table(document, table)
    for note in section.notes:
        _soft(document.add_paragraph(), f"※ {note}")


def _write_picture(document: Any, picture: Picture) -> None:
    from docx.shared import Inches  # noqa: PLC0415 - only Word files need it

    if picture.plot is None:
        return
    # In one paragraph no end of a page comes between the two, whichever program opens the file.
    caption = document.add_paragraph(picture.title, style="Caption")
    caption.paragraph_format.keep_together = True
    run = caption.add_run()
    run.add_break()
    drawn = run.add_picture(io.BytesIO(as_png(picture.plot)), width=Inches(WIDE_INCHES))
    drawn._inline.docPr.set("descr", f"{picture.title}: {picture.words}")  # noqa: SLF001 - for who cannot see it


def _write_table(document: Any, table: Table) -> None:
    if table.caption:
        caption = document.add_paragraph(table.caption, style="Caption")
        caption.paragraph_format.keep_with_next = True
    made = document.add_table(1, len(table.head))
    made.style = "Table Grid"
    size, widths = _fitted(table)
    for place, name in enumerate(table.head):
        _fill(made.rows[0].cells[place], name, right=place >= table.wordy, strong=True, size=size)
        _shade(made.rows[0].cells[place], "sunken")
    _repeat_head(made.rows[0])
    for row in table.rows:
        cells = made.add_row().cells
        for place, cell in enumerate(row):
            _write_cell(cells[place], cell, right=place >= table.wordy, size=size)
    for row in made.rows:
        _keep_whole(row)
    _set_widths(made, widths)
    _set_margins(made, _margin(table))
    _soften_lines(made)
    _close_up(document.add_paragraph())


def _fitted(table: Table) -> tuple[float, list[float]]:
    """The largest size in points in which no figure is broken, and the widths in inches; words take the rest."""
    signs = [
        max(
            [_BOLD * _room(name), *(_room(words) for row in table.rows for words in (row[place].text, row[place].note))]
        )
        for place, name in enumerate(table.head)
    ]
    for size in _CELL_SIZES:
        needs = [2 * _margin(table) + 0.01 + many * size * _SIGN for many in signs]
        least = [min(need, _WORDY_INCHES) if place < table.wordy else need for place, need in enumerate(needs)]
        if sum(least) <= _TABLE_INCHES:
            break
    rest = _TABLE_INCHES - sum(least)
    if rest < 0:
        return size, [_TABLE_INCHES * need / sum(least) for need in least]
    wish = [min(need, _MOST_WORDY_INCHES) - had for need, had in zip(needs, least, strict=True)]
    return size, _given(least, wish, rest)


def _given(least: list[float], wish: list[float], rest: float) -> list[float]:
    """What is left of the page goes to those that wish for more, and beyond that to all alike."""
    wished = sum(max(0.0, one) for one in wish)
    if wished:
        share = min(1.0, rest / wished)
        least = [had + share * max(0.0, one) for had, one in zip(least, wish, strict=True)]
    over = _TABLE_INCHES - sum(least)
    return [had + over / len(least) for had in least]


def _set_widths(made: Any, widths: Sequence[float]) -> None:
    from docx.shared import Inches  # noqa: PLC0415 - only Word files need it

    made.autofit = False
    for place, width in enumerate(widths):
        made.columns[place].width = Inches(width)
        for cell in made.columns[place].cells:
            cell.width = Inches(width)


def _margin(table: Table) -> float:
    return _TIGHT if len(table.head) > _MANY else _MARGIN


def _set_margins(made: Any, inches: float) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only Word files need it
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(inches * 1440)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    made._tbl.tblPr.append(margins)  # noqa: SLF001 - the library's own way to what it has no name for


def _room(words: str) -> float:
    """How many Latin signs wide the words are, with the gap that Word leaves between Chinese and figures."""
    wide = [ord(sign) >= _WIDE_FROM for sign in words]
    return _signs(words) + sum(one != other for one, other in pairwise(wide)) / 2


def _signs(words: str) -> int:
    return sum(2 if ord(sign) >= _WIDE_FROM else 1 for sign in words)


def _soften_lines(made: Any) -> None:
    """Hair lines in the grey of the house instead of a black grid."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only Word files need it
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colours()["line-strong"][1:])):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    for side in ("left", "right", "insideV"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "nil")
        borders.append(line)
    made._tbl.tblPr.append(borders)  # noqa: SLF001 - the library's own way to what it has no name for


def _write_cell(place: Any, cell: Cell, *, right: bool, size: float) -> None:
    soft = cell.state in {"open", "small"}
    strong_heat = cell.heat == 6  # noqa: PLR2004 - the darkest of the scale
    ink = "heat-ink-strong" if strong_heat else "ink-soft" if soft else "ink"
    _fill(place, cell.text, right=right, ink=ink, size=size)
    if cell.note:
        _soft(place.add_paragraph(), cell.note, right=right, size=size - 0.5)
    if cell.heat is not None or cell.state == "open":
        _shade(place, f"heat-{cell.heat}" if cell.heat is not None else "hatch")


def _fill(  # noqa: PLR0913 - how a cell is written
    place: Any, words: str, *, right: bool, size: float, strong: bool = False, ink: str = "ink"
) -> None:
    from docx.shared import Pt  # noqa: PLC0415 - only Word files need it

    paragraph = place.paragraphs[0]
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.font.color.rgb = Pt(size), strong, _colour(ink)
    _close_up(paragraph, right=right)


def _close_up(paragraph: Any, *, right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - only Word files need it
    from docx.shared import Pt  # noqa: PLC0415 - as above

    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _soft(paragraph: Any, words: str = "", *, right: bool = False, size: float = 8.5) -> None:
    """Make a paragraph small and grey, with these words if there are any."""
    from docx.shared import Pt  # noqa: PLC0415 - only Word files need it

    if words:
        paragraph.add_run(words)
        _close_up(paragraph, right=right)
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(size), _colour("ink-soft")


def _shade(cell: Any, name: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only Word files need it
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), colours()[name].lstrip("#"))
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - the library's own way to what it has no name for


def _repeat_head(row: Any) -> None:
    _row_mark(row, "w:tblHeader")


def _keep_whole(row: Any) -> None:
    """A row is never cut in two by the end of a page."""
    _row_mark(row, "w:cantSplit")


def _row_mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only Word files need it

    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - the library's own way


def _colour(name: str) -> Any:
    from docx.shared import RGBColor  # noqa: PLC0415 - only Word files need it

    return RGBColor.from_string(colours()[name].lstrip("#"))
