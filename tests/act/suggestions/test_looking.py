"""All questions of a look are held against the number of them (methods.md, check C)."""

from __future__ import annotations

import pytest

from qunying.act.suggestions.looking import ALPHA, findings
from qunying.act.suggestions.port import Asked

PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
"""The fifteen p-values of Benjamini and Hochberg 1995; at 0.05 they reject four, Bonferroni three."""


def asked(name: str, p: float | None, *, large: bool = True) -> Asked:
    return Asked(name, "", p, large, effect=-0.5)


def by_hand(p_values: list[float]) -> list[float]:
    """P · m / rank, and from the largest down never more than the one above."""
    m, q = len(p_values), [1.0]
    for rank in range(m, 0, -1):
        q.append(min(q[-1], sorted(p_values)[rank - 1] * m / rank))
    return q[:0:-1]


def test_the_q_values_are_those_of_the_paper_and_those_below_a_hundredth_are_findings() -> None:
    found = findings([asked(f"{number:02}", p) for number, p in enumerate(PAPER)])
    assert [(one.asked.detector, one.q) for one in found] == [
        ("00", pytest.approx(0.0015)),
        ("01", pytest.approx(0.0030)),
        ("02", pytest.approx(0.0095)),
    ]
    assert [one.q for one in found] == pytest.approx(by_hand(PAPER)[:3])


def test_a_p_that_would_do_alone_does_not_among_many() -> None:
    one = asked("a", 0.009)
    assert [found.asked for found in findings([one])] == [one]
    assert findings([one, asked("b", 0.5)]) == []
    assert findings([one, *(asked(str(number), 0.9) for number in range(20))]) == []


def test_many_true_changes_do_not_hide_each_other_as_bonferroni_would() -> None:
    many = [asked(str(number), 0.009) for number in range(20)]
    assert len(findings(many)) == 20


def test_questions_of_small_changes_count_among_the_tests_and_are_no_findings() -> None:
    small = [asked(f"s{number}", 0.9, large=False) for number in range(9)]
    assert findings([asked("a", 0.002), *small]) == []
    assert len(findings([asked("a", 0.0009), *small])) == 1
    assert findings([asked("a", 1e-9, large=False)]) == []


def test_what_is_no_test_does_not_count_among_them_and_comes_first() -> None:
    judged = [asked(f"goal:{number}", None) for number in range(5)]
    found = findings([asked("a", 0.009), *judged, asked("quiet", None, large=False)])
    assert [(one.asked.detector, one.q) for one in found] == [
        *((f"goal:{number}", None) for number in range(5)),
        ("a", pytest.approx(0.009)),
    ]
    assert ALPHA == 0.01
