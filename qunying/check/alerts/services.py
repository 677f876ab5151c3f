"""Judging looks at goals, and taking note of alerts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.check.alerts.levels import LADDER, LOOKS, Level
from qunying.check.alerts.models import Acknowledgement, Alert, AlertStep, Watch
from qunying.check.alerts.queries import unjudged_goals
from qunying.check.tracking.models import Standing, Status
from qunying.check.tracking.queries import standings_of
from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.platforms.bulletins import notify
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.plan.goals.models import Goal

_DAY = timedelta(days=1)
ACKNOWLEDGE = declare_verb("alerts.acknowledge", gettext_lazy("Somebody took note of an alert."))


def judge_all() -> int:
    """Judge every look not judged so far; how many goals that were."""
    goals = list(unjudged_goals())
    for goal in goals:
        judge(goal)
    return len(goals)


@transaction.atomic
def judge(goal: Goal) -> Alert | None:
    """Take the looks at a goal since the last time up and down the ladder; its open alert afterwards.

    Each day is one sample; days on which the goal could not be judged are none. Days on which nobody looked are
    waited for, so that they count in their order. Doing it again changes nothing.
    """
    watch, new = Watch.objects.select_for_update().get_or_create(goal=goal, defaults={"day": goal.start})
    seen = list(standings_of(goal))
    end = _without_gap({look.day for look in seen}, None if new else watch.day, goal)
    looks = [look for look in seen if look.status != Status.UNMEASURED and look.day <= end]
    fresh = [place for place, look in enumerate(looks) if new or look.day > watch.day]
    alert = Alert.objects.filter(goal=goal, closed__isnull=True).first()
    for place in fresh:
        recent = [behind(look) for look in looks[max(0, place + 1 - LADDER.memory) : place + 1]]
        alert = _step(goal, alert, recent, looks[place].day)
    if fresh:
        watch.day = looks[-1].day
        watch.save(update_fields=["day"])
    return alert


def _without_gap(seen: set[date], judged: date | None, goal: Goal) -> date:
    """The last day up to which every one was looked at, from the last judged or the first seen."""
    day = judged or min((one for one in seen if one >= goal.start), default=goal.start)
    while day + _DAY in seen:
        day += _DAY
    return day


def behind(look: Standing) -> float:
    """By how many % the goal is behind its path, or its target once it is over; 0 where that is within tolerance."""
    if look.status not in {Status.OFF_COURSE, Status.NEAR, Status.MISSED} or look.deviation is None:
        return 0.0
    return round(max(0.0, -look.deviation * 100), 6)


def _step(goal: Goal, alert: Alert | None, recent: list[float], day: date) -> Alert | None:
    before = alert.level if alert else Level.CALM
    after = LADDER.step(before, recent)
    if alert is None:
        if after == Level.CALM:
            return None
        alert = Alert(goal=goal, level=after, peak=after, value=recent[-1], opened=day, since=day)
    alert.value = recent[-1]
    if after != before:
        _move(alert, after, day)
    alert.save()
    if after != before:
        AlertStep.objects.create(alert=alert, day=day, before=before, after=after, value=recent[-1])
    if after > before:
        notify(goal.community.unit, lambda: _told(goal, after, recent[-1]))
    return alert if alert.closed is None else None


def _told(goal: Goal, level: int, value: float) -> str:
    told = {"level": LOOKS[Level(level)].word, "goal": goal.title, "community": goal.community.name, "value": value}
    return _("%(level)s: “%(goal)s” of %(community)s is %(value).0f%% behind.") % told


def _move(alert: Alert, level: int, day: date) -> None:
    """Set the level; whoever took note of a higher one has taken note of this one, and is called again if it climbs."""
    alert.level, alert.since = level, day
    alert.peak = max(alert.peak, level)
    alert.noted = min(alert.noted, level)
    if level == Level.CALM:
        alert.closed = day


@transaction.atomic
def acknowledge_alert(alert: Alert, *, note: str, by: Actor) -> Acknowledgement:
    """Take note of an alert at its level and say what is done; it calls again only if it climbs.

    Raises QunyingError without a note, and where it is over or noted already.
    """
    if not note.strip():
        raise QunyingError(_("Write in a sentence what you make of it or what is being done."))
    if alert.closed is not None:
        raise QunyingError(_("This alert is over; there is nothing left to take note of."))
    if not alert.calls:
        raise QunyingError(_("Somebody has taken note of this alert already."))
    alert.noted = alert.level
    alert.save(update_fields=["noted"])
    staff = by if isinstance(by, Staff) else None
    taken = Acknowledgement.objects.create(
        alert=alert, level=alert.level, note=note.strip(), by=by.actor_key, staff=staff
    )
    write_act(ACKNOWLEDGE, by=by, subject_type="alert", subject_id=alert.pk, details={"level": alert.level})
    return taken
