"""Known answers of the tests that suggestions stand on."""

from __future__ import annotations

from random import Random

import pytest

from qunying.kit.significance import (
    Proportion,
    above_earlier,
    as_quiet,
    below_earlier,
    difference_interval,
    falls_short,
    false_discoveries,
    two_proportions,
)

BENJAMINI_HOCHBERG = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
"""The fifteen p-values of their paper of 1995."""


def test_two_proportions_gives_the_documented_answer() -> None:
    z, p = two_proportions(Proportion(5, 83), Proportion(12, 99))
    assert (round(z, 4), round(p, 5)) == (-1.4078, 0.15918)


def test_nothing_differs_where_everybody_did() -> None:
    assert two_proportions(Proportion(5, 5), Proportion(9, 9)) == (0.0, 1.0)


def test_falling_short_looks_one_way_only() -> None:
    assert falls_short(Proportion(5, 83), Proportion(12, 99)) == pytest.approx(0.125, abs=0.005)
    assert falls_short(Proportion(12, 99), Proportion(5, 83)) > 0.9


def test_newcombe_gives_the_published_interval() -> None:
    low, high = difference_interval(Proportion(56, 70), Proportion(48, 80))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_benjamini_and_hochberg_reject_four_of_fifteen() -> None:
    q_values = false_discoveries(BENJAMINI_HOCHBERG)
    assert sum(q <= 0.05 for q in q_values) == 4
    assert [round(q, 4) for q in q_values[:6]] == [0.0015, 0.0030, 0.0095, 0.0356, 0.0603, 0.0639]
    assert false_discoveries([]) == []


def test_a_usual_week_is_nothing_and_a_bad_one_is_something() -> None:
    weeks = [900, 870, 950, 910, 880, 940, 905, 890]
    assert below_earlier(900, weeks) == pytest.approx(0.48, abs=0.05)
    assert below_earlier(360, weeks) < 1e-5
    assert above_earlier(360, weeks) > 0.999


def test_few_weeks_say_nothing() -> None:
    for judge in (below_earlier, above_earlier, as_quiet):
        with pytest.raises(ValueError, match="three earlier"):
            judge(1, [2, 3])


def test_silence_is_judged_by_how_unsteady_the_group_was() -> None:
    steady, unsteady = [40, 44, 38, 41, 42, 39], [2, 90, 0, 60, 4, 88]
    assert as_quiet(0, steady) < 1e-6
    assert as_quiet(0, unsteady) > 0.05
    assert as_quiet(0, [0, 0, 0]) == 1.0


def test_chance_alone_is_found_about_as_often_as_it_says() -> None:
    dice = Random(7)

    def week() -> float:
        return sum(dice.expovariate(1 / 60) for _ in range(7))

    found = sum(below_earlier(week(), [week() for _ in range(8)]) < 0.05 for _ in range(2000))
    assert 0.03 < found / 2000 < 0.075
