"""Figures of content in words and numbers: each count with what it is a share of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.do.publishing.models import Sign

if TYPE_CHECKING:
    from qunying.do.publishing.figures import Figures


@dataclass(frozen=True, slots=True)
class Told:
    """One figure as it is shown: how often, of how many (0: unknown), its share in per cent, typed in, told at all."""

    name: str
    label: str
    count: int
    base: int
    share: float | None
    by_hand: bool
    known: bool


def told(figures: Figures) -> list[Told]:
    """Every figure in the order of `Sign`."""
    return [_told(figures, sign) for sign in Sign]


def _told(figures: Figures, sign: Sign) -> Told:
    rate = figures.rate_of(sign)
    share = None if rate is None else rate * 100
    count, base = figures.counts[sign], figures.base_of(sign)
    by_hand, known = sign in figures.by_hand, sign in figures.known
    return Told(sign.value, str(sign.label), count, base, share, by_hand, known)
