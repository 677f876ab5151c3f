"""A small stage for goals: facts in one line, goals in one line, days counted back from today."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from qunying.ground.audit.actors import System
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.warehouse.services import catch_up
from qunying.plan.goals.amounts import read_target
from qunying.plan.goals.readings import fit_metric
from qunying.plan.goals.services import Aim, Words, create_goal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.groups.models import Community
    from qunying.plan.goals.models import Goal

TESTS = System("tests")
_keys = count()


def today(community: Community) -> date:
    """The local day it is now."""
    return timezone.localdate(timezone=ZoneInfo(community.timezone))


def ago(community: Community, days: int) -> date:
    """The local day so many days ago."""
    return today(community) - timedelta(days=days)


def tell(community: Community, facts: Iterable[tuple[str, str, date]]) -> None:
    """Record (who, kind, local day) at noon and carry them into the lake."""
    zone = ZoneInfo(community.timezone)
    made = [
        Fact(kind, datetime.combine(day, time(12), zone).astimezone(UTC), (next(_keys),), who=Who("test", who, who))
        for who, kind, day in facts
    ]
    record(made, community=community, source="test")
    catch_up()


def speak(community: Community, *, first: int, last: int, people: int = 3) -> None:
    """`people` persons say one thing each on every day from `first` to `last` days ago."""
    tell(
        community,
        [
            (f"p{number}", "spoke", ago(community, days))
            for days in range(first, last - 1, -1)
            for number in range(people)
        ],
    )


def make_goal(community: Community, **given: Any) -> Goal:
    """A goal on messages of the last ten and the next ten days, but for what is said otherwise."""
    metric = given.get("metric", "messages")
    unit = fit_metric(metric).unit if metric else given.get("unit", "number")
    aim = Aim(
        target=read_target(given.get("target", "60"), unit=unit, currency=community.currency),
        start=given.get("start", ago(community, 10)),
        due=given.get("due", ago(community, -9)),
        metric=metric,
        params=given.get("params", {}),
        unit=unit,
        direction=given.get("direction", "up"),
        baseline=given.get("baseline"),
    )
    words = Words(
        title=given.get("title", "消息"),
        dimension=given.get("dimension", "content"),
        term=given.get("term", "middle"),
        parent=given.get("parent"),
        owner=given.get("owner"),
    )
    return create_goal(community, words=words, aim=aim, by=given.get("by", TESTS), key=given.get("key", ""))
