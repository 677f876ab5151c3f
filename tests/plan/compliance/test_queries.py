"""Word lists as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.kit.errors import NotFoundError
from qunying.plan.compliance.models import Word, WordList
from qunying.plan.compliance.queries import get_list_for, get_word_for, lists_for, words_of
from qunying.plan.compliance.reading import Given
from qunying.plan.compliance.services import create_list
from qunying.plan.compliance.services_words import add_words, remove_words
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def _list(name: str, unit: Unit | None, *rows: Given) -> WordList:
    words = create_list(name, kind="own", severity="warn", unit=unit, by=TESTS)
    add_words(words, given=rows, by=TESTS)
    return words


def test_people_see_everyones_lists_their_own_and_those_above(
    director: Staff, reviewer: Staff, outsider: Staff, units: Units
) -> None:
    places = (("甲", None), ("乙", units.headquarters), ("丙", units.shop), ("丁", units.south))
    lists = {name: _list(name, unit, Given(1, "词")) for name, unit in places}
    seen = [sorted(words.name for words in lists_for(who)) for who in (director, reviewer, outsider)]
    assert seen == [sorted("甲乙丙丁"), sorted("甲乙丙"), sorted("甲乙丁")]
    assert get_list_for(reviewer, lists["丙"].pk).words_now == 1  # type: ignore[attr-defined]
    with pytest.raises(NotFoundError):
        get_list_for(outsider, lists["丙"].pk)
    with pytest.raises(NotFoundError):
        get_word_for(outsider, Word.objects.get(word_list=lists["丙"]).pk)


def test_who_sees_no_plans_sees_no_lists(reviewer: Staff) -> None:
    _list("甲", None)
    reviewer.grants.update(role="it")
    assert list(lists_for(reviewer)) == []


def test_words_are_found_however_they_are_spelled(units: Units, lead: Staff) -> None:
    words = _list("店规", units.shop, Given(1, "國家級", "太满"), Given(2, "第一", instead="很好"), Given(3, "亲"))
    found = {asked: [one.word for one in words_of(words, holding=asked)] for asked in ("国家", "满", "很好", "…", "")}
    assert found == {"国家": ["國家級"], "满": ["國家級"], "很好": ["第一"], "…": [], "": ["國家級", "第一", "亲"]}
    gone = Word.objects.get(word="亲")
    assert get_word_for(lead, gone.pk) == gone
    remove_words(words, ids=[gone.pk], by=TESTS)
    with pytest.raises(NotFoundError):
        get_word_for(lead, gone.pk)
    assert words_of(words).count() == 2
