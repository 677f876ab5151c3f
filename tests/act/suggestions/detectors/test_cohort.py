from __future__ import annotations

from datetime import timedelta

import pytest

from qunying.act.suggestions.detectors.cohort import _find
from qunying.act.suggestions.history import WEEK, Cohort
from tests.act.suggestions.looks import UNTIL, at_most, look_at, only

NEWEST = UNTIL - timedelta(days=13)
"""The Monday of the newest cohort whose second week is over."""


def cohorts(*newest_first: tuple[int, int]) -> list[Cohort]:
    """Weekly cohorts of (active, size), given the newest first."""
    return [Cohort(NEWEST - number * WEEK, *one) for number, one in enumerate(newest_first)][::-1]


def test_newcomers_who_drop_off_are_found_with_the_exact_chance() -> None:
    """6 of 40 against 120 of 240: counted out, the chance is 1.8 in a hundred thousand."""
    asked = only(list(_find(look_at(cohorts=cohorts((6, 40), *[(10, 20)] * 12)))))
    assert asked.p == pytest.approx(at_most(6, 40, 120, 240), rel=1e-9)
    assert asked.p == pytest.approx(1.823e-5, rel=1e-3)
    assert (asked.large, asked.effect, asked.key) == (True, pytest.approx(-0.35), "cohort")
    assert (asked.params["part"], asked.params["whole"], asked.params["before"]) == (6, 40, 0.5)
    assert [row["marked"] for row in asked.evidence["rows"]] == [False] * 12 + [True]


def test_a_cohort_like_the_others_is_asked_about_and_is_nothing() -> None:
    asked = only(list(_find(look_at(cohorts=cohorts((20, 40), *[(10, 20)] * 12)))))
    assert (asked.large, asked.effect) == (False, 0.0)
    assert asked.p is not None
    assert asked.p > 0.5


def test_a_fall_that_is_sure_and_small_does_not_matter() -> None:
    asked = only(list(_find(look_at(cohorts=cohorts((860, 2000), *[(1000, 2000)] * 12)))))
    assert asked.p is not None
    assert (asked.p < 1e-6, asked.large) == (True, False)


def test_small_cohorts_are_taken_together_up_to_four_weeks() -> None:
    asked = only(list(_find(look_at(cohorts=cohorts(*[(1, 10)] * 3, *[(5, 10)] * 12)))))
    assert (asked.params["weeks"], asked.params["part"], asked.params["whole"]) == (3, 3, 30)


@pytest.mark.parametrize(
    ("newest", "earlier"),
    [((0, 7), [(0, 7)] * 3 + [(20, 40)] * 12), ((0, 40), [(5, 19)] * 3), ((0, 40), [])],
    ids=["28 newcomers in four weeks", "57 before", "nobody before"],
)
def test_too_few_to_count_are_not_asked_about(newest: tuple[int, int], earlier: list[tuple[int, int]]) -> None:
    assert list(_find(look_at(cohorts=cohorts(newest, *earlier)))) == []


def test_what_is_not_over_by_the_day_of_the_look_is_not_seen() -> None:
    look = look_at(cohorts=[*cohorts(*[(10, 20)] * 13), Cohort(NEWEST + WEEK, 0, 500)])
    assert only(list(_find(look))).params["whole"] == 40
