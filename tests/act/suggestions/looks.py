"""Histories put together by hand: the detectors look at these numbers and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from math import comb
from typing import TYPE_CHECKING, Any

from qunying.act.suggestions.history import History, Look
from qunying.ground.groups.models import Community

if TYPE_CHECKING:
    from qunying.act.suggestions.port import Asked

UNTIL = date(2026, 3, 29)
"""A Sunday, with no public holiday for weeks."""


def look_at(*, days: int = 200, **figures: Any) -> Look:
    """A look on UNTIL at a history with these figures in place of those the warehouse would give."""
    history = History(Community(name="试", slug="shi"), UNTIL - timedelta(days=days), UNTIL)
    history.__dict__.update(figures)
    return Look(history, UNTIL)


def only(questions: list[Asked]) -> Asked:
    """The one question that was put."""
    assert len(questions) == 1
    return questions[0]


def at_most(part: int, whole: int, other_part: int, other_whole: int) -> float:
    """Fisher's one-sided p by counting: the chance of so few parts among `whole`, both margins being what they are."""
    parts, everybody = part + other_part, whole + other_whole
    ways = sum(comb(parts, few) * comb(everybody - parts, whole - few) for few in range(part + 1))
    return ways / comb(everybody, whole)
