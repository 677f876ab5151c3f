"""Each headline figure once more, from the plain counts of `log`: loops and sets, no shared formula."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Any

from qunying.ground.figures.verify.log import Log, graded

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.kit.periods import Period

_DAY = timedelta(days=1)
_STEPS = (("read",), ("liked", "commented", "checked_in"), ("signed_up", "shared"), ("ordered", "attended"))
_WINDOW = timedelta(hours=336)
_MONTH = 31
Expected = float | int | None


@dataclass(frozen=True, slots=True)
class Check:
    """A metric with its parameters, and what plain SQL says its headline must be."""

    metric: str
    params: dict[str, Any]
    expect: Callable[[Log, Period], Expected]


def _days(period: Period) -> list[date]:
    return [period.start + offset * _DAY for offset in range(period.days)]


def _share(part: int, whole: float) -> float | None:
    return part / whole if whole else None


def _churn(log: Log, period: Period) -> Expected:
    before = log.present(period.start - _DAY)
    return _share(len(before - log.present(period.end)), len(before))


def _active(grade: str) -> Callable[[Log, Period], Expected]:
    return lambda log, period: len(log.people(graded(grade), period.start, period.end))


def _rate(grade: str) -> Callable[[Log, Period], Expected]:
    def expect(log: Log, period: Period) -> Expected:
        active = log.people(graded(grade), period.start, period.end)
        members = fmean(len(log.present(day)) for day in _days(period))
        if period.days > _MONTH or len(active) > members:
            members = len(active | log.around(period.start, period.end))
        return _share(len(active), members)

    return expect


def _volume(grade: str) -> Callable[[Log, Period], Expected]:
    return lambda log, period: log.count(graded(grade), period.start, period.end)


def _rolling(window: int) -> Callable[[Log, Period], Expected]:
    return lambda log, period: len(log.people(graded("seen"), period.end - (window - 1) * _DAY, period.end))


def _speakers(log: Log, period: Period) -> Expected:
    return fmean(len(log.people(graded("speaking"), day, day)) for day in _days(period))


def _stickiness(log: Log, period: Period) -> Expected:
    monthly = len(log.people(graded("seen"), period.end - 29 * _DAY, period.end))
    daily = fmean(len(log.people(graded("seen"), day, day)) for day in _days(period))
    return daily / monthly if monthly else None


def known_until(log: Log, period: Period) -> date:
    """The last day that is over and recorded."""
    recorded = log.first_and_last_day()
    return min(log.yesterday(), max(period.end, recorded[1] if recorded else period.end))


def _retention(mode: str, n: int) -> Callable[[Log, Period], Expected]:
    def expect(log: Log, period: Period) -> Expected:
        known, part, whole = known_until(log, period), 0, 0
        latest = max(known, period.end)
        for day in _days(period):
            target = day + n * _DAY
            if target > known or not (fresh := log.newcomers(day, day)):
                continue
            first, last = {"nday": (target, target), "bounded": (day + _DAY, target), "rolling": (target, latest)}[mode]
            whole += len(fresh)
            part += len(fresh & log.people(graded("seen"), first, last))
        return _share(part, whole)

    return expect


def _weekly_cohorts(log: Log, period: Period) -> Expected:
    known, part, whole = known_until(log, period), 0, 0
    monday = period.start - period.start.weekday() * _DAY
    while monday <= period.end:
        following = monday + 7 * _DAY
        if following + 6 * _DAY <= known:
            fresh = log.newcomers(monday, monday + 6 * _DAY)
            whole += len(fresh)
            part += len(fresh & log.people(graded("seen"), following, following + 6 * _DAY))
        monday = following
    return _share(part, whole)


def _lifecycle(log: Log, period: Period) -> Expected:
    known = known_until(log, period)
    monday = period.end - period.end.weekday() * _DAY
    while monday + 6 * _DAY > known:
        monday -= 7 * _DAY
    if monday + 6 * _DAY < period.start:
        return None
    active = log.people(graded("seen"), monday, monday + 6 * _DAY)
    before = log.people(graded("seen"), monday - 7 * _DAY, monday - _DAY)
    gained, lost = active - before, before - active
    return len(gained) - len(lost)


def _funnel(log: Log, period: Period) -> Expected:
    steps = {kind: step for step, kinds in enumerate(_STEPS) for kind in kinds}
    paths: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for who, kind, at in log.moments(list(steps), period.start, period.end + 15 * _DAY):
        paths[who].append((at, steps[kind]))
    end = period.end
    levels = [
        _level([(at, step) for at, step in sorted(path) if step or at.astimezone(log.zone).date() <= end])
        for path in paths.values()
    ]
    return _share(sum(level == len(_STEPS) for level in levels), sum(level > 0 for level in levels))


def _level(path: list[tuple[datetime, int]]) -> int:
    begun: list[datetime | None] = [None] * len(_STEPS)
    for at, step in path:
        start = at if step == 0 else begun[step - 1]
        if start is not None and at <= start + _WINDOW:
            begun[step] = start
    return max((step + 1 for step, start in enumerate(begun) if start is not None), default=0)


def _order_value(log: Log, period: Period) -> Expected:
    return _share(log.money(period.start, period.end), log.orders(period.start, period.end))


def _repurchase(log: Log, period: Period) -> Expected:
    window, known = timedelta(days=30), known_until(log, period)
    as_of = datetime.combine(known + _DAY, datetime.min.time(), log.zone)
    part = whole = 0
    for times in _kept_orders(log, period.end + 31 * _DAY).values():
        first = times[0]
        if period.start <= first.astimezone(log.zone).date() <= period.end and first + window <= as_of:
            whole += 1
            part += len(times) > 1 and times[1] <= first + window
    return _share(part, whole)


def _kept_orders(log: Log, last: date) -> dict[int, list[datetime]]:
    orders: dict[str, tuple[int, datetime, int]] = {}
    back: dict[str, int] = defaultdict(int)
    for who, kind, order, pk, amount, at in log.sales(last):
        key = order or f"#{pk}"
        if kind == "refunded":
            back[key] += abs(amount)
        else:
            owner, first, paid = orders.get(key, (who, at, 0))
            orders[key] = (min(owner, who), min(first, at), paid + amount)
    kept: dict[int, list[datetime]] = defaultdict(list)
    for key, (who, at, paid) in orders.items():
        if key not in back or back[key] < paid:
            kept[who].append(at)
    return {who: sorted(times) for who, times in kept.items()}


CHECKS: tuple[Check, ...] = (
    Check("members_present", {}, lambda log, period: len(log.present(period.end))),
    Check("joins", {}, lambda log, period: log.comings(period.start, period.end)),
    Check("leaves", {}, lambda log, period: log.goings(period.start, period.end)),
    Check("churn_rate", {}, _churn),
    *(Check("active_members", {"grade": grade}, _active(grade)) for grade in ("seen", "interactive", "speaking")),
    *(Check("active_rate", {"grade": grade}, _rate(grade)) for grade in ("seen", "interactive", "speaking")),
    Check("messages", {}, _volume("speaking")),
    Check("interactions", {}, _volume("interactive")),
    Check("activity_hours", {}, _volume("seen")),
    Check("daily_speakers", {}, _speakers),
    *(Check(name, {}, _rolling(window)) for name, window in (("dau", 1), ("wau", 7), ("mau", 30))),
    Check("stickiness", {}, _stickiness),
    *(
        Check("retention", {"mode": mode, "day": n}, _retention(mode, n))
        for mode in ("nday", "bounded", "rolling")
        for n in (1, 7, 30)
    ),
    Check("cohorts", {}, _weekly_cohorts),
    Check("lifecycle", {}, _lifecycle),
    Check("funnel", {}, _funnel),
    Check("orders", {}, lambda log, period: log.orders(period.start, period.end)),
    Check("buyers", {}, lambda log, period: len(log.people(["ordered"], period.start, period.end))),
    Check("revenue", {}, lambda log, period: log.money(period.start, period.end)),
    Check("order_value", {}, _order_value),
    Check("repurchase_rate", {}, _repurchase),
)
