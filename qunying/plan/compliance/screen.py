"""Every list that is switched on, compiled once a process and anew when any process has changed one."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from qunying.kit.text.matching import Matcher, Pattern
from qunying.plan.compliance.models import Edition, Word


@dataclass(frozen=True, slots=True)
class Entry:
    """A word as it is looked for. `path` is that of the unit it holds in and below, '' where it holds everywhere."""

    word: Word
    path: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """The words of one edition, and what finds them; a match's pattern is the place of its word in `entries`."""

    edition: int
    entries: tuple[Entry, ...]
    matcher: Matcher


_lock = Lock()
_kept: list[Screen] = []


def current_screen() -> Screen:
    """The screen of the lists as they stand; one query where nothing has changed."""
    # Asked before the words are read: what changes in between belongs to the next edition, and compiles again.
    edition = Edition.objects.filter(pk=1).values_list("mark", flat=True).first() or 0
    with _lock:
        if not _kept or _kept[0].edition != edition:
            _kept[:] = [_compile(edition)]
        return _kept[0]


def _compile(edition: int) -> Screen:
    found = (
        Word.objects.filter(removed_at=None, word_list__active=True).select_related("word_list__unit").order_by("pk")
    )
    entries = tuple(
        Entry(word, word.word_list.unit.path if word.word_list.unit else "", word.word_list.severity == "stop")
        for word in found
    )
    patterns = [Pattern(entry.word.word, tuple(entry.word.exceptions)) for entry in entries]
    return Screen(edition, entries, Matcher(patterns))
