"""The eighteen tag dimensions that ship with the product, in four aspects, with the tags to begin with.

Names are English here and Chinese in the catalogue, like every text. What is stored is the name in the
language of the installation; files may use either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy, override, pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_BASE, _BEHAVIOUR, _PREFERENCES, _SOCIAL = "base", "behaviour", "preferences", "social"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One dimension: its key for good, its aspect, its name, and its tags by the end of their keys."""

    key: str
    aspect: str
    label: _StrPromise
    tags: tuple[tuple[str, _StrPromise], ...] = ()


NEEDS: tuple[tuple[str, _StrPromise], ...] = (
    ("expertise", pgettext_lazy("tag", "Expert advice")),
    ("tutorials", pgettext_lazy("tag", "Guides step by step")),
    ("news", pgettext_lazy("tag", "News of the trade")),
    ("reviews", pgettext_lazy("tag", "Honest reviews")),
    ("cases", pgettext_lazy("tag", "Stories from others")),
    ("materials", pgettext_lazy("tag", "Material to keep")),
    ("courses", pgettext_lazy("tag", "Courses and talks")),
    ("inspiration", pgettext_lazy("tag", "Inspiration")),
    ("friends", pgettext_lazy("tag", "Making friends")),
    ("peers", pgettext_lazy("tag", "Meeting peers")),
    ("experts", pgettext_lazy("tag", "Access to experts")),
    ("gatherings", pgettext_lazy("tag", "Meeting in person")),
    ("partners", pgettext_lazy("tag", "Finding partners")),
    ("help", pgettext_lazy("tag", "Helping one another")),
    ("team", pgettext_lazy("tag", "Doing things together")),
    ("belonging", pgettext_lazy("tag", "Belonging")),
    ("recognition", pgettext_lazy("tag", "Being seen")),
    ("company", pgettext_lazy("tag", "Company")),
    ("fun", pgettext_lazy("tag", "Fun")),
    ("relief", pgettext_lazy("tag", "Letting off steam")),
    ("growth", pgettext_lazy("tag", "Growing as a person")),
    ("voice", pgettext_lazy("tag", "Having a say")),
    ("discounts", pgettext_lazy("tag", "Discounts")),
    ("early", pgettext_lazy("tag", "First to buy")),
    ("gifts", pgettext_lazy("tag", "Gifts and samples")),
    ("custom", pgettext_lazy("tag", "Made to order")),
    ("aftercare", pgettext_lazy("tag", "Help after buying")),
    ("fast", pgettext_lazy("tag", "Quick answers")),
    ("income", pgettext_lazy("tag", "Earning something")),
    ("resale", pgettext_lazy("tag", "Trading second-hand")),
)
"""Thirty core needs: what people come for, by content, people, feeling and money; a questionnaire asks for them."""

SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        "sex",
        _BASE,
        pgettext_lazy("dimension", "Sex"),
        (("female", pgettext_lazy("tag", "Female")), ("male", pgettext_lazy("tag", "Male"))),
    ),
    Shipped(
        "age",
        _BASE,
        pgettext_lazy("dimension", "Age group"),
        (
            ("minor", pgettext_lazy("tag", "Under 18")),
            ("18", pgettext_lazy("tag", "18 to 24")),
            ("25", pgettext_lazy("tag", "25 to 34")),
            ("35", pgettext_lazy("tag", "35 to 44")),
            ("45", pgettext_lazy("tag", "45 to 59")),
            ("60", pgettext_lazy("tag", "60 and over")),
        ),
    ),
    Shipped("city", _BASE, pgettext_lazy("dimension", "City")),
    Shipped("occupation", _BASE, pgettext_lazy("dimension", "Occupation")),
    Shipped(
        "household",
        _BASE,
        pgettext_lazy("dimension", "Household"),
        (
            ("single", pgettext_lazy("tag", "Single")),
            ("couple", pgettext_lazy("tag", "Couple")),
            ("children", pgettext_lazy("tag", "With children")),
            ("parents", pgettext_lazy("tag", "Living with parents")),
        ),
    ),
    Shipped("origin", _BEHAVIOUR, pgettext_lazy("dimension", "Source")),
    Shipped(
        "activity",
        _BEHAVIOUR,
        pgettext_lazy("dimension", "Activity"),
        (
            ("high", pgettext_lazy("tag", "Very active")),
            ("middle", pgettext_lazy("tag", "Now and then")),
            ("low", pgettext_lazy("tag", "Mostly silent")),
            ("lost", pgettext_lazy("tag", "Gone quiet")),
        ),
    ),
    Shipped(
        "spending",
        _BEHAVIOUR,
        pgettext_lazy("dimension", "Spending"),
        (
            ("high", pgettext_lazy("tag", "High spending")),
            ("middle", pgettext_lazy("tag", "Medium spending")),
            ("low", pgettext_lazy("tag", "Low spending")),
            ("none", pgettext_lazy("tag", "Never bought")),
        ),
    ),
    Shipped(
        "purchase",
        _BEHAVIOUR,
        pgettext_lazy("dimension", "Purchase stage"),
        (
            ("aware", pgettext_lazy("tag", "Has heard of us")),
            ("interested", pgettext_lazy("tag", "Is interested")),
            ("first", pgettext_lazy("tag", "Bought once")),
            ("again", pgettext_lazy("tag", "Buys again")),
            ("loyal", pgettext_lazy("tag", "Loyal customer")),
        ),
    ),
    Shipped(
        "participation",
        _BEHAVIOUR,
        pgettext_lazy("dimension", "Way of taking part"),
        (
            ("reads", pgettext_lazy("tag", "Reads along")),
            ("talks", pgettext_lazy("tag", "Talks")),
            ("attends", pgettext_lazy("tag", "Comes to activities")),
            ("creates", pgettext_lazy("tag", "Makes content")),
        ),
    ),
    Shipped("interest", _PREFERENCES, pgettext_lazy("dimension", "Interest")),
    Shipped("goods", _PREFERENCES, pgettext_lazy("dimension", "Favourite goods")),
    Shipped(
        "form",
        _PREFERENCES,
        pgettext_lazy("dimension", "Content form"),
        (
            ("text", pgettext_lazy("tag", "Text")),
            ("pictures", pgettext_lazy("tag", "Pictures")),
            ("video", pgettext_lazy("tag", "Video")),
            ("live", pgettext_lazy("tag", "Live streams")),
            ("audio", pgettext_lazy("tag", "Audio")),
        ),
    ),
    Shipped(
        "price",
        _PREFERENCES,
        pgettext_lazy("dimension", "Attitude to price"),
        (
            ("cheap", pgettext_lazy("tag", "Looks at the price")),
            ("value", pgettext_lazy("tag", "Value for money")),
            ("quality", pgettext_lazy("tag", "Quality first")),
        ),
    ),
    Shipped("need", _PREFERENCES, pgettext_lazy("dimension", "Core need"), NEEDS),
    Shipped(
        "part",
        _SOCIAL,
        pgettext_lazy("dimension", "Part in the community"),
        (
            ("helper", pgettext_lazy("tag", "Helps others")),
            ("host", pgettext_lazy("tag", "Keeps talks going")),
            ("asker", pgettext_lazy("tag", "Asks questions")),
            ("listener", pgettext_lazy("tag", "Listens")),
        ),
    ),
    Shipped(
        "influence",
        _SOCIAL,
        pgettext_lazy("dimension", "Influence"),
        (
            ("high", pgettext_lazy("tag", "Others follow")),
            ("middle", pgettext_lazy("tag", "Heard by some")),
            ("low", pgettext_lazy("tag", "Rarely heard")),
        ),
    ),
    Shipped(
        "relation",
        _SOCIAL,
        pgettext_lazy("dimension", "Relation to us"),
        (
            ("stranger", pgettext_lazy("tag", "New to us")),
            ("customer", pgettext_lazy("tag", "Customer")),
            ("fan", pgettext_lazy("tag", "Fan")),
            ("partner", pgettext_lazy("tag", "Partner")),
        ),
    ),
)
"""Five of base attributes, five of behaviour, five of preferences, three of social relations."""

ASPECTS: dict[str, _StrPromise] = {
    _BASE: gettext_lazy("Base attributes"),
    _BEHAVIOUR: gettext_lazy("Behaviour"),
    _PREFERENCES: gettext_lazy("Preferences"),
    _SOCIAL: gettext_lazy("Social relations"),
}
"""The four aspects of a profile, in their order."""


@cache
def _labels() -> dict[str, _StrPromise]:
    found = {one.key: one.label for one in SHIPPED}
    return found | {f"{one.key}-{end}": label for one in SHIPPED for end, label in one.tags}


def shipped_label(key: str, name: str) -> str:
    """The name of a shipped dimension or tag in the reader's language; `name` where this version has no such key."""
    label = _labels().get(key)
    return name if label is None else str(label)


@cache
def keys_by_name() -> dict[str, str]:
    """The key of a shipped dimension, and “dimension key/tag” → the key of a shipped tag, by folded name."""
    found: dict[str, str] = {}
    for one in SHIPPED:
        found |= {name.casefold(): one.key for name in said_in_all(one.label)}
        for end, label in one.tags:
            found |= {f"{one.key}/{name.casefold()}": f"{one.key}-{end}" for name in said_in_all(label)}
    return found


def said_in_all(label: _StrPromise) -> list[str]:
    """The name in every language of the product, the installation's first."""
    first = settings.LANGUAGE_CODE
    names = []
    for code in [first, *(code for code, _name in settings.LANGUAGES if code != first)]:
        with override(code):
            names.append(str(label))
    return list(dict.fromkeys(names))
