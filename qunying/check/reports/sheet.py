"""A weekly report put into words: marks, headline, key figures, sections, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from qunying.check.reports.blocks import Card, Definition, Sheet
from qunying.check.reports.charts import spark
from qunying.check.reports.notable import comparable, notable_changes
from qunying.check.reports.retention import retention_section
from qunying.check.reports.sections import (
    activity_section,
    days_section,
    figures_section,
    orders_section,
    people_section,
    tells,
)
from qunying.check.reports.weeks import week_name
from qunying.check.reports.wording import against_last, average_before, days, fraction, label, notable, written
from qunying.ground.figures.catalogue import metric_named
from qunying.kit import formats

if TYPE_CHECKING:
    from qunying.check.reports.blocks import Section
    from qunying.check.reports.shapes import Line, WeeklyReport
    from qunying.ground.figures.catalogue import Metric


def make_sheet(report: WeeklyReport) -> Sheet:
    """The report in the active language; of a week without any record, a sheet that says so."""
    empty = report.empty
    return Sheet(
        language=get_language() or "zh-hans",
        title=_("Weekly report"),
        community=report.subject.name,
        week=_week_title(report),
        days=days(report.week),
        marks=_marks(report),
        simulated=_("Simulated data: no real person stands behind these figures.") if report.subject.simulated else "",
        points=[] if empty else _points(report),
        cards=[] if empty else [_card(report, name) for name in _card_names(report)],
        sections=[] if empty else _sections(report),
        definitions=[] if empty else _definitions(report),
        headings={
            "points": _("In short"),
            "definitions": _("How it was counted"),
            "table": _("The same as a table"),
        },
        footer=_footer(report),
    )


def _week_title(report: WeeklyReport) -> str:
    year, number, _day = report.week.start.isocalendar()
    return _("Week %(number)s of %(year)s") % {"number": number, "year": year}


def _marks(report: WeeklyReport) -> list[str]:
    marks = []
    if report.empty:
        marks.append(_empty_mark(report))
    if report.running:
        marks.append(
            _("The week is not over: counted are the days up to %(day)s, and the same days of earlier weeks.")
            % {"day": formats.day(report.counted.end)}
        )
    elif report.last_day and report.week.start <= report.last_day < report.week.end:
        marks.append(
            _(
                "The last record of this community is of %(day)s: the rest of the week is not known, "
                "or nothing happened."
            )
            % {"day": formats.day(report.last_day)}
        )
    if not report.empty and report.first_day and report.week.start < report.first_day <= report.week.end:
        marks.append(
            _("The records of this community begin on %(day)s, so this is not a whole week.")
            % {"day": formats.day(report.first_day)}
        )
    return marks


def _empty_mark(report: WeeklyReport) -> str:
    if report.first_day is None or report.last_day is None:
        return _("Nothing is recorded of this community yet. Import its history first, then make the report.")
    return _("Nothing is recorded of this week. The records of this community reach from %(first)s to %(last)s.") % {
        "first": formats.day(report.first_day),
        "last": formats.day(report.last_day),
    }


def _points(report: WeeklyReport) -> list[str]:
    currency = report.subject.currency
    points = [_headline(report)]
    if not comparable(report):
        return [*points, _("Fewer than three whole weeks came before: too early to call anything unusual.")]
    found = notable_changes(report)
    if not found:
        return [*points, _("No figure left the range of the weeks before by enough to be worth a sentence.")]
    return [*points, *(notable(change, currency, roster=report.known.roster) for change in found)]


def _headline(report: WeeklyReport) -> str:
    present, active = report.lines["members_present"], report.lines["active_members.seen"]
    if report.known.roster:
        words = ngettext(
            "%(present)s member at the end of the week, %(change)s.",
            "%(present)s members at the end of the week, %(change)s.",
            int(present.value or 0),
        )
        return words % {"present": formats.whole(present.value), "change": against_last(present, "")}
    words = ngettext(
        "%(active)s person took part this week, %(change)s; %(present)s have been seen so far.",
        "%(active)s people took part this week, %(change)s; %(present)s have been seen so far.",
        int(active.value or 0),
    )
    return words % {
        "active": formats.whole(active.value),
        "change": against_last(active, ""),
        "present": formats.whole(present.value),
    }


def _card_names(report: WeeklyReport) -> list[str]:
    names = ["members_present", "joins", "active_rate.seen", "messages"]
    if not report.known.roster:
        names = ["active_members.seen", "messages", "joins", "members_present"]
    last = [name for name in ("revenue", "interactions") if not report.lines[name].nothing]
    return [*names, *(last or ["daily_speakers"])[:1]]


def _card(report: WeeklyReport, name: str) -> Card:
    line, currency = report.lines[name], report.subject.currency
    share = line.metric.unit == "share"
    changes = [words for words in (against_last(line, currency), average_before(line, currency)) if words]
    return Card(
        label=label(name, roster=report.known.roster),
        value=written(line.value, line.metric.unit, currency),
        note=_card_note(report, name, line),
        changes=changes,
        line=spark([*reversed(line.past), line.value]),
        small=share and line.figure.small,
    )


def _card_note(report: WeeklyReport, name: str, line: Line) -> str:
    if name == "joins" and report.known.leaves:
        return _("%(left)s left") % {"left": formats.whole(report.lines["leaves"].value)}
    if line.metric.unit != "share":
        return ""
    if line.figure.small:
        return _("%(parts)s: few people, read with care") % {"parts": fraction(line.figure)}
    return fraction(line.figure)


def _sections(report: WeeklyReport) -> list[Section]:
    parts = [
        people_section(report),
        activity_section(report),
        days_section(report),
        retention_section(report),
        orders_section(report),
        figures_section(report),
    ]
    return [part for part in parts if part]


def _definitions(report: WeeklyReport) -> list[Definition]:
    metrics = {line.metric.name: line.metric for line in report.lines.values() if tells(report, line)}
    if any(cohort.size for cohort in report.cohorts):
        metrics["cohorts"] = metric_named("cohorts")
    return [
        Definition(
            _term(report, metric),
            str(metric.definition),
            [
                _("Numerator: %(text)s") % {"text": metric.numerator},
                *([_("Denominator: %(text)s") % {"text": metric.denominator}] if metric.denominator else []),
            ],
        )
        for metric in metrics.values()
    ]


def _term(report: WeeklyReport, metric: Metric) -> str:
    """What the report calls the lines of a metric, then what the catalogue calls it."""
    names = [label(name, roster=report.known.roster) for name, line in report.lines.items() if line.metric is metric]
    title = str(metric.title)
    if names in ([], [title]):
        return title
    return _("%(names)s (%(title)s)") % {"names": pgettext("names", ", ").join(names), "title": title}


def _footer(report: WeeklyReport) -> list[str]:
    return [
        _("Made on %(moment)s; days are those of %(zone)s. It includes every record known at %(as_of)s.")
        % {
            "moment": formats.moment(report.made_at),
            "zone": report.subject.zone.key,
            "as_of": formats.moment(report.as_of),
        },
        _("Staff and bots are left out of every figure. %(community)s · %(week)s · Qunying")
        % {"community": report.subject.slug, "week": week_name(report.week)},
    ]
