from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qunying.check.alerts.models import Alert, AlertStep
from qunying.check.reports.sheet import make_sheet
from qunying.plan.goals.models import Revision
from qunying.plan.schedule.services import add_work
from tests.support.cast import TESTS
from tests.support.goals import make_goal

if TYPE_CHECKING:
    from qunying.check.reports.blocks import Section
    from qunying.plan.goals.models import Goal
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(shop: Stage) -> Goal:
    """Ten messages between Monday and Sunday of the week of the report; two were written."""
    return make_goal(shop.community, start=date(2026, 3, 2), due=date(2026, 3, 8), target="10", title="十条消息")


def _section(shop: Stage, key: str) -> Section:
    return next(one for one in make_sheet(shop.report("2026-W10")).sections if one.key == key)


def test_results_stand_against_goals(shop: Stage, goal: Goal) -> None:
    section = _section(shop, "goals")
    row = section.tables[0].rows[0]
    assert (row[0].text, row[1].text, row[1].note) == ("十条消息", "Missed", "80.0% short of the target")
    assert [cell.text for cell in row[2:]] == ["8 Mar 2026", "10", "2", "10"]
    assert section.sentences == [
        (
            "1 goal: 0 on course or reached, 0 within tolerance or just short, 1 off course or missed, "
            "0 not measurable yet."
        )
    ]


def test_a_bound_is_told_with_its_room_and_a_multiple_with_what_it_comes_to(shop: Stage) -> None:
    week = {"start": date(2026, 3, 2), "due": date(2026, 3, 29)}
    make_goal(shop.community, title="露面", metric="active_members", params={"grade": "seen"}, target="1", **week)
    hand = {"metric": "", "unit": "number", "baseline": Decimal(4)}
    make_goal(shop.community, title="评分加五成", target="+50%", start=week["start"], due=date(2026, 3, 8), **hand)
    rows = {row[0].text: row for row in _section(shop, "goals").tables[0].rows}
    assert (rows["露面"][1].text, rows["露面"][1].note) == ("On course", "1 to spare")
    assert (rows["评分加五成"][3].text, rows["评分加五成"][3].note) == ("+50%", "6")


def test_an_alert_is_a_problem_at_the_level_it_had_when_the_period_ended(shop: Stage, goal: Goal) -> None:
    opened = date(2026, 3, 5)
    alert = Alert.objects.create(goal=goal, level=4, peak=4, value=40, opened=opened, since=date(2026, 3, 20))
    AlertStep.objects.create(alert=alert, day=opened, before=0, after=2, value=16)
    AlertStep.objects.create(alert=alert, day=date(2026, 3, 20), before=2, after=4, value=40)
    section = _section(shop, "problems")
    assert section.sentences == ["Alerts in this period: 1; still open at its end: 1."]
    assert [cell.text for cell in section.tables[0].rows[0]] == [
        "十条消息",
        "Attention",
        "5 Mar 2026",
        "Attention",
        "16.0%",
    ]


def test_a_revision_is_a_decision_with_its_reason(shop: Stage, goal: Goal) -> None:
    days = {"old_due": goal.due, "new_due": date(2026, 3, 15)}
    Revision.objects.create(goal=goal, day=date(2026, 3, 6), by="tests", reason="节日", **days)
    row = _section(shop, "decisions").tables[0].rows[0]
    assert [cell.text for cell in row] == [
        "6 Mar 2026",
        "Goal “十条消息” revised: due 15 Mar 2026 instead of 8 Mar 2026",
        "节日",
        "–",
    ]


def test_what_is_due_in_the_next_period_is_told(shop: Stage) -> None:
    make_goal(shop.community, start=date(2026, 3, 9), due=date(2026, 3, 15), target="10", title="下周")
    section = _section(shop, "next")
    assert [row[1].text for row in section.tables[0].rows] == ["下周"]


def test_work_noted_after_the_period_is_not_told_of_it(shop: Stage) -> None:
    add_work("换海报", place=shop.community, due=date(2026, 3, 10), by=TESTS)
    assert _section(shop, "next").sentences == ["Nothing is planned for the next period yet."]
