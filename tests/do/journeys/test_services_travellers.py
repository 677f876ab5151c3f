"""Starting people by hand: see test_services for stopping."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.models import Traveller
from qunying.do.journeys.services_travellers import start_members
from qunying.ground.merges.services import merge_members
from qunying.kit.errors import NotAllowedError, QunyingError
from tests.do.journeys.conftest import DAY, TIP, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.journeys.models import Version
    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


def test_only_people_of_the_community_are_put_on_by_who_may_send(
    running: Callable[..., Version], xiaomei: Member, reviewer: Staff, specialist: Staff
) -> None:
    version = running([DAY, TIP])
    with pytest.raises(NotAllowedError, match="do not include sending"):
        start_members(version.journey, members=[xiaomei.pk], by=reviewer)
    with pytest.raises(QunyingError, match="None of them is in the community"):
        start_members(version.journey, members=[xiaomei.pk + 1000], by=specialist)
    assert Traveller.objects.count() == 0


def test_two_who_turn_out_to_be_one_go_on_once(
    running: Callable[..., Version], xiaomei: Member, aqiang: Member, specialist: Staff, lead: Staff
) -> None:
    version = running([DAY, TIP])
    start_members(version.journey, members=[xiaomei.pk, aqiang.pk], by=specialist)
    merge_members(xiaomei, absorbed=aqiang, by=lead)
    walk(timezone.now() + timedelta(days=2))
    assert dict(Traveller.objects.values_list("member", "state")) == {xiaomei.pk: "ended", aqiang.pk: "stopped"}
