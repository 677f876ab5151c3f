"""Verbs on the words of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.compliance import services_words
from qunying.plan.compliance.models import Edition, Word, WordList
from qunying.plan.compliance.reading import Given
from qunying.plan.compliance.services import create_list, ship_lists
from qunying.plan.compliance.services_words import add_words, edit_word, remove_words, restore_words
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(units: Units) -> WordList:
    return create_list("店规", kind="own", severity="warn", unit=units.shop, by=TESTS)


def _standing(words: WordList) -> list[str]:
    return list(Word.objects.filter(word_list=words, removed_at=None).values_list("word", flat=True))


def test_rows_go_in_one_by_one_and_bad_ones_are_told(words: WordList, lead: Staff) -> None:
    rows = [
        Given(1, "最佳", "太满", "很好", ("最佳拍档",)),
        Given(2, "***"),
        Given(3, "最 佳"),
        Given(4, "长" * 61),
        Given(5, "第一", exceptions=("最后",)),
        Given(6, "第一", exceptions=("第一",)),
        Given(7, "首家", reason="长" * 301),
        Given(8, "首家", instead="长" * 201),
        Given(9, "首家", exceptions=tuple(f"首家{number}" for number in range(51))),
        Given(10, "首家", exceptions=("首家" + "店" * 60,)),
        Given(11, "首家"),
    ]
    result = add_words(words, given=rows, by=lead)
    assert (result.added, result.changed, result.same, _standing(words)) == (2, 0, 0, ["最佳", "首家"])
    assert [(one.row, one.why) for one in result.rejected] == [
        (2, "Nothing is left of it to look for."),
        (3, "It stands in row 1 already."),
        (4, "A word has at most 60 characters."),
        (5, "The exception “最后” does not hold the word and more."),
        (6, "The exception “第一” does not hold the word and more."),
        (7, "The reason is longer than 300 characters."),
        (8, "What to write instead is longer than 200 characters."),
        (9, "A word has at most 50 exceptions."),
        (10, "An exception has at most 60 characters."),
    ]
    assert Act.objects.get(verb="words.add").details == {"added": 2, "changed": 0, "rejected": 9}


def test_a_row_brings_what_it_says_and_an_empty_cell_changes_nothing(words: WordList, lead: Staff) -> None:
    add_words(words, given=[Given(1, "最佳", "太满", "很好", ("最佳拍档",))], by=lead)
    same = add_words(words, given=[Given(1, "最佳"), Given(2, "ＮＯ１")], by=lead)
    assert (same.added, same.changed, same.same) == (1, 0, 1)
    before = Edition.objects.get().mark
    changed = add_words(words, given=[Given(1, "最佳", instead="合适")], by=lead)
    after = Edition.objects.get().mark
    assert (changed.added, changed.changed, after != before) == (0, 1, True)
    word = Word.objects.get(word="最佳")
    assert (word.reason, word.instead, word.exceptions) == ("太满", "合适", ["最佳拍档"])
    nothing = add_words(words, given=[Given(1, "最佳")], by=lead)
    assert (nothing.same, Edition.objects.get().mark) == (1, after)


def test_a_list_holds_no_more_than_it_may(words: WordList, lead: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_words, "MOST_WORDS", 2)
    add_words(words, given=[Given(1, "甲")], by=lead)
    with pytest.raises(QunyingError, match="at most 2"):
        add_words(words, given=[Given(1, "乙"), Given(2, "丙")], by=lead)
    assert _standing(words) == ["甲"]


def test_what_is_taken_off_can_be_put_back_and_comes_back_by_being_added(words: WordList, lead: Staff) -> None:
    add_words(words, given=[Given(1, "甲", "因为"), Given(2, "乙")], by=lead)
    first, second = Word.objects.values_list("pk", flat=True)
    assert remove_words(words, ids=[first, second, 999], by=lead) == [first, second]
    assert (remove_words(words, ids=[first], by=lead), _standing(words)) == ([], [])
    assert (restore_words(words, ids=[first], by=lead), _standing(words)) == ([first], ["甲"])
    again = add_words(words, given=[Given(1, "乙")], by=lead)
    assert (again.added, _standing(words)) == (1, ["甲", "乙"])
    assert [act.verb for act in Act.objects.filter(verb__in=["words.remove", "words.restore"]).order_by("pk")] == [
        "words.remove",
        "words.restore",
    ]


def test_words_of_another_list_stay(words: WordList, lead: Staff, units: Units) -> None:
    other = create_list("别的", kind="own", severity="warn", unit=units.south, by=TESTS)
    add_words(other, given=[Given(1, "甲")], by=TESTS)
    assert (remove_words(words, ids=[Word.objects.get().pk], by=lead), _standing(other)) == ([], ["甲"])


def test_changing_a_word_says_all_of_it(words: WordList, lead: Staff) -> None:
    add_words(words, given=[Given(1, "最佳", "太满", "很好", ("最佳拍档",)), Given(2, "第一")], by=lead)
    word = Word.objects.get(word="最佳")
    edit_word(word, given=Given(1, "最优"), by=lead)
    word.refresh_from_db()
    assert (word.word, word.folded, word.reason, word.instead, word.exceptions) == ("最优", "最优", "", "", [])
    with pytest.raises(QunyingError, match="on this list already"):
        edit_word(word, given=Given(1, "第 一"), by=lead)
    with pytest.raises(QunyingError, match="Nothing is left"):
        edit_word(word, given=Given(1, "…"), by=lead)
    remove_words(words, ids=[Word.objects.get(word="第一").pk], by=lead)
    edit_word(word, given=Given(1, "第一"), by=lead)
    assert _standing(words) == ["第一"]


def test_the_english_reason_stays_until_the_reason_changes(director: Staff) -> None:
    ship_lists(by=TESTS)
    word = Word.objects.get(word="根治")
    edit_word(word, given=Given(1, "根治", word.why, "调理"), by=director)
    assert (word.reason_en[:15], word.instead) == ("Advertising Law", "调理")
    edit_word(word, given=Given(1, "根治", "别这么说"), by=director)
    assert (word.why, word.reason_en) == ("别这么说", "")


def test_who_does_not_keep_the_list_changes_no_word(words: WordList, specialist: Staff, outsider: Staff) -> None:
    for by in (specialist, outsider):
        with pytest.raises(NotAllowedError):
            add_words(words, given=[Given(1, "甲")], by=by)
        with pytest.raises(NotAllowedError):
            remove_words(words, ids=[1], by=by)
