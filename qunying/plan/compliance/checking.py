"""What is found in a text before it goes out: words of the lists that hold there, and what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from qunying.kit.text.likeness import ALIKE, Twin, twins_of
from qunying.kit.text.matching import outermost
from qunying.plan.compliance.models import WordList
from qunying.plan.compliance.screen import current_screen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.groups.models import Community
    from qunying.kit.text.matching import Match
    from qunying.plan.compliance.screen import Entry

Key = TypeVar("Key")
__all__ = ["Finding", "Twin", "check_text", "duplicates_of"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text: where it begins and ends (characters, the end not included), what stands there, and why.

    `check` is the kind of list (`sensitive`, `advertising`, `platform`, `own`), `label` the list in words;
    `severity` is "stop" or "warn"; `instead` says what to write, '' where nothing is suggested.
    """

    check: str
    label: str
    start: int
    end: int
    excerpt: str
    reason: str
    severity: str
    instead: str = ""


def check_text(words: str, *, community: Community | None) -> list[Finding]:
    """What the lists find that hold in the community (None: those that hold everywhere), in the order of reading.

    Of words that lie in one another the longest is told; a shorter one too where it alone must be changed. Reasons
    are in the reader's language.
    """
    screen = current_screen()
    path = community.unit.path if community is not None else ""
    here = [match for match in screen.matcher.find(words) if path.startswith(screen.entries[match.pattern].path)]
    graver = [match for match in here if screen.entries[match.pattern].stops]
    told = sorted({*outermost(here), *outermost(graver)}, key=lambda match: (match.start, -match.end, match.pattern))
    return [_finding(match, screen.entries[match.pattern], words) for match in told]


def _finding(match: Match, entry: Entry, words: str) -> Finding:
    word, of = entry.word, entry.word.word_list
    return Finding(
        check=of.kind,
        label=of.label,
        start=match.start,
        end=match.end,
        excerpt=words[match.start : match.end],
        reason=word.why or _("“%(word)s” stands on the list “%(list)s”.") % {"word": word.word, "list": of.label},
        severity=WordList.Severity.STOP.value if entry.stops else WordList.Severity.WARN.value,
        instead=word.instead,
    )


def duplicates_of(words: str, *, against: Iterable[tuple[Key, str]], alike: float = ALIKE) -> list[Twin[Key]]:
    """The texts that say much the same, the likest first, each with its key and true likeness (`kit/text/likeness`)."""
    return twins_of(words, against=against, alike=alike)
