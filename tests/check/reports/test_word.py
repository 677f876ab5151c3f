from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from defusedxml import ElementTree
from django.utils import translation
from docx import Document

from qunying.check.reports.blocks import Cell, Section, Table
from qunying.check.reports.sheet import make_sheet
from qunying.check.reports.word import EAST_ASIAN, as_docx

if TYPE_CHECKING:
    from qunying.check.reports.blocks import Sheet
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _sheet(shop: Stage, language: str) -> Sheet:
    with translation.override(language):
        return make_sheet(shop.report("2026-W10", names=True))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_its_headings_are_those_of_the_sheet_and_make_a_table_of_contents(shop: Stage, language: str) -> None:
    sheet = _sheet(shop, language)
    document = Document(io.BytesIO(as_docx(sheet)))
    titles = [one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert titles == [
        sheet.headings["points"],
        sheet.headings["cards"],
        *(section.title for section in sheet.sections),
        sheet.headings["definitions"],
    ]
    terms = [one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 2"]
    assert terms == [one.term for one in sheet.definitions]


def test_every_sentence_and_every_figure_is_in_it(shop: Stage) -> None:
    sheet = _sheet(shop, "zh-hans")
    document = Document(io.BytesIO(as_docx(sheet)))
    text = {one.text.replace("\u200b", "") for one in document.paragraphs}
    assert {words for section in sheet.sections for words in section.sentences} <= text
    assert {sheet.community, sheet.days, *sheet.points, *sheet.footer} <= text
    figures = document.tables[-1]
    assert [cell.text for cell in figures.rows[0].cells] == list(sheet.sections[-1].tables[0].head)
    assert [row.cells[0].text for row in figures.rows[1:]] == [row[0].text for row in sheet.sections[-1].tables[0].rows]


def test_the_chinese_font_is_named_apart_in_every_style_in_use(shop: Stage) -> None:
    document = Document(io.BytesIO(as_docx(_sheet(shop, "zh-hans"))))
    used = {one.style.name for one in document.paragraphs if one.style is not None}
    fonts = {}
    for name in used:
        element = ElementTree.fromstring(document.styles[name].element.xml)
        fonts[name] = element.find(f".//{W}rFonts").get(f"{W}eastAsia")
    assert fonts == dict.fromkeys(used, EAST_ASIAN)


def test_it_holds_the_logo_and_every_picture_described(shop: Stage) -> None:
    sheet = _sheet(shop, "en")
    document = Document(io.BytesIO(as_docx(sheet)))
    pictures = [picture for section in sheet.sections for picture in section.pictures]
    assert len(document.inline_shapes) == 1 + len(pictures)
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes][1:]
    assert described == [f"{one.title}: {one.words}" for one in pictures]


def test_the_head_of_a_table_is_repeated_and_no_row_is_cut(shop: Stage) -> None:
    document = Document(io.BytesIO(as_docx(_sheet(shop, "en"))))
    rows = document.tables[-1].rows
    assert rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in rows)


def test_an_empty_week_is_one_page_that_says_so(stage: Stage) -> None:
    document = Document(io.BytesIO(as_docx(make_sheet(stage.report("2026-W10")))))
    assert "Nothing is recorded of this community yet" in document.tables[0].cell(0, 0).text


def test_no_figure_of_a_wide_table_is_broken_over_two_lines(shop: Stage) -> None:
    money = "US$262,823.89"
    wide = Table(
        "", ["指标", *("上季度" for _place in range(7))], [[Cell("成交额"), *(Cell(money) for _place in range(7))]]
    )
    sheet = replace(_sheet(shop, "zh-hans"), sections=[Section("全部指标", [], tables=[wide])])
    table = Document(io.BytesIO(as_docx(sheet))).tables[-1]
    inches = [cell.width.inches for cell in table.rows[1].cells]
    size = table.rows[1].cells[1].paragraphs[0].runs[0].font.size.pt
    assert sum(inches) <= 6.51
    assert all(width >= len(money) * size * 0.556 / 72 + 0.06 for width in inches[1:])


def test_words_get_the_room_that_figures_leave(shop: Stage) -> None:
    words = "这里从来没有退群记录：也许没人离开，也许导入的内容里看不出来，聊天记录就看不出。"
    table = Table(
        "", ["目标", "状况", "实际"], [[Cell("流失率"), Cell("没法衡量", note=words), Cell("12.0%")]], wordy=2
    )
    sheet = replace(_sheet(shop, "zh-hans"), sections=[Section("目标", [], tables=[table])])
    first, second, last = (cell.width.inches for cell in Document(io.BytesIO(as_docx(sheet))).tables[-1].rows[1].cells)
    assert second > max(first, last)


def test_a_picture_stands_in_one_paragraph_with_its_caption(shop: Stage) -> None:
    sheet = _sheet(shop, "zh-hans")
    document = Document(io.BytesIO(as_docx(sheet)))
    drawn = [one.text.strip() for one in document.paragraphs if one._p.xpath(".//pic:pic")]
    titles = [picture.title for section in sheet.sections for picture in section.pictures if picture.plot]
    assert [words for words in drawn if words] == titles
