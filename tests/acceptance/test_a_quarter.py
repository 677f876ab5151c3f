"""A quarter of two real communities, as their manager would live it: playbook, goals, reports, suggestions.

Numbers are counted from the files by hand. The chat (Zulip) knows no leaving and no reaction; the shop (CDNOW) knows
nothing but orders: nothing may be called reached or missed of which no record was ever made.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.services import look_for_suggestions
from qunying.check.reports.queries import build_report
from qunying.check.reports.sheet import make_sheet
from qunying.check.reports.spans import read_span
from qunying.check.tracking.models import Status, Why
from qunying.check.tracking.progress import progress_of
from qunying.ground.warehouse.services import catch_up
from qunying.plan.goals.models import Goal
from qunying.plan.playbooks.services import apply_at_once
from qunying.plan.playbooks.shelf import playbook_named
from qunying.plan.schedule.todo import todos_for
from tests.support.cast import TESTS
from tests.support.imports import bring_path, import_files

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.check.reports.blocks import Sheet
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
CHAT = "chat/lean_new_members_2020_2021_text.jsonl.gz"
ORDERS = "tx/CDNOW_master.txt.gz"


def _goals(community: Community, day: date) -> dict[str, tuple[Status, Why | None]]:
    """Each goal of the playbook as it stood on this day or on its due day."""
    found = {}
    for goal in Goal.objects.filter(community=community):
        seen = progress_of(goal, day=day, foretell=False)
        found[goal.key] = (seen.status, seen.why)
    return found


def _sheet(community: Community, period: str) -> Sheet:
    with translation.override("zh-hans"):
        return make_sheet(build_report(community, span=read_span(period)))


def _said(sheet: Sheet, key: str) -> str:
    return "".join(next(section for section in sheet.sections if section.key == key).sentences)


@pytest.fixture
def chat(shared_data: Path, community: Community) -> Community:
    """The sample of a chat with the playbook of content communities from 1 July 2021."""
    import_files(bring_path(shared_data / CHAT), "zulip", community)
    catch_up()
    apply_at_once(community, playbook=playbook_named("content"), start=date(2021, 7, 1), by=TESTS)
    return community


def _messages(path: Path) -> list[tuple[date, str]]:
    zone = ZoneInfo("Asia/Shanghai")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(datetime.fromtimestamp(row["ts"], UTC).astimezone(zone).date(), row["user"]) for row in rows]


def test_a_chat_is_judged_by_what_it_tells(shared_data: Path, chat: Community, lead: Staff) -> None:
    said = _messages(shared_data / CHAT)
    goals = {goal.metric or goal.key: goal for goal in Goal.objects.filter(community=chat)}
    churn = progress_of(goals["churn_rate"], day=date(2021, 9, 30))
    assert (churn.status, churn.why, churn.value, churn.outlook) == (Status.UNMEASURED, Why.NO_LEAVES, None, None)
    speaking = Goal.objects.get(community=chat, metric="active_rate", params__grade="speaking")
    until = speaking.due
    seen = progress_of(speaking, day=until, foretell=False).measured
    assert seen is not None
    assert seen.numerator == len({who for day, who in said if until - timedelta(days=29) <= day <= until})
    taking_part = Goal.objects.get(community=chat, metric="active_rate", params__grade="interactive")
    assert progress_of(taking_part, day=taking_part.due, foretell=False).why == Why.NO_REACTION


@pytest.mark.parametrize("period", ["2021-Q3", "2021-08", "2021-W33"])
def test_the_reports_of_a_chat_are_those_of_the_file(shared_data: Path, chat: Community, period: str) -> None:
    days = read_span(period).days
    said = [(day, who) for day, who in _messages(shared_data / CHAT) if days.start <= day <= days.end]
    report = build_report(chat, span=read_span(period))
    assert (report.lines["messages"].value, report.lines["active_members.seen"].value, report.orders_only) == (
        len(said),
        len({who for _day, who in said}),
        False,
    )
    sheet = _sheet(chat, period)
    assert f"{len({who for _day, who in said})}人参与" in sheet.points[0]
    assert "已达成" not in str(next(section for section in sheet.sections if section.key == "goals").tables)


def test_a_quiet_quarter_says_that_it_was_looked_at(chat: Community, lead: Staff) -> None:
    night = look_for_suggestions(chat, by=TESTS, today=date(2021, 9, 29))
    assert (night.until, Suggestion.objects.filter(community=chat).count()) == (date(2021, 9, 28), night.found)
    assert night.questions > 0
    assert "天查看过数据" in _said(_sheet(chat, "2021-Q3"), "suggestions")
    assert "逐夜查看从2021年9月29日才开始" in _said(_sheet(chat, "2021-Q2"), "suggestions")


def test_a_plan_applied_for_days_long_over_calls_nobody_late(chat: Community, lead: Staff) -> None:
    assert [item for item in todos_for(lead, date(2026, 11, 22)).items if item.kind == "work"] == []


@pytest.fixture
def shop(shared_data: Path, community: Community) -> Community:
    """A shop's orders with the playbook of e-commerce from the first day of 1998."""
    import_files(bring_path(shared_data / ORDERS), "cdnow", community)
    catch_up()
    apply_at_once(community, playbook=playbook_named("e-commerce"), start=date(1998, 1, 1), by=TESTS)
    return community


def test_a_shop_is_told_by_its_orders(shared_data: Path, shop: Community) -> None:
    with gzip.open(shared_data / ORDERS, "rt") as lines:
        rows = [line.split() for line in lines]
    spring = [(who, day, amount) for who, day, _units, amount in rows if "19980401" <= day <= "19980630"]
    report = build_report(shop, span=read_span("1998-Q2"))
    assert (report.lines["buyers"].value, report.lines["revenue"].value, report.orders_only) == (
        len({who for who, _day, _amount in spring}),
        sum(round(float(amount) * 100) for _who, _day, amount in spring),
        True,
    )
    sheet = _sheet(shop, "1998-Q2")
    assert [card.label for card in sheet.cards][:2] == ["订单", "买家"]
    assert sheet.points[0].startswith(f"本季度有{len({who for who, _day, _amount in spring}):,}人下单")
    assert "订单：" in _said(sheet, "changes")
    assert "消息" not in {row[0].text for row in next(s for s in sheet.sections if s.key == "figures").tables[0].rows}


def test_a_shop_of_orders_alone_has_no_churn_and_no_speakers(shop: Community) -> None:
    whys = {
        (goal.metric, why)
        for goal in Goal.objects.filter(community=shop)
        if (why := progress_of(goal, day=goal.due, foretell=False).why)
    }
    assert {("churn_rate", Why.NO_LEAVES), ("active_rate", Why.NO_MESSAGES), ("funnel", Why.NO_STEP)} <= whys
