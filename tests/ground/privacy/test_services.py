"""Consents, minors and freezes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.ground.members.models import Member
from qunying.ground.privacy.models import Consent
from qunying.ground.privacy.queries import ledger_of, may_contact, processed, standing, willing
from qunying.ground.privacy.services import (
    Said,
    freeze_member,
    give_consent,
    mark_minor,
    thaw_member,
    withdraw_consent,
    write_consents,
)
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db


def test_nobody_may_be_contacted_who_never_agreed(xiaomei: Member) -> None:
    assert not may_contact(xiaomei, "marketing")


def test_who_agreed_may_be_contacted_until_they_take_it_back(xiaomei: Member, lead: Staff) -> None:
    give_consent(xiaomei, purpose="marketing", by=lead)
    assert (may_contact(xiaomei, "marketing"), may_contact(xiaomei, "phone")) == (True, False)
    withdraw_consent(xiaomei, purpose="marketing", by=lead)
    assert not may_contact(xiaomei, "marketing")
    assert [(row.given, row.recorded_by) for row in ledger_of(xiaomei)] == [
        (False, lead.actor_key),
        (True, lead.actor_key),
    ]


def test_the_last_word_counts_whenever_it_was_written_down(xiaomei: Member) -> None:
    now = timezone.now()
    withdraw_consent(xiaomei, purpose="phone", by=TESTS, at=now - timedelta(days=1))
    give_consent(xiaomei, purpose="phone", by=TESTS, at=now - timedelta(days=2))
    assert not may_contact(xiaomei, "phone")
    assert standing(xiaomei)["phone"].given is False


def test_it_refuses_a_purpose_nobody_declared_and_a_day_to_come(xiaomei: Member) -> None:
    with pytest.raises(QunyingError, match="no purpose “lottery”"):
        give_consent(xiaomei, purpose="lottery", by=TESTS)
    with pytest.raises(QunyingError, match="still to come"):
        give_consent(xiaomei, purpose="phone", by=TESTS, at=timezone.now() + timedelta(hours=1))
    with pytest.raises(QunyingError, match="no purpose “lottery”"):
        may_contact(xiaomei, "lottery")


def test_taking_back_twice_is_told(xiaomei: Member) -> None:
    withdraw_consent(xiaomei, purpose="phone", by=TESTS)
    with pytest.raises(QunyingError, match="taken back already"):
        withdraw_consent(xiaomei, purpose="phone", by=TESTS)


def test_a_child_needs_a_guardian_and_no_advertising_reaches_anyone_under_18(xiaomei: Member, aqiang: Member) -> None:
    give_consent(aqiang, purpose="marketing", by=TESTS)
    mark_minor(xiaomei, band="under_14", by=TESTS)
    mark_minor(aqiang, band="under_18", by=TESTS)
    with pytest.raises(QunyingError, match="guardian must agree"):
        give_consent(xiaomei, purpose="phone", by=TESTS)
    with pytest.raises(QunyingError, match="closes this purpose"):
        give_consent(xiaomei, purpose="marketing", by=TESTS, by_guardian=True)
    give_consent(xiaomei, purpose="phone", by=TESTS, by_guardian=True)
    assert (may_contact(xiaomei, "phone"), may_contact(aqiang, "marketing")) == (True, False)
    mark_minor(aqiang, band="", by=TESTS)
    assert may_contact(aqiang, "marketing")


def test_who_is_frozen_is_reached_by_nothing_until_the_freeze_is_lifted(xiaomei: Member, aqiang: Member) -> None:
    for person in (xiaomei, aqiang):
        give_consent(person, purpose="phone", by=TESTS)
    freeze_member(xiaomei, reason="disputes the number", by=TESTS)
    assert list(willing(Member.objects.all(), "phone")) == [aqiang]
    assert list(processed(Member.objects.all())) == [aqiang]
    with pytest.raises(QunyingError, match="frozen already"):
        freeze_member(xiaomei, reason="again", by=TESTS)
    thaw_member(xiaomei, by=TESTS)
    assert set(willing(Member.objects.all(), "phone")) == {xiaomei, aqiang}
    with pytest.raises(QunyingError, match="not frozen"):
        thaw_member(xiaomei, by=TESTS)


def test_a_freeze_wants_a_reason(xiaomei: Member) -> None:
    with pytest.raises(QunyingError, match="Say why"):
        freeze_member(xiaomei, reason="  ", by=TESTS)


def test_a_file_brought_twice_adds_its_consents_once(xiaomei: Member) -> None:
    said = [Said(xiaomei.pk, "marketing", given=True, at=datetime(2026, 3, 1, tzinfo=UTC))]
    assert (write_consents(said, by=TESTS), write_consents(said, by=TESTS)) == (1, 0)
    assert [row.source for row in Consent.objects.all()] == ["import"]


def test_what_came_with_a_merged_person_counts_for_the_one_they_are(xiaomei: Member, aqiang: Member) -> None:
    give_consent(aqiang, purpose="phone", by=TESTS)
    freeze_member(aqiang, reason="asked for it", by=TESTS)
    Member.objects.filter(pk=aqiang.pk).update(merged_into=xiaomei)
    assert standing(xiaomei)["phone"].given
    assert not may_contact(xiaomei, "phone")
    thaw_member(xiaomei, by=TESTS)
    assert may_contact(xiaomei, "phone")


def test_each_of_these_is_written_to_the_audit(xiaomei: Member) -> None:
    give_consent(xiaomei, purpose="phone", by=TESTS)
    withdraw_consent(xiaomei, purpose="phone", by=TESTS)
    mark_minor(xiaomei, band="under_18", by=TESTS)
    freeze_member(xiaomei, reason="why", by=TESTS)
    thaw_member(xiaomei, by=TESTS)
    verbs = list(Act.objects.filter(verb__startswith="privacy.").order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "privacy.consent.give",
        "privacy.consent.withdraw",
        "privacy.minor",
        "privacy.freeze",
        "privacy.thaw",
    ]
