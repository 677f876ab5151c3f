"""Whether those who came lately stayed: the triangle of the last weekly cohorts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.reports.blocks import Cell, Section, Table
from qunying.check.reports.shapes import Cohort, CohortAge
from qunying.ground.figures.results import SMALL
from qunying.ground.figures.services import measure
from qunying.kit import formats
from qunying.kit.periods import Period, week_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.reports.shapes import WeeklyReport
    from qunying.ground.figures.results import Scope

COHORTS = 6
_WEEK = timedelta(days=7)
_DARKEST = 6


def recent_cohorts(scope: Scope, *, counted: Period, first_day: date | None) -> list[Cohort]:
    """The people who came in each of the last six weeks, and how many were active in each week up to this one.

    A week that began before the first record is left out: most of whom it would count were here
    long before. What happened after the report's own week is left out too, so that the report of a
    past week says the same whenever it is made.
    """
    this = week_of(counted.start)
    weeks = [this.start - step * _WEEK for step in reversed(range(COHORTS))]
    weeks = [start for start in weeks if first_day and start >= first_day]
    if not weeks:
        return []
    rows = measure("cohorts", scope=scope, period=Period(weeks[0], counted.end), grain="week").rows
    return [_cohort(start, [row for row in rows if row["cohort"] == start], counted) for start in weeks]


def _cohort(start: date, rows: Sequence[dict[str, Any]], counted: Period) -> Cohort:
    ages = []
    for row in rows:
        week = week_of(start + row["age"] * _WEEK)
        if week.start <= counted.end:
            over = bool(row["finished"]) and week.end <= counted.end
            ages.append(CohortAge(row["age"], row["numerator"], row["value"] if over else None, over))
    return Cohort(start, rows[0]["denominator"] if rows else 0, ages)


def retention_section(report: WeeklyReport) -> Section | None:
    """The triangle and its reading; None where nobody came in these weeks."""
    cohorts = [cohort for cohort in report.cohorts if cohort.size]
    if not cohorts:
        return None
    notes = [
        _("A cohort is everyone who came in that week; a cell is the share of them who did something in the week.")
    ]
    if any(cohort.size < SMALL for cohort in cohorts):
        notes.append(
            _("Where fewer than %(small)s people came, the cell counts them: a share would say too much.")
            % {"small": SMALL}
        )
    if report.running:
        notes.append(_("Hatched: the week is still going on."))
    return Section(
        _("Do newcomers stay?"),
        _sentences(cohorts),
        tables=[_table(cohorts, first=0 if report.known.roster else 1)],
        notes=notes,
    )


def _sentences(cohorts: Sequence[Cohort]) -> list[str]:
    """The week after the first, over all cohorts for which it is over."""
    second = [(cohort.size, row.active) for cohort in cohorts for row in cohort.ages if row.age == 1 and row.finished]
    size, active = sum(pair[0] for pair in second), sum(pair[1] for pair in second)
    if not size:
        return [_("It is too early to say: no cohort has a whole second week yet.")]
    names = {"active": formats.whole(active), "size": formats.whole(size), "share": formats.percent(active / size)}
    if size < SMALL:
        return [
            _(
                "Of the %(size)s who came in these weeks, %(active)s were active the week after: "
                "too few people for a rate."
            )
            % names
        ]
    return [_("Of the %(size)s who came in these weeks, %(active)s were active the week after (%(share)s).") % names]


def _table(cohorts: Sequence[Cohort], *, first: int) -> Table:
    """The triangle from age `first` on: who is known by their acts alone was active in the first week by definition."""
    ages = range(first, max(len(cohort.ages) for cohort in cohorts))
    names = [_("After %(age)s wk") % {"age": age} if age else _("Same week") for age in ages]
    rows = [
        [
            Cell(formats.day(cohort.start, weekday=False)),
            Cell(formats.whole(cohort.size)),
            *(_cell(cohort.ages[age], cohort.size) if age < len(cohort.ages) else Cell("") for age in ages),
        ]
        for cohort in cohorts
    ]
    head = [_("Week of coming"), pgettext("report", "People"), *names]
    return Table(_("How many of each week's newcomers were active, week by week"), head, rows)


def _cell(row: CohortAge, size: int) -> Cell:
    if not row.finished or row.share is None:
        return Cell(formats.whole(row.active), state="open")
    if size < SMALL:
        return Cell(f"{formats.whole(row.active)} / {formats.whole(size)}", state="small")
    return Cell(formats.percent(row.share), heat=0 if not row.share else min(_DARKEST, 1 + int(row.share * 5.999)))
