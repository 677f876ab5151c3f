"""What people in the flower shop's groups say, read from sentences.toml beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

_ALL_DAY = (0, 24)


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing people talk about: how it starts, what others say to it, what the shop says to it.

    `weight` is how often it comes up on an ordinary day against the other topics, 0 where only an
    occasion brings it up; `hours` (from, to) are those in which it makes sense at all.
    """

    name: str
    weight: float
    openers: tuple[str, ...]
    replies: tuple[str, ...]
    shop: tuple[str, ...]
    hours: tuple[int, int] = _ALL_DAY


_BOOK = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

TOPICS = {
    each["name"]: Topic(
        name=each["name"],
        weight=each["weight"],
        openers=tuple(each["openers"]),
        replies=tuple(each["replies"]),
        shop=tuple(each["shop"]),
        hours=tuple(each.get("hours", _ALL_DAY)),
    )
    for each in _BOOK["topics"]
}
SLOTS: dict[str, list[str]] = _BOOK["slots"]
MONTHS: dict[str, list[int]] = _BOOK["months"]
"""Words with a season: the months in which people say them."""
STICKERS: list[str] = _BOOK["stickers"]
TIPS: list[str] = _BOOK["tips"]
OFFERS: list[str] = _BOOK["offers"]
QUIZZES: list[str] = _BOOK["quizzes"]
COMPLAINTS: list[str] = _BOOK["complaints"]
