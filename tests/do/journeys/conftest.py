"""Journeys that run, and the platform their words leave through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.do.journeys.asking import Asking
from qunying.do.journeys.models import Journey, Passage, Traveller, Version
from qunying.do.journeys.passing import take_some
from qunying.do.journeys.services import hand_in_version, make_journey, release_version, write_version
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from tests.do.reach.conftest import account, connected, connector, platform, wide_open
from tests.support.loopback import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

Steps = list[dict[str, Any]]
HELLO: dict[str, Any] = {"id": "hello", "do": "welcome", "words": "欢迎{name}来到{group}"}
DAY = {"id": "day", "do": "wait", "days": 1}
TIP = {"id": "tip", "do": "say", "words": "{name}，今天的精选"}


@pytest.fixture
def running(community: Community, specialist: Staff, lead: Staff) -> Callable[..., Version]:
    """`running(steps, on="manual", **more)`: a journey written by the specialist, released by the lead."""

    def make(steps: Steps, *, on: str = "manual", journey: Journey | None = None, **more: Any) -> Version:
        plain = {"trigger": {"on": on, **more.pop("trigger", {})}, "steps": steps, **more}
        if journey is None:
            journey = make_journey(community, name="迎新", definition=plain, by=specialist)
        else:
            write_version(journey, definition=plain, by=specialist)
        draft = journey.versions.get(state=Version.State.DRAFT)
        hand_in_version(draft, by=specialist)
        release_version(draft, by=lead, seen=draft.content_hash)
        return Version.objects.select_related("journey__community__unit").get(pk=draft.pk)

    return make


def join(group: Group, name: str, at: datetime) -> int:
    """Somebody comes into the group; the id of the member."""
    who = Who(PLATFORM, name, name)
    fact = Fact("joined", at, ("joined", name, at.isoformat()), who=who, group_id=group.pk)
    record([fact], community=group.community, source="tests")
    return Traveller._meta.get_field("member").related_model.objects.get(identities__external_id=name).pk


def walk(now: datetime) -> int:
    """Take everybody through what is due as of now; how many steps."""
    taken = 0
    while number := take_some(now, Asking()):
        taken += number
    return taken


def path(traveller: Traveller) -> list[tuple[str, int, str, str]]:
    """Step, round, state and outcome of all that a traveller met."""
    rows = Passage.objects.filter(traveller=traveller).order_by("pk")
    return list(rows.values_list("step_id", "round", "state", "outcome"))


__all__ = ["account", "connected", "connector", "platform", "wide_open"]
