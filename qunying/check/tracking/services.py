"""Looking at goals and keeping what was seen, by day and by week."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qunying.check.tracking.models import Snapshot, Standing, Status
from qunying.check.tracking.progress import Progress, progress_of
from qunying.check.tracking.queries import missed_days, snapshots_of, standings_of
from qunying.kit.periods import week_of
from qunying.plan.goals.baselines import yesterday_in
from qunying.plan.goals.measuring import last_entered
from qunying.plan.goals.queries import goal_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.check.tracking.models import Seen
    from qunying.plan.goals.models import Goal

_DAY = timedelta(days=1)
_SUNDAY = 7


def look_at(goal: Goal, *, day: date | None = None, again: bool = False, foretell: bool = True) -> Standing:
    """Keep how the goal stands when the local day `day` (yesterday, if not said) has ended; what was kept stays.

    With `again` the newest look is repeated, for a goal revised or a value entered since; a look at an
    earlier day than the newest is never rewritten.
    """
    day = min(day or seeing_day(goal), goal.due)
    kept = Standing.objects.filter(goal=goal, day=day).first()
    if kept is not None and not _to_repeat(kept, again=again, foretell=foretell):
        return kept
    seen = fields_of(progress_of(goal, day=day, foretell=foretell))
    standing, _made = Standing.objects.update_or_create(goal=goal, day=day, defaults=seen)
    return standing


def make_up(goal: Goal, *, day: date) -> Iterator[Standing]:
    """The looks that were missed before the local day `day`, oldest first, each kept as it is asked for.

    Each is taken with the target and the due day of then, over the facts up to then as they are known now; that it
    came later shows in `seen_at`. Only the ends of weeks are foretold from: those are kept in snapshots.
    """
    for missed in missed_days(goal, until=day - _DAY):
        yield look_at(goal_on(goal, missed), day=missed, foretell=missed.isoweekday() == _SUNDAY)


def seeing_day(goal: Goal) -> date:
    """The day a goal is seen on now: yesterday, or today where somebody entered a value for it already."""
    yesterday = yesterday_in(goal.community)
    entered = last_entered(goal, yesterday + _DAY) if goal.by_hand else None
    return max(yesterday, entered.day) if entered else yesterday


def _to_repeat(kept: Standing, *, again: bool, foretell: bool) -> bool:
    newest = not Standing.objects.filter(goal=kept.goal_id, day__gt=kept.day).exists()
    return newest and (again or (foretell and awaits_outlook(kept)))


def awaits_outlook(seen: Seen) -> bool:
    """Whether a forecast is still to be worked out for this look."""
    return seen.outlook is None and seen.value is not None and seen.day < seen.due


def fields_of(progress: Progress) -> dict[str, Any]:
    """A progress as the fields of a row."""
    measured, path = progress.measured, progress.path
    return {
        "value": progress.value,
        "numerator": measured.numerator if measured else None,
        "denominator": measured.denominator if measured else None,
        "expected": progress.expected,
        "target": path.target if path else None,
        "due": progress.goal.due,
        "deviation": progress.deviation,
        "share": progress.share,
        "status": progress.status,
        "why": progress.why or "",
        "facts_until": progress.facts_until,
        "outlook": progress.outlook.plain() if progress.outlook else None,
        "seen_at": timezone.now(),
    }


def last_week_over(goal: Goal, day: date) -> tuple[str, date] | None:
    """The ISO week that ended by `day`, and the last day on which the goal can be seen in it; None before its start."""
    sunday = week_of(day + _DAY).start - _DAY
    monday = week_of(sunday).start
    if sunday < goal.start or monday > goal.due:
        return None
    return week_key(sunday), min(sunday, goal.due)


def week_key(day: date) -> str:
    """The ISO week of a day, such as 2026-W47."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def keep_week(goal: Goal, *, day: date) -> Snapshot | None:
    """Keep the week that ended by `day` as it is seen now, once; None where none of the goal's weeks has ended.

    What comes to light later changes no snapshot.
    """
    place = last_week_over(goal, day)
    if place is None:
        return None
    week, on = place
    kept = Snapshot.objects.filter(goal=goal, week=week).first()
    if kept is not None:
        return kept
    standing = Standing.objects.filter(goal=goal, day=on).first()
    seen = _copied(standing) if standing else fields_of(progress_of(goal_on(goal, on), day=on))
    # Counting takes a while and holds no lock; whoever comes second keeps what the first has seen.
    snapshot, _made = Snapshot.objects.get_or_create(goal=goal, week=week, defaults={"day": on, **seen})
    return snapshot


def keep_weeks(goal: Goal, *, day: date) -> list[Snapshot]:
    """Keep every week that ended between the first look at the goal and `day` and was not kept; then that of `day`."""
    first = standings_of(goal).filter(day__gte=goal.start).values_list("day", flat=True).first() or day
    sundays = [first + number * _DAY for number in range((day - first).days + 1)]
    kept = set(snapshots_of(goal).values_list("week", flat=True))
    ends = [one for one in sundays if one.isoweekday() == _SUNDAY and week_key(one) not in kept]
    found = [keep_week(goal, day=end) for end in [*ends, day]]
    return [snapshot for snapshot in found if snapshot]


def _copied(standing: Standing) -> dict[str, Any]:
    names = [field.attname for field in Standing._meta.concrete_fields]  # noqa: SLF001 - Django's public way
    return {name: getattr(standing, name) for name in names if name not in {"id", "goal_id", "day"}}


def is_settled(standing: Standing | None, goal: Goal, day: date) -> bool:
    """Whether nothing is left to be seen of the goal by `day`."""
    if standing is None:
        return False
    over = standing.day >= goal.due and standing.status != Status.UNMEASURED
    return over or (standing.day >= min(day, goal.due) and not awaits_outlook(standing))
