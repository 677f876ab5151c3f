"""The port: sources answer together, and one at fault does not silence the others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.plan.schedule import todo
from qunying.plan.schedule.services import Told, add_work
from qunying.plan.schedule.todo import TodoItem, register_source, todo_sources, todos_for
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 6)


@pytest.fixture(autouse=True)
def _only_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todo, "_sources", {"work": todo_sources()["work"]})


def _knock(_staff: Staff, today: date) -> Iterator[TodoItem]:
    yield TodoItem("敲门", "door", due=today, priority=1)
    yield TodoItem("随便哪天", "door")


def _broken(_staff: Staff, _today: date) -> list[TodoItem]:
    raise RuntimeError("the door is stuck")


def test_everything_stands_in_one_order(community: Community, lead: Staff) -> None:
    register_source("door", label="Door", items=_knock)
    add_work("换海报", place=community, due=TODAY, owner=lead, by=TESTS)
    add_work("昨天的", place=community, due=date(2026, 3, 5), by=TESTS)
    assert [item.title for item in todos_for(lead, TODAY).items] == ["昨天的", "敲门", "换海报", "随便哪天"]


def test_a_source_at_fault_is_named_and_the_others_answer(community: Community, lead: Staff) -> None:
    register_source("door", label="Door", items=_broken)
    add_work("换海报", place=community, due=TODAY, by=TESTS)
    todos = todos_for(lead, TODAY)
    assert ([item.title for item in todos.items], todos.silent) == (["换海报"], ["Door"])


def test_work_says_whose_it_is_and_who_may_tick_it_off(community: Community, lead: Staff, reviewer: Staff) -> None:
    add_work("看周报", place=community, due=TODAY, owner=reviewer, by=TESTS)
    add_work("换海报", place=community, due=TODAY, by=TESTS)
    seen = {item.title: (item.owner, item.may_finish) for item in todos_for(reviewer, TODAY).items}
    assert seen == {"看周报": (reviewer.pk, True), "换海报": (None, False)}
    assert all(item.may_finish for item in todos_for(lead, TODAY).items)


@pytest.mark.parametrize("many", [1, 3])
def test_the_source_of_work_asks_the_same_four_queries(
    community: Community, lead: Staff, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        add_work(f"第{number}件", place=community, due=TODAY, by=TESTS)
    with django_assert_num_queries(4):
        assert len(todos_for(lead, TODAY).items) == many


def test_what_comes_round_again_is_one_line_for_what_was_missed_and_one_for_the_next(
    community: Community, lead: Staff
) -> None:
    for day in (2, 3, 5, 9, 10):
        add_work("回访", place=community, due=date(2026, 3, day), told=Told(key="visit"), by=TESTS)
    add_work("回访", place=community, due=date(2026, 3, 2), owner=lead, told=Told(key="visit"), by=TESTS)
    found = [(item.due, item.missed, item.owner) for item in todos_for(lead, TODAY).items]
    assert found == [
        (date(2026, 3, 2), 0, lead.pk),
        (date(2026, 3, 5), 2, None),
        (date(2026, 3, 9), 0, None),
    ]
