from __future__ import annotations

from datetime import date

import pytest

from qunying.plan.schedule.days import RULES, move


@pytest.mark.parametrize(
    ("day", "rule", "moved"),
    [
        (date(2026, 3, 3), "", date(2026, 3, 3)),
        (date(2026, 3, 3), "monday", date(2026, 3, 9)),
        (date(2026, 3, 9), "monday", date(2026, 3, 9)),
        (date(2026, 3, 9), "sunday", date(2026, 3, 15)),
        (date(2026, 3, 7), "workday", date(2026, 3, 9)),
        (date(2026, 10, 1), "workday", date(2026, 10, 8)),
        (date(2026, 3, 2), "month-start", date(2026, 4, 1)),
        (date(2026, 2, 2), "month-end", date(2026, 2, 28)),
        (date(2026, 3, 2), "quarter-start", date(2026, 4, 1)),
        (date(2026, 11, 2), "quarter-start", date(2027, 1, 1)),
        (date(2096, 3, 3), "workday", date(2096, 3, 5)),
    ],
)
def test_a_rule_moves_a_day_to_the_first_that_keeps_it(day: date, rule: str, moved: date) -> None:
    """3 March 2026 is a Tuesday; 1 to 7 October a public holiday; 3 March 2096 a Saturday no calendar knows yet."""
    assert move(day, rule) == moved


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_moves_a_day_back_and_twice_is_the_same_as_once(rule: str) -> None:
    for number in range(1, 29):
        day = date(2026, 2, number)
        assert move(day, rule) >= day
        assert move(move(day, rule), rule) == move(day, rule)
