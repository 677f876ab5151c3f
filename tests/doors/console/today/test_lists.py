"""Which stretch a to-do stands in, and how late it is in words."""

from __future__ import annotations

from datetime import date

from qunying.doors.console.today.lists import stretches
from qunying.doors.console.today.night import usual_words
from qunying.plan.schedule.todo import TodoItem

DAY = date(2026, 3, 6)


def test_to_dos_stand_by_when_they_are_due() -> None:
    items = [
        TodoItem("昨天", "work", due=date(2026, 3, 5)),
        TodoItem("今天", "work", due=DAY),
        TodoItem("明天", "work", due=date(2026, 3, 7)),
        TodoItem("下周", "work", due=date(2026, 3, 13)),
        TodoItem("有空", "work"),
    ]
    shown = {one.name: [(line.item.title, line.when, line.late) for line in one.lines] for one in stretches(items, DAY)}
    assert shown == {
        "overdue": [("昨天", "1 day late", True)],
        "today": [("今天", "", False)],
        "coming": [("明天", "tomorrow", False), ("下周", "in 7 days", False)],
        "someday": [("有空", "", False)],
    }


def test_a_stretch_without_anything_is_not_shown() -> None:
    assert stretches([], DAY) == []


def test_small_numbers_are_not_made_into_per_cent() -> None:
    weeks = {date(2026, 2, 6): 1, date(2026, 2, 13): 1, date(2026, 2, 20): 2, date(2026, 2, 27): 0, DAY: 2}
    assert usual_words(weeks, DAY) == "usually 1"
    assert usual_words({day: value * 100 for day, value in weeks.items()}, DAY) == "100% above the usual"
    assert usual_words({DAY: 5}, DAY) == ""
