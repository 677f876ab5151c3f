"""An answer is kept under its name for a day, for one key, and cleared away afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.doors.api.models import Answer
from qunying.doors.api.services import KEPT, claim_answer, collect_answers
from qunying.ground.access.services_keys import create_key

if TYPE_CHECKING:
    from qunying.ground.access.models import ApiKey, Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(director: Staff, units: Units) -> ApiKey:
    return create_key("程序", scopes=["work.edit"], unit=units.headquarters, by=director)[0]


def _age(answer: Answer, age: timedelta) -> None:
    Answer.objects.filter(pk=answer.pk).update(given_at=timezone.now() - age)


def test_a_name_is_new_once_and_keeps_what_it_was_claimed_for(key: ApiKey) -> None:
    first, fresh = claim_answer("a", by=key, digest=b"1")
    again, still_fresh = claim_answer("a", by=key, digest=b"2")
    assert (fresh, still_fresh, again.pk, bytes(again.digest)) == (True, False, first.pk, b"1")


def test_after_a_day_the_name_is_free_again(key: ApiKey) -> None:
    first, _fresh = claim_answer("a", by=key, digest=b"1")
    _age(first, KEPT + timedelta(seconds=1))
    second, fresh = claim_answer("a", by=key, digest=b"2")
    assert (fresh, bytes(second.digest), Answer.objects.count()) == (True, b"2", 1)


def test_only_answers_past_their_day_are_cleared_away(key: ApiKey) -> None:
    old, _fresh = claim_answer("old", by=key, digest=b"1")
    claim_answer("new", by=key, digest=b"2")
    _age(old, KEPT + timedelta(seconds=1))
    assert (collect_answers(), [answer.name for answer in Answer.objects.all()]) == (1, ["new"])
