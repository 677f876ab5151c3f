"""What other apps wanted is called off as long as it has not left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.models import Delivery
from qunying.do.reach.services_withdrawing import withdraw_deliveries
from tests.do.reach.conftest import states

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.reach.models import Sending
    from qunying.ground.groups.models import Group

pytestmark = pytest.mark.django_db


def test_what_waits_is_called_off_and_what_is_on_its_way_is_not(
    released: Callable[..., Sending], connected: list[Group]
) -> None:
    sending = released(connected)
    keys = list(sending.deliveries.order_by("pk").values_list("key", flat=True))
    Delivery.objects.filter(key=keys[1]).update(state=Delivery.State.CLAIMED, claimed_at=timezone.now())
    assert withdraw_deliveries(keys[:2], at=timezone.now()) == 1
    assert withdraw_deliveries([], at=timezone.now()) == 0
    assert states(sending) == ["cancelled", "claimed", "waiting"]
