"""What the page of one goal shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.alerts.levels import LOOKS as ALERT_LOOKS
from qunying.check.alerts.levels import Level
from qunying.check.alerts.queries import alerts_of
from qunying.check.tracking.models import Status
from qunying.check.tracking.queries import snapshots_of
from qunying.check.tracking.services import awaits_outlook
from qunying.check.tracking.wording import (
    LOOKS,
    NO_BASELINES,
    VERDICTS,
    course_words,
    outlook_words,
    reading_words,
    why_words,
)
from qunying.doors.console.plan.goals.rows import fraction_words, goal_rows
from qunying.doors.console.plan.goals.words import HORIZONS, SHORT_TERMS
from qunying.ground.access.roles import ROLES
from qunying.ground.figures.catalogue import metric_named
from qunying.kit import formats
from qunying.plan.goals.amounts import bounded, ratio_text, shown
from qunying.plan.goals.queries import goals_of, is_off_rhythm, next_revision

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from django.utils.functional import _StrPromise

    from qunying.check.alerts.models import Acknowledgement, Alert, AlertStep
    from qunying.check.tracking.models import Snapshot
    from qunying.plan.goals.models import Goal, HandValue, Revision

_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a goal; `day` is local, `icon` and `style` say of what kind."""

    day: date
    order: int
    icon: str
    title: str | _StrPromise
    text: str = ""
    who: str = ""
    style: str = ""


def portrait(goal: Goal, *, may_plan: bool) -> dict[str, Any]:
    """Everything the page says, in words."""
    today = timezone.localdate(timezone=ZoneInfo(goal.community.timezone))
    row = goal_rows([goal], today=today)[0]
    seen = row.standing
    alerts = list(alerts_of(goal))
    return {
        "community": goal.community,
        "goal": goal,
        "row": row,
        "today": today,
        "facts": _facts(goal),
        "deviation": course_words(goal, seen) if seen else "",
        "why": why_words(goal, seen) if seen else _("It has not been counted yet; that happens within minutes."),
        "fraction": fraction_words(seen, goal),
        "stale": formats.day(seen.facts_until, weekday=False) if seen and seen.facts_until else "",
        "outlook": outlook_words(goal, seen.outlook) if seen else "",
        "verdict": VERDICTS.get((seen.outlook or {}).get("verdict", ""), "") if seen else "",
        "waiting": seen is not None and awaits_outlook(seen) and not goal.by_hand,
        "children": goal_rows(goals_of(goal.community).filter(parent=goal), today=today),
        "entries": _entries(goal, alerts),
        "alert": next((alert for alert in alerts if alert.closed is None), None),
        "may_plan": may_plan and goal.dropped_at is None,
        "off_rhythm": is_off_rhythm(goal, today),
        "next_revision": formats.day(next_revision(goal), weekday=False),
        "over": seen is not None and seen.day >= goal.due and seen.status != Status.UNMEASURED,
    }


def _facts(goal: Goal) -> list[tuple[str | _StrPromise, str | _StrPromise]]:
    """What the goal is: label and words."""
    currency, unit = goal.community.currency, goal.unit
    rows: list[tuple[str | _StrPromise, str | _StrPromise]] = [
        (_("Figure"), _figure(goal)),
        (pgettext("goal", "Read"), reading_words(goal)),
        (
            pgettext("goal", "Days"),
            f"{formats.day(goal.start, weekday=False)} – {formats.day(goal.due, weekday=False)}",
        ),
        (pgettext("goal", "Span"), f"{HORIZONS[goal.horizon]} · {SHORT_TERMS[goal.term]}"),
        (_("Baseline"), _baseline(goal)),
        (_("Target"), bounded(_target(goal), goal.direction)),
        (_("Margin"), formats.percent(float(goal.flexibility), decimals=0)),
        (pgettext("goal", "Owner"), _owner(goal)),
    ]
    if goal.benchmark is not None:
        number = shown(goal.benchmark, unit=unit, currency=currency)
        rows.append((_("Elsewhere"), f"{number} · {goal.benchmark_source}" if goal.benchmark_source else number))
    return rows


def _figure(goal: Goal) -> str | _StrPromise:
    if goal.by_hand:
        return _("measured by hand")
    given = metric_named(goal.metric).check({})
    other = [
        f"{name}={','.join(value) if isinstance(value, list) else value}"
        for name, value in goal.params.items()
        if (tuple(value) if isinstance(value, list) else value) != given.get(name)
    ]
    title = metric_named(goal.metric).title
    return f"{title} ({', '.join(other)})" if other else title


def _baseline(goal: Goal) -> str | _StrPromise:
    if goal.baseline is None:
        return NO_BASELINES[goal.no_baseline]
    number = shown(goal.baseline, unit=goal.unit, currency=goal.community.currency)
    if goal.baseline_from is None or goal.baseline_to is None:
        return number
    days = formats.day(goal.baseline_from, weekday=False)
    if goal.baseline_to != goal.baseline_from:
        days = f"{days} – {formats.day(goal.baseline_to, weekday=False)}"
    if goal.baseline_numerator is None or goal.baseline_denominator is None:
        return f"{number} ({days})"
    parts = (formats.whole(round(float(part), 1)) for part in (goal.baseline_numerator, goal.baseline_denominator))
    return f"{number} ({' / '.join(parts)}; {days})"


def _target(goal: Goal) -> str:
    return target_words(goal, goal.target_value, goal.target_ratio)


def target_words(goal: Goal, value: Decimal | None, ratio: Decimal | None) -> str:
    """A target of the goal, now or before a revision."""
    if ratio is None:
        return shown(value, unit=goal.unit, currency=goal.community.currency)
    number = None if goal.baseline is None else goal.baseline * ratio
    text = ratio_text(ratio)
    return text if number is None else f"{text} ({shown(number, unit=goal.unit, currency=goal.community.currency)})"


def _owner(goal: Goal) -> str | _StrPromise:
    if goal.owner:
        return goal.owner.name
    return ROLES[goal.owner_role][0] if goal.owner_role in ROLES else _("nobody yet")


def _entries(goal: Goal, alerts: list[Alert]) -> list[Entry]:
    """The history, latest first."""
    zone = ZoneInfo(goal.community.timezone)
    found = [_made(goal, zone)]
    found += [_revised(goal, revision) for revision in goal.revisions.select_related("staff")]
    found += [_entered(goal, value) for value in goal.values.select_related("staff")]
    for alert in alerts:
        found += [_stepped(step) for step in alert.steps.all()]
        found += [_noted(noted, zone) for noted in alert.acknowledgements.all()]
    found += [_kept(goal, snapshot) for snapshot in snapshots_of(goal)[:_WEEKS]]
    if goal.dropped_at is not None:
        day = _local(goal.dropped_at, zone)
        found.append(Entry(day, 9, "x", _("Given up"), goal.dropped_why, style="status-bad"))
    return sorted(found, key=lambda entry: (entry.day, entry.order), reverse=True)


def _local(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _made(goal: Goal, zone: ZoneInfo) -> Entry:
    text = _("From the playbook “%(name)s”.") % {"name": goal.playbook} if goal.playbook else ""
    return Entry(_local(goal.made_at, zone), 0, "target", _("Goal set"), text)


def _revised(goal: Goal, revision: Revision) -> Entry:
    who = revision.staff.name if revision.staff else ""
    if revision.kept:
        return Entry(revision.day, 5, "rotate", _("Looked at and kept"), revision.reason, who)
    changes = []
    if (revision.old_target, revision.old_ratio) != (revision.new_target, revision.new_ratio):
        before = target_words(goal, revision.old_target, revision.old_ratio)
        after = target_words(goal, revision.new_target, revision.new_ratio)
        changes.append(_("target %(before)s → %(after)s") % {"before": before, "after": after})
    if revision.old_due != revision.new_due:
        before, after = (formats.day(day, weekday=False) for day in (revision.old_due, revision.new_due))
        changes.append(_("due %(before)s → %(after)s") % {"before": before, "after": after})
    title = _("Revised outside its rhythm") if revision.off_rhythm else _("Revised")
    joint = "；" if formats.tongue() == "zh" else "; "
    return Entry(revision.day, 5, "rotate", title, f"{joint.join(changes)}{joint}{revision.reason}", who)


def _entered(goal: Goal, value: HandValue) -> Entry:
    number = shown(value.value, unit=goal.unit, currency=goal.community.currency)
    who = value.staff.name if value.staff else ""
    return Entry(value.day, 4, "pencil", _("Measured: %(value)s") % {"value": number}, value.note, who)


def _stepped(step: AlertStep) -> Entry:
    look = ALERT_LOOKS[Level(step.after)]
    text = _("%(share)s behind") % {"share": formats.percent(step.value / 100)}
    return Entry(step.day, 6, look.icon, _("Alert: %(level)s") % {"level": look.word}, text, style=look.style)


def _noted(noted: Acknowledgement, zone: ZoneInfo) -> Entry:
    who = noted.staff.name if noted.staff else ""
    level = ALERT_LOOKS[Level(noted.level)].word
    return Entry(_local(noted.at, zone), 7, "check", _("Noted at %(level)s") % {"level": level}, noted.note, who)


def _kept(goal: Goal, snapshot: Snapshot) -> Entry:
    look = LOOKS[Status(snapshot.status)]
    number = shown(snapshot.value, unit=goal.unit, currency=goal.community.currency)
    parts = [part for part in (number, course_words(goal, snapshot)) if part and part != formats.DASH]
    seen = _local(snapshot.seen_at, ZoneInfo(goal.community.timezone))
    if seen > snapshot.day + timedelta(days=1):
        parts.append(_("counted afterwards, on %(day)s") % {"day": formats.day(seen, weekday=False)})
    title = _("Week %(week)s: %(status)s") % {"week": snapshot.week, "status": look.word}
    return Entry(snapshot.day, 3, look.icon, title, " · ".join(parts), style=look.style)
