"""Work done in time, late and not at all, in one line."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qunying.ground.groups.models import Community
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.services import add_work
from tests.support.cast import TESTS
from tests.support.goals import ago

if TYPE_CHECKING:
    from qunying.ground.units.models import Unit

_numbers = count(1)
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def work(place: Community | Unit, *, due: int, done: int | None, clock: time = time(12)) -> WorkItem:
    """Work due so many days ago and done so many days ago at this local time (None: not done)."""
    zone = ZoneInfo(place.timezone) if isinstance(place, Community) else _SHANGHAI
    today = datetime.now(zone).date()
    made = add_work(f"活 {next(_numbers)}", place=place, due=today - timedelta(days=due), by=TESTS)
    if done is not None:
        at = datetime.combine(today - timedelta(days=done), clock, zone)
        WorkItem.objects.filter(pk=made.pk).update(done_at=at)
    return made


def works(place: Community | Unit, *, in_time: int = 0, late: int = 0, undone: int = 0, due: int = 5) -> None:
    """So many of each kind, due so many days ago."""
    for many, done in ((in_time, due), (late, due - 2), (undone, None)):
        for _ in range(many):
            work(place, due=due, done=done)


__all__ = ["ago", "work", "works"]
