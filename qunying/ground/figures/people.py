"""Finding people by what is known of them and what they did, in the same snapshot as figures are counted from."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.ground.figures.asked import Reach, ask
from qunying.ground.figures.results import Scope
from qunying.ground.figures.sitting import one_snapshot
from qunying.ground.groups.queries import communities_by_currency
from qunying.kit.periods import Period
from qunying.kit.sql import sql_date, sql_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from qunying.ground.figures.engine import Session

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One look for people in some communities.

    Statements given to `session.members` read the tables "stays" (member, community, group, channel_key,
    role, joined_day, left_day), "accounts" (member, platform), "carried" (member, tag), "recognitions"
    (member, community, kind), "marked" (member, is_staff, is_bot) and "facts" (member, kind, day,
    community, amount), all of them within the communities where they have one.
    """

    session: Session
    zones: dict[int, ZoneInfo]

    def currencies(self) -> dict[str, list[int]]:
        """The communities by the currency their amounts are minor units of."""
        return communities_by_currency(self.zones)

    def last_days(self, days: int) -> str:
        """The condition that a fact lies within so many local days up to and with today; 0: whenever."""
        if days <= 0:
            return "true"
        now = timezone.now()
        by_day: dict[date, list[int]] = {}
        for community, zone in sorted(self.zones.items()):
            by_day.setdefault(now.astimezone(zone).date() - (days - 1) * _DAY, []).append(community)
        if len(by_day) == 1:
            return f"day >= {sql_date(next(iter(by_day)))}"
        parts = (f"(community IN {sql_list(places)} AND day >= {sql_date(day)})" for day, places in by_day.items())
        return f"({' OR '.join(parts)})"


@contextmanager
def find_people(communities: Sequence[int], *, days: int = 0, everyone: bool = False) -> Iterator[Finding]:
    """A look for people in these communities (ids), over the facts of so many days back (0: all of them).

    Live: facts that are committed are seen. Staff and bots are left out unless `everyone` is true.
    """
    with one_snapshot() as sitting:
        zones = sitting.zones(tuple(communities))
        now = timezone.now()
        today = max((now.astimezone(zone).date() for zone in zones.values()), default=now.date())
        period = Period(today - (days + 1) * _DAY if days else today, today + _DAY)
        asked = ask(Scope(tuple(communities)), period, {}, sitting=sitting)
        reach = Reach(before=0 if days else None, after=0)
        yield Finding(sitting.session(asked, reach, everyone=everyone), zones)
