"""What is held of travellers is told, ends with an erasure, and is not told again after a restore."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.endings import after_restore
from qunying.do.journeys.models import Passage, Traveller
from qunying.do.journeys.services_travellers import start_members, stop_traveller
from qunying.ground.subjects.holdings import all_holdings
from qunying.ground.subjects.retention import class_named
from tests.do.journeys.conftest import DAY, TIP
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.journeys.models import Version
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


def test_a_person_is_told_of_their_journeys_and_erasing_them_ends_these(
    running: Callable[..., Version], xiaomei: Member
) -> None:
    version = running([DAY, TIP])
    start_members(version.journey, members=[xiaomei.pk], by=TESTS)
    [holding] = [one for one in all_holdings() if one.name == "journeys"]
    assert [(row["journey"], row["state"]) for row in holding.tell(xiaomei)] == [("迎新", "Under way")]
    assert holding.erase is not None
    assert holding.erase(xiaomei) == 1
    assert (Traveller.objects.get().state, Passage.objects.get().state) == ("stopped", "skipped")


def test_after_a_restore_who_had_something_due_is_told_nothing_twice(
    running: Callable[..., Version], xiaomei: Member, aqiang: Member
) -> None:
    version = running([DAY, TIP])
    start_members(version.journey, members=[xiaomei.pk, aqiang.pk], by=TESTS)
    Passage.objects.filter(traveller__member=xiaomei).update(due_at=timezone.now() - timedelta(hours=1))
    assert after_restore() == 1
    stopped = Traveller.objects.get(member=xiaomei)
    assert (stopped.state, stopped.why[:27]) == ("stopped", "A backup was brought back; ")
    assert Traveller.objects.get(member=aqiang).state == "under_way"


def test_steps_of_journeys_long_over_go_and_that_they_were_gone_stays(
    running: Callable[..., Version], xiaomei: Member, aqiang: Member
) -> None:
    version, now = running([DAY, TIP]), timezone.now()
    start_members(version.journey, members=[xiaomei.pk, aqiang.pk], by=TESTS)
    stop_traveller(Traveller.objects.get(member=xiaomei), by=TESTS)
    kept, unit = class_named("journeys"), version.journey.community.unit_id
    later = now + timedelta(days=1)
    assert (sum(kept.count([unit], later).values()), kept.count([unit + 1000], later), kept.count(None, now)) == (
        1,
        {},
        {},
    )
    assert kept.purge([unit], later, 10, TESTS) == 1
    assert (Passage.objects.get().traveller.member_id, Traveller.objects.count()) == (aqiang.pk, 2)
