"""The words of a version cut where the checks have found something, so that a page can mark the places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qunying.plan.content.models import Finding, Version


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words; `severity` and `reason` where something was found in it, else ''."""

    text: str
    severity: str = ""
    reason: str = ""


def marked_words(version: Version) -> list[Passage]:
    """The words in order, in passages; where findings overlap, the one that begins first is marked."""
    words, passages, place = version.words, [], 0
    for finding in _placed(version, len(words)):
        start, end = finding.start or 0, finding.end or 0
        if start < place:
            continue
        passages += [Passage(words[place:start]), Passage(words[start:end], finding.severity, finding.reason)]
        place = end
    return [passage for passage in [*passages, Passage(words[place:])] if passage.text]


def _placed(version: Version, length: int) -> list[Finding]:
    found = [one for one in version.findings.all() if one.start is not None and one.end is not None]
    inside = [one for one in found if 0 <= (one.start or 0) < (one.end or 0) <= length]
    return sorted(inside, key=lambda one: (one.start or 0, one.severity))
