"""What has changed from one text to another, character by character, as Chinese wants it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

SAME, OUT, IN = "same", "out", "in"
_MOST = 4_000
"""Characters of a changed passage compared one by one; a longer one is shown as taken out and put in whole."""
_ISLAND = 2
"""So few equal characters between two changes are read as part of the change."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage that stayed (`same`), went (`out`) or came (`in`)."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in the order of reading: without those that came, it is `before`; the other way round.

    Lines are matched first, and characters within the lines that changed.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, i, j, k, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(old[i:j])))
        else:
            pieces += _within(old[i:j], new[k:end])
    return _joined(pieces)


def _within(old: list[str], new: list[str]) -> list[Piece]:
    if len(old) == len(new):
        return [piece for a, b in zip_longest(old, new, fillvalue="") for piece in _characters(a, b)]
    return _characters("".join(old), "".join(new))


def _characters(before: str, after: str) -> list[Piece]:
    if max(len(before), len(after)) > _MOST:
        return [Piece(OUT, before), Piece(IN, after)]
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, end in matcher.get_opcodes():
        inside = bool(pieces) and j < len(before) and end < len(after)
        if tag == "equal" and not (inside and j - i <= _ISLAND and not before[i:j].endswith("\n")):
            pieces.append(Piece(SAME, before[i:j]))
        else:
            pieces += [Piece(OUT, before[i:j]), Piece(IN, after[k:end])]
    return pieces


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind become one, and between two that stayed what went stands before what came."""
    joined: list[Piece] = []
    out = come = ""
    for piece in [*pieces, Piece(SAME, "")]:
        if piece.kind == OUT:
            out += piece.text
        elif piece.kind == IN:
            come += piece.text
        else:
            joined += [Piece(kind, text) for kind, text in ((OUT, out), (IN, come)) if text]
            out = come = ""
            joined += [piece] if piece.text else []
    return _same_joined(joined)


def _same_joined(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
