"""Verbs on word lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.compliance.models import Edition, Word, WordList
from qunying.plan.compliance.reading import Given
from qunying.plan.compliance.services import change_list, create_list, remove_list, ship_lists, switch_lists
from qunying.plan.compliance.services_words import add_words, remove_words
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
HOUSE = {"kind": "own", "severity": "warn"}


def test_a_list_of_a_unit_is_made_and_written_down(lead: Staff, units: Units) -> None:
    words = create_list(" 店规 ", **HOUSE, unit=units.shop, by=lead)
    assert (words.name, words.active, words.label) == ("店规", True, "店规")
    act = Act.objects.get(verb="words.create")
    assert (act.subject_id, act.details) == (str(words.pk), {"unit": units.shop.pk} | HOUSE)


def test_nobody_makes_a_list_above_or_beside_what_they_keep(lead: Staff, specialist: Staff, units: Units) -> None:
    for by, unit in ((lead, units.east), (lead, None), (specialist, units.shop)):
        with pytest.raises(NotAllowedError):
            create_list("店规", **HOUSE, unit=unit, by=by)
    assert WordList.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "kind", "severity"),
    [(" ", "own", "warn"), ("长" * 81, "own", "warn"), ("店规", "none", "warn"), ("店规", "own", "none")],
)
def test_it_refuses_what_makes_no_list(units: Units, name: str, kind: str, severity: str) -> None:
    with pytest.raises(QunyingError):
        create_list(name, kind=kind, severity=severity, unit=units.shop, by=TESTS)


@pytest.mark.parametrize("everyone", [True, False])
def test_a_name_stands_once_in_its_place(units: Units, everyone: bool) -> None:
    place = None if everyone else units.shop
    create_list("店规", **HOUSE, unit=place, by=TESTS)
    create_list("店规", **HOUSE, unit=units.south, by=TESTS)
    with pytest.raises(QunyingError, match="already"):
        create_list("店规", **HOUSE, unit=place, by=TESTS)


def test_changing_keeps_what_is_not_asked_for(director: Staff) -> None:
    ship_lists(by=TESTS)
    words = WordList.objects.get(key="claims")
    change_list(words, name=words.label, kind="own", severity="stop", by=director)
    words.refresh_from_db()
    assert (words.name, words.kind, words.severity) == ("要有凭据的说法", "own", "stop")
    assert words.name_en == "Claims that need proof"
    change_list(words, name="凭据", kind="own", severity="stop", by=director)
    words.refresh_from_db()
    assert (words.label, words.name, words.name_en) == ("凭据", "凭据", "")


def test_switching_tells_which_were_turned(lead: Staff, units: Units) -> None:
    first, second = (create_list(name, **HOUSE, unit=units.shop, by=TESTS) for name in ("甲", "乙"))
    before = Edition.objects.get().mark
    assert switch_lists([first, second], on=False, by=lead) == [first.pk, second.pk]
    after = Edition.objects.get().mark
    assert switch_lists(WordList.objects.all(), on=False, by=lead) == []
    assert (after != before, Edition.objects.get().mark) == (True, after)
    assert Act.objects.filter(verb="words.switch").count() == 1


def test_switching_many_turns_none_where_one_is_not_theirs(lead: Staff, units: Units) -> None:
    mine = create_list("甲", **HOUSE, unit=units.shop, by=TESTS)
    others = create_list("乙", **HOUSE, unit=units.east, by=TESTS)
    with pytest.raises(NotAllowedError):
        switch_lists([mine, others], on=False, by=lead)
    assert WordList.objects.filter(active=False).count() == 0


def test_a_removed_list_takes_its_words_along_and_a_shipped_one_stays(director: Staff, units: Units) -> None:
    own = create_list("店规", **HOUSE, unit=units.shop, by=director)
    add_words(own, given=[Given(1, "亲")], by=director)
    remove_list(own, by=director)
    assert (Word.objects.count(), Act.objects.get(verb="words.drop").details) == (0, {"words": 1})
    ship_lists(by=TESTS)
    with pytest.raises(QunyingError, match="comes with Qunying"):
        remove_list(WordList.objects.get(key="sharing"), by=director)


def test_shipping_again_leaves_what_people_did(director: Staff) -> None:
    came = ship_lists(by=TESTS)
    assert came == Word.objects.count() > 100
    words = WordList.objects.get(key="advertising")
    gone = Word.objects.get(word="最佳")
    remove_words(words, ids=[gone.pk], by=director)
    switch_lists([words], on=False, by=director)
    edition = Edition.objects.get().mark
    assert (ship_lists(by=TESTS), Edition.objects.get().mark) == (0, edition)
    gone.refresh_from_db()
    words.refresh_from_db()
    assert (gone.removed_at is not None, words.active) == (True, False)
