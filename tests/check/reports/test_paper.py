from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from pypdf import PdfReader

from qunying.check.reports import paper
from qunying.check.reports.paper import as_pdf
from qunying.check.reports.sheet import make_sheet
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.check.reports.blocks import Sheet
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def chinese(shop: Stage) -> Sheet:
    with translation.override("zh-hans"):
        return make_sheet(shop.report("2026-W10", names=True))


def _text(raw: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)


def _flat(text: str) -> str:
    """Without spaces; the font has one drawing for several middle dots, so any of them may be read back."""
    return "".join(text.split()).translate(dict.fromkeys(map(ord, "・•‧"), "·"))


def _fonts(raw: bytes) -> set[tuple[str, bool]]:
    """Base name of every font of every page, and whether its file is inside."""
    found = set()
    for page in PdfReader(io.BytesIO(raw)).pages:
        for entry in page["/Resources"]["/Font"].values():  # type: ignore[index]
            inner = entry.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            name = str(inner["/BaseFont"]).partition("+")[2] or str(inner["/BaseFont"])
            found.add((name, any(key in descriptor for key in ("/FontFile2", "/FontFile3"))))
    return found


def test_every_sign_is_drawn_with_the_chinese_font_inside_the_file(chinese: Sheet) -> None:
    assert _fonts(as_pdf(chinese)) == {("NotoSansSC-Bold", True), ("NotoSansSC-Regular", True)}


def test_the_words_of_the_sheet_are_on_the_paper(chinese: Sheet) -> None:
    text = _flat(_text(as_pdf(chinese)))
    words = [chinese.community, chinese.days, *chinese.points, *chinese.footer]
    words += [sentence for section in chinese.sections for sentence in section.sentences]
    assert [one for one in words if _flat(one) not in text] == []


def test_the_pictures_bear_chinese_words_too(chinese: Sheet) -> None:
    bare = replace(
        chinese,
        sections=[replace(part, tables=(), notes=(), sentences=()) for part in chinese.sections[4:5]],
        definitions=(),
    )
    assert "周三" in _flat(_text(as_pdf(bare)))


@pytest.mark.parametrize(
    "name", ["#let x = 1", "[a] *b* _c_ $d$", "\\ #sys.inputs", "<label> @ref", "// comment", "= title", '"quoted"']
)
def test_markup_in_a_name_is_printed_as_it_is(chinese: Sheet, name: str) -> None:
    assert _flat(name) in _flat(_text(as_pdf(replace(chinese, community=name, points=[name, name]))))


def test_what_the_font_lacks_is_left_out_and_said(chinese: Sheet) -> None:
    text = _flat(_text(as_pdf(replace(chinese, community="🌸花友🌸会"))))
    assert "花友会" in text
    assert "Signsthatcannotbeprinted" in text
    assert "Signsthatcannotbeprinted" not in _flat(_text(as_pdf(chinese)))


def test_without_the_font_there_is_no_pdf_full_of_boxes(
    chinese: Sheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "FONTS", tmp_path)
    with pytest.raises(QunyingError, match="Chinese font is not built"):
        as_pdf(chinese)


def test_an_empty_week_has_its_paper_too(stage: Stage) -> None:
    sheet = make_sheet(stage.report("2026-W10"))
    assert "Nothing is recorded of this community yet" in " ".join(_text(as_pdf(sheet)).split())


def test_pages_are_numbered_and_bear_a_title(chinese: Sheet) -> None:
    reader = PdfReader(io.BytesIO(as_pdf(chinese)))
    assert reader.metadata is not None
    assert reader.metadata.title == "花友会 · 社群周报 · 2026年第10周"
    assert f"1 / {len(reader.pages)}" in reader.pages[0].extract_text()
