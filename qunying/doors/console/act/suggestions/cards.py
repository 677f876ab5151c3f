"""A suggestion as its page shows it: every word and the picture, ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.act.suggestions.port import detector_named
from qunying.act.suggestions.queries import past_results
from qunying.act.suggestions.words import (
    expected_of,
    helps_of,
    result_words,
    sentence_of,
    stake_of,
    sureness_of,
    title_of,
)
from qunying.doors.console.act.suggestions.pictures import Picture, picture_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from qunying.act.suggestions.models import Suggestion


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list beside."""

    suggestion: Suggestion
    title: str
    result: str


@dataclass(frozen=True, slots=True)
class Card:
    """The one that stands large."""

    suggestion: Suggestion
    title: str
    sentence: str
    looks_at: str
    sureness: str
    stake: str
    expected: str
    result: str
    helps: Sequence[_StrPromise]
    picture: Picture | None
    good_news: bool


def entry_of(row: Suggestion) -> Entry:
    """The line of a suggestion."""
    return Entry(row, title_of(row), _result(row))


def card_of(row: Suggestion) -> Card:
    """Everything about a suggestion. One query, for past results."""
    detector = detector_named(row.detector)
    return Card(
        row,
        title_of(row),
        sentence_of(row),
        str(detector.looks_at) if detector else "",
        sureness_of(row),
        stake_of(row),
        expected_of(past_results([row.community_id], row.detector)),
        _result(row),
        helps_of(row),
        picture_of(row.evidence),
        detector.good_news if detector else False,
    )


def _result(row: Suggestion) -> str:
    result = getattr(row, "result", None)
    return result_words(row, result) if result else ""
