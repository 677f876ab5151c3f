"""What goals, alerts, playbooks and work tell in a report: results, problems, decisions, and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.check.alerts.levels import LOOKS as LEVELS
from qunying.check.alerts.levels import Level
from qunying.check.alerts.models import Acknowledgement, Alert
from qunying.check.reports.blocks import Cell, Definition, Table
from qunying.check.reports.forecasts import forecast_definition, forecast_table, with_outlooks
from qunying.check.reports.port import Told
from qunying.check.reports.telling import MOST, Decision, beyond, day_cell, decisions_listed, listed, name_cell
from qunying.check.tracking.models import Standing, Status
from qunying.check.tracking.progress import Progress, progress_of
from qunying.check.tracking.services import fields_of
from qunying.check.tracking.wording import LOOKS, course_words, why_words
from qunying.kit import formats
from qunying.plan.goals.amounts import ratio_text, shown, shown_target
from qunying.plan.goals.models import Goal, Revision
from qunying.plan.schedule.queries import work_in

if TYPE_CHECKING:
    from datetime import date

    from qunying.check.reports.port import Asked
    from qunying.plan.schedule.models import WorkItem

_GOOD = {Status.ON_COURSE, Status.REACHED}
_FAIR = {Status.WITHIN, Status.NEAR}
_BAD = {Status.OFF_COURSE, Status.MISSED}


def goals_told(asked: Asked) -> Told | None:
    """Each goal that ran in the period, as it stood when the counted days ended."""
    goals = Goal.objects.filter(
        community=asked.community, dropped_at__isnull=True, start__lte=asked.counted.end, due__gte=asked.span.days.start
    ).select_related("community", "owner")
    rows = [progress_of(goal, day=asked.counted.end, foretell=False) for goal in goals.order_by("-due", "start", "pk")]
    if not rows:
        return None
    head = [
        _("Goal"),
        _("Standing"),
        pgettext("report", "Due"),
        _("Target"),
        _("Reached"),
        _("By the path"),
    ]
    shown_rows = [_goal_row(one) for one in rows[:MOST]]
    metrics = list(dict.fromkeys(one.goal.metric for one in rows if one.goal.metric))
    ahead = with_outlooks(rows[:MOST])
    return Told(
        sentences=[_goals_sentence(rows)],
        tables=[Table("", head, shown_rows, wordy=2), *([forecast_table(ahead)] if ahead else [])],
        notes=[
            _(
                "The path leads from the baseline on the first day to the target on the due day; "
                "up to 5% beside it is within tolerance."
            ),
            *beyond(len(rows)),
        ],
        metrics=metrics,
        definitions=[*_hand_definitions(rows), *([forecast_definition()] if ahead else [])],
    )


def _goals_sentence(rows: list[Progress]) -> str:
    good, fair, bad = (sum(one.status in kind for one in rows) for kind in (_GOOD, _FAIR, _BAD))
    names = {"all": len(rows), "good": good, "fair": fair, "bad": bad, "open": len(rows) - good - fair - bad}
    words = ngettext(
        "%(all)s goal: %(good)s on course or reached, %(fair)s within tolerance or just short, "
        "%(bad)s off course or missed, %(open)s not measurable yet.",
        "%(all)s goals: %(good)s on course or reached, %(fair)s within tolerance or just short, "
        "%(bad)s off course or missed, %(open)s not measurable yet.",
        len(rows),
    )
    return words % names


def _goal_row(one: Progress) -> list[Cell]:
    goal, currency = one.goal, one.goal.community.currency
    seen = Standing(goal=goal, day=one.day, **fields_of(one))
    note = why_words(goal, seen) or course_words(goal, seen)
    owner = goal.owner.name if goal.owner else ""
    return [
        Cell(goal.name, owner),
        Cell(str(LOOKS[Status(one.status)].word), note),
        day_cell(goal.due),
        _target_cell(goal),
        Cell(shown(one.value, unit=goal.unit, currency=currency), _parts(one)),
        Cell(shown(one.expected, unit=goal.unit, currency=currency)),
    ]


def _target_cell(goal: Goal) -> Cell:
    """The target; of a multiple of the baseline what that comes to below it, so that the column stays narrow."""
    if goal.target_ratio is None or goal.target is None:
        return Cell(shown_target(goal))
    return Cell(ratio_text(goal.target_ratio), shown(goal.target, unit=goal.unit, currency=goal.community.currency))


def _parts(one: Progress) -> str:
    measured = one.measured
    if one.goal.unit != Goal.Unit.SHARE or measured is None or not measured.denominator:
        return ""
    return f"{formats.whole(measured.numerator)} / {formats.whole(round(measured.denominator, 1))}"


def _hand_definitions(rows: list[Progress]) -> list[Definition]:
    by_hand = [one.goal for one in rows if one.goal.by_hand]
    if not by_hand:
        return []
    names = pgettext("names", ", ").join(goal.name for goal in by_hand)
    return [Definition(names, _("A person measures it and enters the value; the latest entry of a day counts."), [])]


def problems_told(asked: Asked) -> Told | None:
    """The alerts that were open in the period, at the level at which they stood when it ended."""
    end = asked.counted.end
    found = Alert.objects.filter(goal__community=asked.community, opened__lte=end).filter(
        Q(closed__isnull=True) | Q(closed__gte=asked.span.days.start)
    )
    alerts = list(found.select_related("goal__community").prefetch_related("steps"))
    if not alerts:
        return None
    rows = sorted(((_level_on(alert, end), alert) for alert in alerts), key=lambda row: (-row[0], row[1].opened))
    still = sum(level > Level.CALM for level, _alert in rows)
    sentence = _("Alerts in this period: %(all)s; still open at its end: %(still)s.")
    head = [_("Goal"), _("Level"), _("Open since"), _("Highest level"), _("Behind the path")]
    lines = [_alert_row(level, alert, end) for level, alert in rows]
    return listed(head, lines, wordy=2, sentences=[sentence % {"all": len(rows), "still": still}])


def _level_on(alert: Alert, day: date) -> int:
    steps = [step.after for step in alert.steps.all() if step.day <= day]
    return steps[-1] if steps else Level.CALM


def _alert_row(level: int, alert: Alert, end: date) -> list[Cell]:
    steps = [step for step in alert.steps.all() if step.day <= end]
    peak = max((step.after for step in steps), default=level)
    behind = steps[-1].value if steps else alert.value
    over = _("over since %(day)s") % {"day": formats.day(steps[-1].day, weekday=False)} if not level and steps else ""
    return [
        Cell(alert.goal.name),
        Cell(str(LEVELS[Level(level)].word), over),
        day_cell(alert.opened),
        Cell(str(LEVELS[Level(peak)].word)),
        Cell(formats.percent(behind / 100)),
    ]


def decisions_told(asked: Asked) -> Told | None:
    """Revisions of goals, and what people said when they took note of an alert, in the order of time."""
    return decisions_listed([*_revisions(asked), *_notes_taken(asked)])


def _revisions(asked: Asked) -> list[Decision]:
    days = asked.span.days
    found = Revision.objects.filter(goal__community=asked.community, day__gte=days.start, day__lte=days.end)
    return [
        Decision(one.day, _revised_words(one), one.reason, one.staff.name if one.staff else "")
        for one in found.select_related("goal__community", "staff").order_by("day", "pk")
    ]


def _revised_words(one: Revision) -> str:
    goal = one.goal
    if one.kept:
        return _("Goal “%(goal)s” looked at and kept") % {"goal": goal.name}
    parts = []
    if one.old_due != one.new_due:
        parts.append(_("due %(new)s instead of %(old)s") % _days(one))
    if (one.old_target, one.old_ratio) != (one.new_target, one.new_ratio):
        parts.append(_("target changed"))
    changes = pgettext("clauses", ", ").join(parts)
    return _("Goal “%(goal)s” revised: %(changes)s") % {"goal": goal.name, "changes": changes}


def _days(one: Revision) -> dict[str, str]:
    return {"old": formats.day(one.old_due, weekday=False), "new": formats.day(one.new_due, weekday=False)}


def _notes_taken(asked: Asked) -> list[Decision]:
    zone = ZoneInfo(asked.community.timezone)
    begin, end = asked.span.days.instants(zone)
    found = Acknowledgement.objects.filter(alert__goal__community=asked.community, at__gte=begin, at__lt=end)
    rows = []
    for one in found.select_related("alert__goal", "staff"):
        day = one.at.astimezone(zone).date()
        words = _("Alert on “%(goal)s” taken note of") % {"goal": one.alert.goal.name}
        rows.append(Decision(day, words, one.note, one.staff.name if one.staff else ""))
    return rows


def next_told(asked: Asked) -> Told | None:
    """Goals due in the next period, and the work that is left over or due in it."""
    coming = asked.span.following.days
    goals = Goal.objects.filter(
        community=asked.community, dropped_at__isnull=True, due__gte=coming.start, due__lte=coming.end
    )
    works = _work_ahead(asked, coming.end)
    rows = [
        *(
            [Cell(_("Goal")), Cell(goal.name), day_cell(goal.due), name_cell(goal.owner)]
            for goal in goals.select_related("owner")
        ),
        *(_work_row(work, asked.span.days.end) for work in works),
    ]
    if not rows:
        return None
    late = sum(work.due <= asked.span.days.end for work in works)
    sentences = [_("Work left over from this period or before: %(late)s.") % {"late": late}] if late else []
    head = [pgettext("report", "What"), _("Title"), pgettext("report", "Due"), pgettext("report", "Owner")]
    return listed(head, rows, wordy=len(head), sentences=sentences)


def _work_ahead(asked: Asked, until: date) -> list[WorkItem]:
    """Work due by then that was not done when the period ended, and has not been dropped."""
    _begin, end = asked.span.days.instants(ZoneInfo(asked.community.timezone))
    open_then = Q(done_at__isnull=True) | Q(done_at__gte=end)
    found = work_in(asked.community).filter(open_then, dropped_at__isnull=True, due__lte=until, created_at__lt=end)
    return list(found.order_by("due", "priority", "pk"))


def _work_row(work: WorkItem, end: date) -> list[Cell]:
    note = _("left over") if work.due <= end else ""
    return [Cell(pgettext("report", "Work"), note), Cell(work.name), day_cell(work.due), name_cell(work.owner)]
