"""What reach made of words comes back to the step, and to who waited for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.approving import approved, paused
from qunying.do.journeys.models import Passage, Traveller, Version
from qunying.do.journeys.services import end_journey, pause_journey
from qunying.do.journeys.services_travellers import start_members
from qunying.do.journeys.settling import settle, settle_some
from qunying.do.reach.models import Delivery, Measure
from qunying.do.reach.services_outcomes import settle_delivery
from qunying.do.reach.tasks import send_through
from tests.do.journeys.conftest import DAY, TIP, join, path, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db
Running = "Callable[..., Version]"


@pytest.fixture
def begun(running: Callable[..., Version], connected: list[Group], specialist: Staff) -> Callable[..., Traveller]:
    """`begun(steps)`: 阿丽 on a journey of these steps, the first of which is taken."""

    def make(steps: list[dict[str, object]]) -> Traveller:
        member = join(connected[0], "阿丽", timezone.now() - timedelta(hours=1))
        version = running(steps)
        start_members(version.journey, members=[member], by=specialist)
        walk(timezone.now())
        return Traveller.objects.select_related("journey", "version").get()

    return make


def test_words_that_left_are_done_and_told_once(
    begun: Callable[..., Traveller], account: Account, platform: Platform
) -> None:
    traveller = begun([TIP, DAY])
    assert settle() == 0
    send_through(account.pk)
    assert (settle(), settle()) == (1, 0)
    assert path(traveller)[0] == ("tip", 1, "done", "sent")
    assert [one["words"] for one in platform.came] == ["阿丽，今天的精选"]


def test_who_waits_for_held_words_gets_them_tried_again_tomorrow(
    begun: Callable[..., Traveller], account: Account, platform: Platform, wide_open: Measure
) -> None:
    Measure.objects.update(person_day=0)
    traveller = begun([TIP | {"if_held": "wait"}, DAY])
    send_through(account.pk)
    assert settle() == 1
    assert path(traveller) == [("tip", 1, "due", "")]
    held = Passage.objects.get()
    assert (held.why[:27], held.delivery_key[-7:]) == ("This person was sent enough", "tip:1~2")
    Measure.objects.update(person_day=5)
    walk(timezone.now() + timedelta(days=1, minutes=1))
    Delivery.objects.filter(key=held.delivery_key).update(due_at=timezone.now())
    send_through(account.pk)
    settle()
    assert path(traveller) == [("tip", 1, "done", "sent"), ("day", 1, "due", "")]
    assert len(platform.came) == 1


@pytest.mark.parametrize(("if_held", "state", "steps"), [("end", "left", 1), ("go_on", "under_way", 2)])
def test_refused_words_end_the_journey_or_do_not_as_the_step_says(
    begun: Callable[..., Traveller], account: Account, platform: Platform, if_held: str, state: str, steps: int
) -> None:
    platform.answers = [403]
    traveller = begun([TIP | {"if_held": if_held}, DAY])
    send_through(account.pk)
    settle()
    traveller.refresh_from_db()
    assert (traveller.state, len(path(traveller))) == (state, steps)
    assert Passage.objects.values_list("state", "outcome", "why").first() == ("done", "refused", "It said no.")


def test_an_unknown_delivery_found_missing_is_followed_to_the_one_in_its_place(
    begun: Callable[..., Traveller], account: Account, platform: Platform, specialist: Staff
) -> None:
    platform.broken = True
    traveller = begun([TIP | {"if_held": "wait"}, DAY])
    send_through(account.pk)
    settle()
    assert path(traveller) == [("tip", 1, "out", "unknown")]
    settle_delivery(Delivery.objects.get(), arrived=False, by=specialist)
    settle()
    platform.broken = False
    send_through(account.pk)
    settle()
    assert path(traveller) == [("tip", 1, "done", "sent"), ("day", 1, "due", "")]


def test_reach_hears_that_the_content_is_released_unless_it_was_changed(begun: Callable[..., Traveller]) -> None:
    traveller = begun([TIP, DAY])
    delivery = Delivery.objects.get()
    assert approved(delivery)
    version = traveller.version
    Version.objects.filter(pk=version.pk).update(definition=version.definition | {"again": 5})
    assert not approved(delivery)


def test_a_pause_holds_what_waits_to_leave_and_an_end_calls_it_off(
    begun: Callable[..., Traveller], account: Account, platform: Platform, specialist: Staff
) -> None:
    traveller = begun([TIP, DAY])
    pause_journey(traveller.journey, by=specialist)
    now = timezone.now()
    verdict = paused([Delivery.objects.get()], now)[0]
    assert (verdict.words, verdict.until) == ("The journey “迎新” is paused.", now + timedelta(minutes=1))
    send_through(account.pk)
    assert (platform.came, Delivery.objects.get().state) == ([], "waiting")
    assert end_journey(traveller.journey, by=specialist) == 1
    assert Delivery.objects.get().state == "cancelled"
    settle_some(now)
    assert path(traveller) == [("tip", 1, "done", "cancelled"), ("day", 1, "skipped", "")]
