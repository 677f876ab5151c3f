from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.translation import gettext_lazy

from qunying.check.reports.blocks import Cell, Definition, Table
from qunying.check.reports.port import Asked, Part, Told, forget_teller, register_teller
from qunying.check.reports.sheet import make_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.check.reports.blocks import Section, Sheet
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    yield
    forget_teller(Part.SUGGESTIONS, "test")


def _suggestions(sheet: Sheet) -> Section:
    return next(section for section in sheet.sections if section.key == "suggestions")


def test_what_an_app_tells_stands_in_its_part(shop: Stage) -> None:
    asked: list[Asked] = []

    def told(one: Asked) -> Told:
        asked.append(one)
        table = Table("", ["What"], [[Cell("Greet newcomers")]])
        return Told(["One suggestion."], [table], definitions=[Definition("Lift", "How far above.", [])])

    register_teller(Part.SUGGESTIONS, "test", told, label=gettext_lazy("Suggestions"))
    sheet = make_sheet(shop.report("2026-W10"))
    section = _suggestions(sheet)
    assert (list(section.sentences), section.tables[0].rows[0][0].text) == (["One suggestion."], "Greet newcomers")
    assert sheet.definitions[-1].term == "Lift"
    assert (asked[0].community, asked[0].span.name, asked[0].running) == (shop.community, "2026-W10", False)


def test_a_part_without_anything_says_so_in_one_line(shop: Stage) -> None:
    sheet = make_sheet(shop.report("2026-W10"))
    empty = {section.key: list(section.sentences) for section in sheet.sections if section.key in set(Part)}
    assert empty == {
        "goals": ["No goal ran in this period. With goals set, the report holds results against them."],
        "problems": ["No alert was open in this period."],
        "suggestions": ["No suggestion was made in this period."],
        "decisions": ["No decision was recorded in this period."],
        "next": ["Nothing is planned for the next period yet."],
    }


def test_a_teller_at_fault_is_named_and_the_report_stands(shop: Stage, caplog: pytest.LogCaptureFixture) -> None:
    register_teller(Part.SUGGESTIONS, "test", lambda _asked: 1 / 0, label=gettext_lazy("Suggestions"))  # type: ignore[arg-type,return-value]
    section = _suggestions(make_sheet(shop.report("2026-W10")))
    assert section.notes == ["Suggestions could not be read; the log of the server says why."]
    assert "could not tell its part" in caplog.text
