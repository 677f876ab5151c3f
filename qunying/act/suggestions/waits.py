"""How long members wait until one of the staff speaks, read from the log.

Most platforms do not say which message answers which. What the log can tell is when a member spoke
after everyone had been quiet or the staff had spoken, and when one of the staff next spoke in the
same group. Waits that last longer than a day are no answers, and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from qunying.ground.events.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from qunying.ground.groups.models import Community

LONGEST = timedelta(days=1)
_QUIET = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Wait:
    """A member spoke on this local day, and so many minutes later one of the staff did."""

    day: date
    minutes: float


@dataclass(frozen=True, slots=True)
class Said:
    """One message: in which group, when (UTC), and whether one of the staff sent it."""

    group: int | None
    at: datetime
    by_staff: bool


def read_waits(community: Community, instants: tuple[datetime, datetime], zone: ZoneInfo) -> list[Wait]:
    """The waits that began within the instants [from, to); none where nobody is marked as staff."""
    rows = (
        Event.objects.filter(
            community=community,
            kind="spoke",
            occurred_at__gte=instants[0],
            occurred_at__lt=instants[1],
            identity__member__is_bot=False,
        )
        .order_by("group", "occurred_at", "id")
        .values_list("group_id", "occurred_at", "identity__member__is_staff")
    )
    return find_waits((Said(*row) for row in rows.iterator()), zone)


def find_waits(messages: Iterable[Said], zone: ZoneInfo) -> list[Wait]:
    """The waits in messages that come group by group, in order of time."""
    found: list[Wait] = []
    group, since, last = None, None, None
    for said in messages:
        if said.group != group:
            group, since, last = said.group, None, None
        if said.by_staff:
            if since is not None and said.at - since <= LONGEST:
                found.append(Wait(since.astimezone(zone).date(), (said.at - since).total_seconds() / 60))
            since = None
        elif since is None or (last is not None and said.at - last > _QUIET):
            since = said.at
        last = said.at
    return found
