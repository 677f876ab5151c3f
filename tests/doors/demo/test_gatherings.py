"""Activities: who signs up, who comes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from qunying.doors.demo.gatherings import next_class

if TYPE_CHECKING:
    from qunying.doors.demo.happenings import History


def test_the_class_is_on_the_second_saturday() -> None:
    assert next_class(date(2026, 8, 1)) == date(2026, 8, 8)
    assert next_class(date(2026, 8, 8)) == date(2026, 8, 8)
    assert next_class(date(2026, 8, 9)) == date(2026, 9, 12)
    assert next_class(date(2026, 12, 31)) == date(2027, 1, 9)


def test_only_those_come_who_signed_up(year: History) -> None:
    signed = {(each.object_id, each.person.number) for each in year.happenings if each.kind == "signed_up"}
    came = [(each.object_id, each.person.number) for each in year.happenings if each.kind == "attended"]
    assert len(came) == len(set(came))
    assert set(came) < signed


def test_a_class_never_overflows(year: History) -> None:
    taken = Counter(each.object_id for each in year.happenings if each.kind == "signed_up" and "diy" in each.object_id)
    assert max(taken.values()) <= 30


def test_the_quiz_is_answered_on_wednesday_evenings_once_by_each(year: History) -> None:
    answers = [each for each in year.happenings if each.kind == "answered"]
    assert {(each.at.weekday(), each.at.hour) for each in answers} == {(2, 20)}
    assert max(Counter((each.object_id, each.person.number) for each in answers).values()) == 1
