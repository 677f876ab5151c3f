"""When to send: the hours at which people are here, shrunk toward the organisation's mean, with room to try others.

For each weekday and hour it is asked which share of what people did in the last eight weeks fell there. Few facts say
little, so the shares of a community are drawn toward those of the whole organisation (James and Stein, methods §6.3).
One offer in ten is a try: an hour nobody sends at is never found to be good otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.kit.periods import last_days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from qunying.ground.groups.models import Community

EXPLORED = 0.1
"""The share of offers that are tries (methods §6.3: at least a tenth)."""
WEEKS = 8
Hour = tuple[int, int]
"""Weekday (1 is Monday) and hour, local to the community."""
HOURS: tuple[Hour, ...] = tuple((weekday, hour) for weekday in range(1, 8) for hour in range(24))


@dataclass(frozen=True, slots=True)
class Offer:
    """A time to send (aware, in the zone of the community); a try where it is offered to learn from."""

    at: datetime
    share: float
    tries: bool = False


def shrink(values: Sequence[float], *, variance: float, toward: Sequence[float] | None = None) -> list[float]:
    """James and Stein's estimates (Efron and Morris 1977): each value drawn toward its aim, none beyond it.

    `variance` is that of a single value. The aims are given, or (None) the mean of all values, which costs one degree
    of freedom more. With too few values for any estimate nothing is drawn.
    """
    mean = sum(values) / len(values) if values else 0.0
    aims = [mean] * len(values) if toward is None else toward
    freedom = len(values) - (3 if toward is None else 2)
    spread = sum((value - aim) ** 2 for value, aim in zip(values, aims, strict=True))
    if freedom <= 0 or not spread:
        return list(values)
    kept = max(0.0, 1 - freedom * variance / spread)
    return [aim + kept * (value - aim) for value, aim in zip(values, aims, strict=True)]


def shares(own: Mapping[Hour, int], organisation: Mapping[Hour, int]) -> dict[Hour, float]:
    """The share of acts in each of the 168 hours of a week, drawn toward the organisation's."""
    facts, whole = sum(own.values()), sum(organisation.values())
    aims = [organisation.get(hour, 0) / whole if whole else 1 / len(HOURS) for hour in HOURS]
    if not facts:
        return dict(zip(HOURS, aims, strict=True))
    # The variance of a share of so many acts, averaged over the hours.
    variance = sum(aim * (1 - aim) for aim in aims) / len(HOURS) / facts
    values = [own.get(hour, 0) / facts for hour in HOURS]
    return dict(zip(HOURS, shrink(values, variance=variance, toward=aims), strict=True))


def offers(
    found: Mapping[Hour, float],
    *,
    now: datetime,
    open_hours: Sequence[int],
    count: int = 3,
    chance: Random | None = None,
) -> list[Offer]:
    """The best hours of the coming seven days, one a day at most, soonest first; each is a try in one of ten cases.

    `now` is aware, in the zone of the community. `open_hours` are those that are not quiet.
    """
    chance = chance or Random()  # noqa: S311 - no secret hangs on it
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    slots = [start + timedelta(hours=number) for number in range(7 * 24)]
    slots = [slot for slot in slots if slot.hour in open_hours]
    chosen: list[Offer] = []
    for slot in sorted(slots, key=lambda slot: (-_at(found, slot), slot)):
        if len(chosen) < count and _free(slot, chosen):
            chosen.append(Offer(slot, _at(found, slot)))
    for place in range(len(chosen)):
        rest = [slot for slot in slots if _free(slot, chosen)]
        if rest and chance.random() < EXPLORED:
            slot = chance.choice(rest)
            chosen[place] = Offer(slot, _at(found, slot), tries=True)
    return sorted(chosen, key=lambda one: one.at)


def _at(found: Mapping[Hour, float], slot: datetime) -> float:
    return found[slot.isoweekday(), slot.hour]


def _free(slot: datetime, chosen: Sequence[Offer]) -> bool:
    return all(one.at.date() != slot.date() for one in chosen)


def best_times(
    community: Community,
    *,
    among: Sequence[int],
    zone: ZoneInfo,
    open_hours: Sequence[int],
    chance: Random | None = None,
) -> list[Offer]:
    """Good times for a community; `among` are ids of the communities its mean is drawn from. None without any facts."""
    now = timezone.now().astimezone(zone)
    period = last_days(WEEKS * 7, until=now.date() - timedelta(days=1))
    own, whole = (
        {(row["weekday"], row["hour"]): row["value"] for row in figure.rows}
        for figure in (
            measure("activity_hours", scope=Scope(tuple(ids)), period=period)
            for ids in ([community.pk], {*among, community.pk})
        )
    )
    if not sum(own.values()):
        return []
    return offers(shares(own, whole), now=now, open_hours=open_hours, chance=chance)
