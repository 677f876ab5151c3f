"""The parts of the report, each a question and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.check.reports.blocks import Cell, Picture, Section, Table
from qunying.check.reports.charts import Bar, Strip, day_bars, strips
from qunying.check.reports.wording import (
    LABELS,
    against_last,
    average_before,
    change,
    counted,
    fraction,
    label,
    written,
)
from qunying.ground.figures.results import SMALL
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.reports.shapes import Comers, Line, WeeklyReport

_SATURDAY = 5
_GRADE_COLOURS = {"seen": "series-1", "interactive": "series-2", "speaking": "series-3"}


def people_section(report: WeeklyReport) -> Section:
    """Who came and who left."""
    came, went = (int(report.lines[name].value or 0) for name in ("joins", "leaves"))
    names = {"came": formats.whole(came), "went": formats.whole(went), "net": f"{came - went:+,d}".replace("-", "−")}
    if report.known.roster:
        sentences = [_("%(came)s came and %(went)s left, which makes %(net)s.") % names]
    else:
        sentences = [
            ngettext(
                "%(came)s person was seen for the first time.", "%(came)s people were seen for the first time.", came
            )
            % names
        ]
    churn = report.lines["churn_rate"]
    if churn.value is not None and report.known.leaves:
        sentences.append(
            _("Of those who were here when the week began, %(share)s are gone (%(parts)s).")
            % {"share": formats.percent(churn.value), "parts": fraction(churn.figure)}
        )
    sentences += [
        line
        for line in (_names(pgettext("report", "Came"), report.joined), _names(pgettext("report", "Left"), report.left))
        if line
    ]
    return Section(_("Who came, and who left?"), sentences, notes=_people_notes(report))


def _names(label: str, people: Comers | None) -> str:
    if people is None or not people.names:
        return ""
    listed = pgettext("names", ", ").join(people.names)
    more = people.total - len(people.names)
    if more <= 0:
        return _("%(label)s: %(names)s.") % {"label": label, "names": listed}
    return _("%(label)s: %(names)s and %(more)s more.") % {"label": label, "names": listed, "more": formats.whole(more)}


def _people_notes(report: WeeklyReport) -> list[str]:
    known = report.known
    if not known.roster:
        return [
            _(
                "No joining or leaving is recorded in this community. “People seen so far” are all who ever showed: "
                "their number can only grow and their shares can only fall, so look at how many took part."
            )
        ]
    notes = []
    if known.unannounced:
        notes.append(_("Some were not recorded joining; they count as having come when they were first seen."))
    if not known.leaves:
        notes.append(_("Nobody's leaving is recorded in this community, so the number of members can only grow."))
    return notes


def activity_section(report: WeeklyReport) -> Section:
    """How many took part, in three grades."""
    lines = {grade: report.lines[f"active_rate.{grade}"] for grade in _GRADE_COLOURS}
    seen = lines["seen"]
    if seen.value is None:
        return Section(_("How many took part?"), [_("Nobody was in the community, so no share can be told.")])
    people = report.lines["active_members.seen"]
    names = {
        "share": formats.percent(seen.value),
        "parts": fraction(seen.figure),
        "people": formats.whole(people.value),
    }
    if report.known.roster:
        sentence = _("%(share)s of the members did something (%(parts)s), %(change)s.")
        names["change"] = against_last(seen, "")
    else:
        sentence = ngettext(
            "%(people)s person took part, %(change)s; that is %(share)s of all seen so far (%(parts)s).",
            "%(people)s people took part, %(change)s; that is %(share)s of all seen so far (%(parts)s).",
            int(people.value or 0),
        )
        names["change"] = against_last(people, "")
    return Section(
        _("How many took part?"),
        [sentence % names],
        pictures=[_grades_picture(lines)],
        notes=_activity_notes(lines),
    )


def _grades_picture(lines: dict[str, Line]) -> Picture:
    rows = [
        Strip(
            label(f"active_members.{grade}"),
            float(line.value or 0),
            f"{fraction(line.figure)} · {formats.percent(line.value)}",
            _GRADE_COLOURS[grade],
        )
        for grade, line in lines.items()
        if not line.nothing
    ]
    title = _("How far members went: seen, interacting, speaking")
    words = pgettext("clauses", "; ").join(f"{row.label} {row.text}" for row in rows)
    return Picture(title, strips(rows, title=f"{title}. {words}"), words)


def _activity_notes(lines: dict[str, Line]) -> list[str]:
    notes = [
        _("Members are the average of the days of the week. “Seen” is any act of one's own; the grades do not add up.")
    ]
    seen, spoke = lines["seen"].figure, lines["speaking"].figure
    if seen.numerator and seen.numerator == spoke.numerator:
        notes.append(
            _(
                "Only messages were recorded, so whoever read without writing is not seen here: "
                "the true share is higher."
            )
        )
    if seen.small:
        notes.append(_small_note())
    return notes


def _small_note() -> str:
    return _(
        "Fewer than %(small)s people: one person more or less moves the share visibly. Do not read a trend into it."
    ) % {"small": SMALL}


def days_section(report: WeeklyReport) -> Section:
    """Messages and interactions, day by day."""
    names = [name for name in ("messages", "interactions") if not report.lines[name].nothing]
    if not names:
        return Section(_("Which days were busy?"), [_("No message and no interaction was recorded this week.")])
    sentences = [_busiest(report, name) for name in names]
    missing = [name for name in ("messages", "interactions") if name not in names]
    notes = [
        _("%(name)s: none recorded, this week or in the weeks before.") % {"name": LABELS[name]} for name in missing
    ]
    return Section(
        _("Which days were busy?"), sentences, pictures=[_days_picture(report, name) for name in names], notes=notes
    )


def _busiest(report: WeeklyReport, name: str) -> str:
    line = report.lines[name]
    changes = [words for words in (against_last(line, ""), average_before(line, "")) if words]
    names = {
        "name": LABELS[name],
        "total": counted(line.value, line),
        "changes": pgettext("clauses", ", ").join(changes),
    }
    top = max(line.figure.rows, key=lambda row: row["value"])
    if not top["value"] or len(line.figure.rows) == 1:
        return _("%(name)s: %(total)s; %(changes)s.") % names
    return _("%(name)s: %(total)s; %(changes)s. Most on %(day)s: %(top)s, %(share)s of the week.") % {
        **names,
        "day": formats.weekday_name(top["day"].weekday()),
        "top": counted(top["value"], line),
        "share": formats.percent(top["value"] / (line.value or 1)),
    }


def _days_picture(report: WeeklyReport, name: str) -> Picture:
    line = report.lines[name]
    values = {row["day"].weekday(): row["value"] for row in line.figure.rows}
    before = {row["day"].weekday(): row["value"] for row in line.before[0].rows} if line.before else {}
    bars = [
        Bar(
            formats.weekday_name(number),
            values.get(number),
            before.get(number),
            formats.short(values.get(number)),
            shaded=number >= _SATURDAY,
        )
        for number in range(7)
    ]
    title = _("%(name)s by day") % {"name": LABELS[name]}
    words = pgettext("clauses", "; ").join(f"{bar.label} {formats.whole(bar.value)}" for bar in bars)
    drawn = day_bars(bars, title=f"{title}. {words}", before_label=_("dashed: the week before"))
    return Picture(title, drawn, words, _days_table(title, bars))


def _days_table(title: str, bars: Sequence[Bar]) -> Table:
    rows = [[Cell(bar.label), Cell(formats.whole(bar.value)), Cell(formats.whole(bar.before))] for bar in bars]
    return Table(title, [_("Day"), _("This week"), _("Week before")], rows)


def orders_section(report: WeeklyReport) -> Section | None:
    """What was bought; None for a community without orders, now or in the weeks before."""
    orders, revenue, buyers, value = (report.lines[name] for name in ("orders", "revenue", "buyers", "order_value"))
    if orders.nothing:
        return None
    currency = report.subject.currency
    sentences = [
        _("Orders: %(orders)s by %(buyers)s buyers, %(change)s.")
        % {
            "orders": formats.whole(orders.value),
            "buyers": formats.whole(buyers.value),
            "change": against_last(orders, currency),
        },
        _("Takings: %(revenue)s, %(change)s; %(value)s an order.")
        % {
            "revenue": written(revenue.value, "money", currency),
            "change": against_last(revenue, currency),
            "value": written(value.value, "money", currency),
        },
    ]
    return Section(_("What was bought?"), sentences)


def figures_section(report: WeeklyReport) -> Section:
    """Every figure of the week in one table."""
    currency = report.subject.currency
    roster = report.known.roster
    names = [name for name, line in report.lines.items() if tells(report, line)]
    rows = [_figure_row(label(name, roster=roster), report.lines[name], currency) for name in names]
    head = [
        pgettext("report", "Figure"),
        _("This week"),
        _("Week before"),
        pgettext("report", "Change"),
        _("Average before"),
        pgettext("report", "Change"),
    ]
    notes = [
        _("“Average before” is the mean of up to four whole weeks; grey shares stand on fewer than %(small)s people.")
        % {"small": SMALL}
    ]
    return Section(_("All figures"), tables=[Table("", head, rows)], notes=notes)


def tells(report: WeeklyReport, line: Line) -> bool:
    """Whether a line says anything: not one of nothing at all, nor of leaving where no leaving is ever recorded."""
    if line.metric.name in {"leaves", "churn_rate"}:
        return report.known.leaves
    return not line.nothing or line.metric.name in {"members_present", "joins", "messages"}


def _figure_row(name: str, line: Line, currency: str) -> list[Cell]:
    unit = line.metric.unit
    small = "small" if unit == "share" and line.figure.small else ""
    return [
        Cell(name),
        Cell(written(line.value, unit, currency), fraction(line.figure) if unit == "share" else "", state=small),
        Cell(written(line.previous, unit, currency)),
        Cell(change(line, line.previous, currency)),
        Cell(written(line.average, unit, currency)),
        Cell(change(line, line.average, currency)),
    ]
