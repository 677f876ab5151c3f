"""Finding many words in a text at once, however they are spelled, with their places in the text as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from qunying.kit.text.folding import fold, origins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word to look for, and the harmless longer words it stands in, such as 「最后」 for 「最」."""

    word: str
    exceptions: tuple[str, ...] = ()


class Match(NamedTuple):
    """A word that was found: its number among the patterns, and where it begins and ends in the text as written."""

    pattern: int
    start: int
    end: int


@dataclass(slots=True)
class _Needle:
    """What is looked for in folded text: for which patterns it is the word, and for which an exception."""

    text: str
    words: list[int]
    shields: list[int]
    gaps: set[int]


class Matcher:
    """Looks for any number of words in one pass.

    All places where a word stands are found, those that lie in one another too; `outermost` leaves the longest.
    A word that begins or ends with a Latin letter (or a digit) is not found inside a longer row of such: “av” does
    not stand in “have”. Patterns of which nothing is left when folded are never found.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind  # noqa: PLC0415 - what only screening needs

        needles: dict[str, _Needle] = {}
        for number, pattern in enumerate(patterns):
            if word := fold(pattern.word):
                needle = needles.setdefault(word, _Needle(word, [], [], set()))
                needle.words.append(number)
                needle.gaps.add(_gaps(origins(pattern.word)))
            for exception in filter(None, map(fold, pattern.exceptions)):
                needles.setdefault(exception, _Needle(exception, [], [], set())).shields.append(number)
        self._needles = list(needles.values())
        self._automaton = AhoCorasick(list(needles), matchkind=MatchKind.Standard, store_patterns=False)

    def find(self, text: str) -> list[Match]:
        """Every place where a word stands outside its exceptions, in the order of beginnings."""
        hits = self._automaton.find_matches_as_indexes(fold(text), overlapping=True)
        return self._placed(text, hits) if hits else []

    def _placed(self, text: str, hits: Iterable[tuple[int, int, int]]) -> list[Match]:
        """The hits in folded text as matches in `text`."""
        places = origins(text)
        shields: dict[int, list[tuple[int, int]]] = {}
        words: list[tuple[int, int, int]] = []
        for number, start, end in hits:
            needle = self._needles[number]
            for pattern in needle.shields:
                shields.setdefault(pattern, []).append((start, end))
            if needle.words and _stands_alone(needle, text, places[start:end]):
                words += [(pattern, start, end) for pattern in needle.words]
        found = [
            Match(pattern, places[start], places[end - 1] + 1)
            for pattern, start, end in words
            if not any(first <= start and end <= last for first, last in shields.get(pattern, ()))
        ]
        return sorted(found, key=lambda match: (match.start, -match.end, match.pattern))


def outermost(matches: Iterable[Match]) -> list[Match]:
    """The matches that lie in no longer one, in their order; of those at the same place, all."""
    kept: list[Match] = []
    reach = (0, 0)
    for match in sorted(matches, key=lambda one: (one.start, -one.end)):
        if match.end > reach[1] or (match.start, match.end) == reach:
            kept.append(match)
            reach = (match.start, match.end)
    return kept


def _stands_alone(needle: _Needle, text: str, places: Sequence[int]) -> bool:
    """Whether a word of Latin letters or digits is no part of a longer one, and not put together from several."""
    first, last = _kind(needle.text[0]), _kind(needle.text[-1])
    if first and places[0] and _kind(fold(text[places[0] - 1])[-1:]) == first:
        return False
    if last and _kind(fold(text[places[-1] + 1 : places[-1] + 2])[:1]) == last:
        return False
    if not (needle.text.isascii() and needle.text.isalpha()):
        return True
    return _gaps(places) in needle.gaps | {0, len(needle.text) - 1}


def _kind(char: str) -> str:
    if not char.isascii():
        return ""
    return "letter" if char.isalpha() else "digit" if char.isdigit() else ""


def _gaps(places: Sequence[int]) -> int:
    """How often something was left out between one character and the next."""
    return sum(after - before > 1 for before, after in pairwise(places))
