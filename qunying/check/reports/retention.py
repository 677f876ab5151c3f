"""Whether those who came lately stayed: the triangle of the last cohorts, by week, or by month for longer reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.reports.blocks import Cell, Section, Table
from qunying.check.reports.shapes import Cohort, CohortAge
from qunying.check.reports.spans import Grain, span_of
from qunying.ground.figures.results import SMALL
from qunying.ground.figures.services import measure
from qunying.kit import formats
from qunying.kit.periods import Period

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qunying.check.reports.shapes import Report
    from qunying.check.reports.spans import Span
    from qunying.ground.figures.results import Scope

COHORTS = 6
_DARKEST = 6


def cohort_grain(grain: Grain) -> Grain:
    """Weekly cohorts for a week; monthly ones for anything longer."""
    return Grain.WEEK if grain is Grain.WEEK else Grain.MONTH


def recent_cohorts(scope: Scope, *, grain: Grain, counted: Period, first_day: date | None) -> list[Cohort]:
    """The people who came in each of the last six weeks (or months), and how many were active in each up to this one.

    A week that began before the first record is left out: most of whom it would count were here
    long before. What happened after the report's own period is left out too, so that the report of a
    past one says the same whenever it is made.
    """
    steps = [span_of(cohort_grain(grain), counted.end)]
    while len(steps) < COHORTS:
        steps.append(steps[-1].previous)
    steps = [step for step in reversed(steps) if first_day and step.days.start >= first_day]
    if not steps:
        return []
    period = Period(steps[0].days.start, counted.end)
    rows = measure("cohorts", scope=scope, period=period, grain=str(steps[0].grain)).rows
    return [_cohort(step, [row for row in rows if row["cohort"] == step.days.start], counted) for step in steps]


def _cohort(came: Span, rows: Sequence[dict[str, Any]], counted: Period) -> Cohort:
    ages, step = [], came
    for row in sorted(rows, key=lambda row: row["age"]):
        if step.days.start <= counted.end:
            over = bool(row["finished"]) and step.days.end <= counted.end
            ages.append(CohortAge(row["age"], row["numerator"], row["value"] if over else None, over))
        step = step.following
    return Cohort(came.days.start, rows[0]["denominator"] if rows else 0, ages)


def retention_section(report: Report) -> Section | None:
    """The triangle and its reading; None where nobody came in these weeks (or months)."""
    cohorts = [cohort for cohort in report.cohorts if cohort.size]
    if not cohorts:
        return None
    weekly = cohort_grain(report.span.grain) is Grain.WEEK
    notes = [_what_a_cell_is(weekly=weekly)]
    if report.orders_only and not report.known.roster:
        notes.append(_("Only orders are known: people came with their first, and were active when they bought again."))
    if any(cohort.size < SMALL for cohort in cohorts):
        notes.append(
            _("Where fewer than %(small)s people came, the cell counts them: a share would say too much.")
            % {"small": SMALL}
        )
    if any(not age.finished for cohort in cohorts for age in cohort.ages):
        notes.append(
            _("Hatched: the week is still going on.") if weekly else _("Hatched: the month is still going on.")
        )
    first = 0 if report.known.roster else 1
    table = _table(cohorts, first=first, weekly=weekly)
    return Section(
        _("Do newcomers stay?"),
        _sentences(cohorts, weekly=weekly),
        tables=[table] if table else [],
        notes=notes,
        key="retention",
    )


def _what_a_cell_is(*, weekly: bool) -> str:
    if weekly:
        return _(
            "A cohort is everyone who came in that week; a cell is the share of them who did something in the week."
        )
    return _("A cohort is everyone who came in that month; a cell is the share of them who did something in the month.")


def _sentences(cohorts: Sequence[Cohort], *, weekly: bool) -> list[str]:
    """The week (or month) after the first, over all cohorts for which it is over."""
    second = [(cohort.size, row.active) for cohort in cohorts for row in cohort.ages if row.age == 1 and row.finished]
    size, active = sum(pair[0] for pair in second), sum(pair[1] for pair in second)
    if not size:
        return [
            _("It is too early to say: no cohort has a whole second week yet.")
            if weekly
            else _("It is too early to say: no cohort has a whole second month yet.")
        ]
    names = {"active": formats.whole(active), "size": formats.whole(size), "share": formats.percent(active / size)}
    return [_second_words(weekly=weekly, few=size < SMALL) % names]


def _second_words(*, weekly: bool, few: bool) -> str:
    if few and weekly:
        return _(
            "Of the %(size)s who came in these weeks, %(active)s were active the week after: too few people for a rate."
        )
    if few:
        return _(
            "Of the %(size)s who came in these months, %(active)s were active the month after: "
            "too few people for a rate."
        )
    if weekly:
        return _("Of the %(size)s who came in these weeks, %(active)s were active the week after (%(share)s).")
    return _("Of the %(size)s who came in these months, %(active)s were active the month after (%(share)s).")


def _table(cohorts: Sequence[Cohort], *, first: int, weekly: bool) -> Table | None:
    """The triangle from age `first` on: who is known by their acts alone was active in the first week by definition."""
    ages = range(first, max(len(cohort.ages) for cohort in cohorts))
    if not ages:
        return None
    rows = [
        [
            Cell(came(cohort, weekly=weekly)),
            Cell(formats.whole(cohort.size)),
            *(_cell(cohort.ages[age], cohort.size) if age < len(cohort.ages) else Cell("") for age in ages),
        ]
        for cohort in cohorts
    ]
    if weekly:
        head, caption = _("Week of coming"), _("How many of each week's newcomers were active, week by week")
    else:
        head, caption = _("Month of coming"), _("How many of each month's newcomers were active, month by month")
    names = [age_name(age, weekly=weekly) for age in ages]
    return Table(caption, [head, pgettext("report", "People"), *names], rows)


def came(cohort: Cohort, *, weekly: bool) -> str:
    """The week (by its Monday) or the month in which the cohort came."""
    return formats.day(cohort.start, weekday=False) if weekly else span_of(Grain.MONTH, cohort.start).name


def age_name(age: int, *, weekly: bool) -> str:
    """The head of the column of this age."""
    if weekly:
        return _("After %(age)s wk") % {"age": age} if age else _("Same week")
    return _("After %(age)s mo") % {"age": age} if age else _("Same month")


def _cell(row: CohortAge, size: int) -> Cell:
    if not row.finished or row.share is None:
        return Cell(formats.whole(row.active), state="open")
    if size < SMALL:
        return Cell(f"{formats.whole(row.active)} / {formats.whole(size)}", state="small")
    return Cell(formats.percent(row.share), heat=0 if not row.share else min(_DARKEST, 1 + int(row.share * 5.999)))
