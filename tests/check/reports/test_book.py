from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import openpyxl
import pytest
from django.utils import translation

from qunying.check.reports.book import as_xlsx
from qunying.check.reports.sheet import make_sheet
from qunying.check.reports.spans import read_span
from qunying.ground.groups.models import Community
from tests.support.goals import make_goal

if TYPE_CHECKING:
    from openpyxl import Workbook

    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


def _book(stage: Stage, period: str = "2026-W10", language: str = "en") -> Workbook:
    with translation.override(language):
        report = stage.report(period)
        raw = as_xlsx(report, make_sheet(report))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep it says; it is only read here
        return openpyxl.load_workbook(io.BytesIO(raw))


def test_there_is_a_page_a_topic(shop: Stage) -> None:
    assert _book(shop).sheetnames == [
        "Summary",
        "All figures",
        "Trend",
        "Retention",
        "Definitions",
    ]
    assert _book(shop, language="zh-hans").sheetnames[:4] == ["摘要", "全部指标", "走势", "留存"]


def test_figures_are_numbers_in_the_unit_people_say(shop: Stage) -> None:
    page = _book(shop)["All figures"]
    rows = {row[0].value: [cell.value for cell in row[1:5]] for row in page.iter_rows(min_row=2)}
    assert rows["Messages"] == ["times", 2, None, None]
    assert rows["Takings"] == ["CNY", 66, None, None]
    assert rows["Share seen"] == ["share", pytest.approx(2 / (16 / 7)), 2, pytest.approx(16 / 7)]
    formats = {row[0].value: row[2].number_format for row in page.iter_rows(min_row=2)}
    assert [formats[name] for name in ("Messages", "Takings", "Share seen")] == ["#,##0", "#,##0.00", "0.0%"]
    moved = {row[0].value: row[6].number_format for row in page.iter_rows(min_row=2)}
    points = '+0.0" points";-0.0" points";0.0" points"'
    assert [moved[name] for name in ("Messages", "Takings", "Share seen")] == ["#,##0", "#,##0.00", points]


def test_the_trend_has_a_row_a_day_and_native_charts(shop: Stage) -> None:
    page = _book(shop)["Trend"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2, max_col=4)]
    assert (len(rows), rows[0][0].isoformat()[:10], rows[0][1], rows[1][3]) == (7, "2026-03-02", 2, 1)
    assert len(page._charts) == 3
    assert page.freeze_panes == "A2"


@pytest.mark.parametrize(("period", "rows"), [("2026-03", 31), ("2026-Q1", 14)])
def test_a_month_is_shown_by_day_and_a_quarter_by_week(shop: Stage, period: str, rows: int) -> None:
    page = _book(shop, period)["Trend"]
    values = [row[1].value for row in page.iter_rows(min_row=2)]
    assert (len(values), sum(value or 0 for value in values)) == (rows, 2)


def test_no_text_acts_as_a_formula(shop: Stage) -> None:
    Community.objects.update(name='=HYPERLINK("http://x","y")')
    shop.community.refresh_from_db()
    book = _book(shop)
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [cell for cell in cells if cell.hyperlink] == []


def test_parts_that_have_nothing_say_so(shop: Stage) -> None:
    page = _book(shop)["Summary"]
    said = {row[0].value: row[1].value for row in page.iter_rows(max_col=2) if row[1].value}
    assert (said["Problems"], said["Decisions taken"]) == (
        "No alert was open in this period.",
        "No decision was recorded in this period.",
    )
    assert list(said)[-5:] == [
        "Results against goals",
        "Problems",
        "Suggestions",
        "Decisions taken",
        "Next period: Week 11 of 2026",
    ]


def test_a_part_with_a_table_has_a_page(shop: Stage) -> None:
    days = read_span("2026-W10").days
    make_goal(shop.community, title="十条消息", target="10", start=days.start, due=days.end)
    book = _book(shop)
    assert ("Results against goals" in book.sheetnames, "Problems" in book.sheetnames) == (True, False)


def test_a_period_without_records_is_its_summary_alone(stage: Stage) -> None:
    assert _book(stage).sheetnames == ["Summary"]
