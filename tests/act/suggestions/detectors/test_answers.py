from __future__ import annotations

from datetime import timedelta

import pytest

from qunying.act.suggestions.detectors.answers import _figure, _find
from qunying.act.suggestions.history import WEEK
from qunying.act.suggestions.waits import Wait
from qunying.kit.periods import Period
from tests.act.suggestions.looks import UNTIL, look_at, only


def waits(*newest_first: tuple[int, float]) -> list[Wait]:
    """Weeks of (so many waits, so many minutes each), the newest first, all on the last day of each week."""
    weeks = enumerate(newest_first)
    return [Wait(UNTIL - number * WEEK, minutes) for number, (many, minutes) in weeks for _each in range(many)]


def test_slower_answers_are_found_with_the_documented_chance() -> None:
    """Nine minutes in ten weeks, then thirty-six: √36 lies 3 above √9, t = 3 / √(¼ · 1.1) with nine degrees."""
    asked = only(list(_find(look_at(waits=waits((10, 36.0), *[(10, 9.0)] * 10)))))
    assert asked.p == pytest.approx(0.00014334, rel=1e-4)
    assert (asked.large, asked.effect, asked.key) == (True, 3.0, "answers")
    assert asked.params == {"now": 36, "usual": 9, "waits": 10}
    assert [row["value"] for row in asked.evidence["rows"]] == [9.0] * 10 + [36.0]


def test_answers_as_quick_as_ever_are_nothing() -> None:
    asked = only(list(_find(look_at(waits=waits(*[(10, 9.0)] * 11)))))
    assert (asked.large, asked.effect, asked.p) == (False, 0.0, pytest.approx(0.5))


@pytest.mark.parametrize(("now", "large"), [(59.0, False), (60.0, True)])
def test_half_as_long_again_is_large_and_less_is_not(now: float, large: bool) -> None:
    assert only(list(_find(look_at(waits=waits((10, now), *[(10, 40.0)] * 10))))).large is large


def test_a_few_minutes_more_do_not_matter() -> None:
    assert not only(list(_find(look_at(waits=waits((10, 5.0), *[(10, 1.0)] * 10))))).large


def test_too_few_waits_and_too_few_weeks_are_not_asked_about() -> None:
    assert list(_find(look_at(waits=waits((9, 300.0), *[(10, 9.0)] * 10)))) == []
    assert list(_find(look_at(waits=waits((10, 300.0), *[(10, 9.0)] * 5, *[(9, 9.0)] * 5)))) == []
    assert len(list(_find(look_at(waits=waits((10, 300.0), *[(10, 9.0)] * 6))))) == 1
    assert list(_find(look_at(waits=[]))) == []


def test_the_figure_of_a_result_is_the_median_and_none_of_too_few() -> None:
    history = look_at(waits=[*waits((5, 10.0)), *waits((5, 30.0))]).history
    span = Period(UNTIL - timedelta(days=6), UNTIL)
    measured = _figure(history, span, {})
    assert measured is not None
    assert measured.value == 20.0
    history.waits.pop()
    assert _figure(history, span, {}) is None
