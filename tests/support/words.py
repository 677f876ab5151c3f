"""Word lists for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.plan.compliance.reading import Given
from qunying.plan.compliance.services import create_list
from qunying.plan.compliance.services_words import add_words
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.units.models import Unit
    from qunying.plan.compliance.models import WordList
    from tests.support.cast import Units


WORD_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "word_lists": ("get", {}, "200 200 200 200 200 enter"),
    "word_lists_export": ("get", {}, "200 200 403 403 200 enter"),
    "word_lists_switch": ("post", {}, "302 302 403 403 302 enter"),
    "word_lists_undo": ("post", {}, "302 302 403 403 302 enter"),
    "word_lists_ship": ("post", {}, "302 403 403 403 403 enter"),
    "word_list_new": ("get", {}, "200 200 403 403 200 enter"),
    "text_try": ("get", {}, "200 200 200 200 200 enter"),
    "word_list": ("get", {"pk": "words"}, "200 200 200 200 404 enter"),
    "word_list_export": ("get", {"pk": "words"}, "200 200 403 403 404 enter"),
    "word_list_add": ("get", {"pk": "words"}, "200 200 403 403 404 enter"),
    "word_list_edit": ("get", {"pk": "words"}, "200 200 403 403 404 enter"),
    "word_list_remove": ("post", {"pk": "words"}, "302 302 403 403 404 enter"),
    "words_remove": ("post", {"pk": "words"}, "302 302 403 403 404 enter"),
    "words_undo": ("post", {"pk": "words"}, "302 302 403 403 404 enter"),
    "word_edit": ("get", {"pk": "word"}, "200 200 403 403 404 enter"),
}
"""The routes of the pages on word lists, as `tests/doors/console/test_permissions.py` keeps them."""


def make_words(unit: Unit | None, *words: str, name: str = "店规", severity: str = "warn") -> WordList:
    """A list of house rules with these words, for a unit or for everyone."""
    made = create_list(name, kind="own", severity=severity, unit=unit, by=TESTS)
    add_words(made, given=[Given(row, word) for row, word in enumerate(words, 1)], by=TESTS)
    return made


def word_things(units: Units) -> dict[str, int]:
    """A list of the shop's and its word: the ids that addresses name."""
    words = make_words(units.shop, "亲")
    return {"words": words.pk, "word": words.words.get().pk}
