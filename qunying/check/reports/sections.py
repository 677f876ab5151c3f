"""The parts of the report, each a question and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.check.reports.blocks import Cell, Picture, Plot, Section, Table
from qunying.check.reports.charts import Bar, Strip, bars, strips
from qunying.check.reports.grains import many, word
from qunying.check.reports.series import steps_of
from qunying.check.reports.spans import BACK, Grain
from qunying.check.reports.wording import (
    LABELS,
    a_year_ago,
    against_last,
    average_before,
    change,
    counted,
    fraction,
    label,
    unit_name,
    written,
)
from qunying.ground.figures.results import SMALL
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.reports.shapes import Comers, Line, Report

_GRADE_COLOURS = {"seen": "series-1", "interactive": "series-2", "speaking": "series-3"}


def people_section(report: Report) -> Section:
    """Who came and who left."""
    came, went = (int(report.lines[name].value or 0) for name in ("joins", "leaves"))
    net = f"{came - went:+,d}".replace("-", "−") if came != went else "0"
    names = {"came": formats.whole(came), "went": formats.whole(went), "net": net}
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
            _("Of those who were here when %(began)s, %(share)s are gone (%(parts)s).")
            % {
                "share": formats.percent(churn.value),
                "parts": fraction(churn.figure),
                "began": word("began", report.span.grain),
            }
        )
    sentences += [
        line
        for line in (_names(pgettext("report", "Came"), report.joined), _names(pgettext("report", "Left"), report.left))
        if line
    ]
    return Section(_("Who came, and who left?"), sentences, notes=_people_notes(report), key="people")


def _names(label: str, people: Comers | None) -> str:
    if people is None or not people.names:
        return ""
    listed = pgettext("names", ", ").join(people.names)
    more = people.total - len(people.names)
    if more <= 0:
        return _("%(label)s: %(names)s.") % {"label": label, "names": listed}
    return _("%(label)s: %(names)s and %(more)s more.") % {"label": label, "names": listed, "more": formats.whole(more)}


def _people_notes(report: Report) -> list[str]:
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


def activity_section(report: Report) -> Section:
    """How many took part, in three grades."""
    lines = {grade: report.lines[f"active_rate.{grade}"] for grade in _GRADE_COLOURS}
    seen = lines["seen"]
    if seen.value is None:
        return Section(
            _("How many took part?"), [_("Nobody was in the community, so no share can be told.")], key="activity"
        )
    people = report.lines["active_members.seen"]
    names = {
        "share": formats.percent(seen.value),
        "parts": fraction(seen.figure),
        "people": formats.whole(people.value),
    }
    if report.known.roster:
        sentence = _("%(share)s of the members did something (%(parts)s), %(change)s.")
        names["change"] = against_last(seen, "", report.span.grain)
    else:
        sentence = ngettext(
            "%(people)s person took part, %(change)s; that is %(share)s of all seen so far (%(parts)s).",
            "%(people)s people took part, %(change)s; that is %(share)s of all seen so far (%(parts)s).",
            int(people.value or 0),
        )
        names["change"] = against_last(people, "", report.span.grain)
    return Section(
        _("How many took part?"),
        [sentence % names],
        pictures=[_grades_picture(lines)],
        notes=_activity_notes(report, lines),
        key="activity",
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
    plot = Plot(
        "strips",
        [row.label for row in rows],
        [row.share for row in rows],
        [row.text for row in rows],
        unit=_("Share of members"),
        colours=[row.colour for row in rows],
    )
    return Picture(title, strips(rows, title=f"{title}. {words}"), words, plot=plot)


def _activity_notes(report: Report, lines: dict[str, Line]) -> list[str]:
    notes = [
        _("Members are the average of the days of %(whole)s. “Seen” is any act of one's own; the grades do not add up.")
        % {"whole": word("whole", report.span.grain)}
    ]
    seen, spoke = lines["seen"].figure, lines["speaking"].figure
    if report.orders_only:
        notes.append(
            _("Only orders were recorded, so whoever “took part” bought something; who looked on is not seen.")
        )
    if seen.numerator and seen.numerator == spoke.numerator:
        notes.append(
            _(
                "Only messages were recorded, so whoever read without writing is not seen here: "
                "the true share is higher."
            )
        )
    if seen.value is not None and seen.value > 1:
        notes.append(
            _(
                "A share above 100%: those who came or left count among who did something, "
                "while the members are the average of the days."
            )
        )
    if seen.small:
        notes.append(_small_note())
    return notes


def _small_note() -> str:
    return _(
        "Fewer than %(small)s people: one person more or less moves the share visibly. Do not read a trend into it."
    ) % {"small": SMALL}


def days_section(report: Report) -> Section:
    """Messages and interactions: day by day, in a quarter week by week."""
    title = _("Which weeks were busy?") if report.span.grain is Grain.QUARTER else _("Which days were busy?")
    this, earlier = word("this", report.span.grain), word("earlier", report.span.grain)
    names = [name for name in ("messages", "interactions") if not report.lines[name].nothing]
    if not names:
        return Section(title, [_("No message and no interaction was recorded %(this)s.") % {"this": this}], key="trend")
    missing = [name for name in ("messages", "interactions") if name not in names]
    notes = [
        _("%(name)s: none recorded, %(this)s or in %(earlier)s.")
        % {"name": LABELS[name], "this": this, "earlier": earlier}
        for name in missing
    ]
    if report.span.grain is Grain.QUARTER:
        notes.append(_("A week that the quarter cuts is shown with the days that lie in the quarter."))
    return Section(
        title,
        [_busiest(report, name) for name in names],
        pictures=[_trend_picture(report, name) for name in names],
        notes=notes,
        key="trend",
    )


def _busiest(report: Report, name: str) -> str:
    line, grain = report.lines[name], report.span.grain
    changes = [against_last(line, "", grain), average_before(line, "", grain), a_year_ago(line, "")]
    names = {
        "name": LABELS[name],
        "total": counted(line.value, line),
        "changes": pgettext("clauses", ", ").join(words for words in changes if words),
    }
    top = max(line.figure.rows, key=lambda row: row["value"])
    if not top["value"] or len(line.figure.rows) == 1:
        return _("%(name)s: %(total)s; %(changes)s.") % names
    day = top["day"]
    return _("%(name)s: %(total)s; %(changes)s. Most on %(day)s: %(top)s, %(share)s of %(whole)s.") % {
        **names,
        "day": formats.weekday_name(day.weekday()) if grain is Grain.WEEK else formats.day(day),
        "top": counted(top["value"], line),
        "share": formats.percent(top["value"] / (line.value or 1)),
        "whole": word("whole", grain),
    }


def _trend_picture(report: Report, name: str) -> Picture:
    steps = steps_of(report, name)
    by_week = report.span.grain is Grain.QUARTER
    title = (_("%(name)s by week") if by_week else _("%(name)s by day")) % {"name": LABELS[name]}
    drawn = [Bar(step.label, step.value, step.before, formats.short(step.value), shaded=step.shaded) for step in steps]
    words = pgettext("clauses", "; ").join(f"{step.label} {formats.whole(step.value)}" for step in steps)
    before_label = _("dashed: %(before)s") % {"before": word("before", report.span.grain)}
    plot = Plot(
        "bars",
        [step.label for step in steps],
        [step.value for step in steps],
        [bar.text for bar in drawn],
        unit=unit_name(report.lines[name]),
        before=[step.before for step in steps],
        before_label=word("before_head", report.span.grain),
        shaded=[step.shaded for step in steps],
    )
    return Picture(
        title,
        bars(drawn, title=f"{title}. {words}", before_label=before_label),
        words,
        _steps_table(report, title, drawn),
        plot,
    )


def _steps_table(report: Report, title: str, drawn: Sequence[Bar]) -> Table:
    grain = report.span.grain
    rows = [[Cell(bar.label), Cell(formats.whole(bar.value)), Cell(formats.whole(bar.before))] for bar in drawn]
    first = pgettext("report", "Week from") if grain is Grain.QUARTER else _("Day")
    return Table(title, [first, word("this_head", grain), word("before_head", grain)], rows)


def orders_section(report: Report) -> Section | None:
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
            "change": against_last(orders, currency, report.span.grain),
        },
        _("Takings: %(revenue)s, %(change)s; %(value)s an order.")
        % {
            "revenue": written(revenue.value, "money", currency),
            "change": against_last(revenue, currency, report.span.grain),
            "value": written(value.value, "money", currency),
        },
    ]
    pictures = [_trend_picture(report, "orders")] if orders.figure.rows else []
    return Section(_("What was bought?"), sentences, pictures=pictures, key="orders")


def figures_section(report: Report) -> Section:
    """Every figure of the period in one table."""
    names = [name for name, line in report.lines.items() if tells(report, line)]
    year = any(report.lines[name].year for name in names)
    head = [
        pgettext("report", "Figure"),
        word("this_head", report.span.grain),
        word("before_head", report.span.grain),
        pgettext("report", "Change"),
        _("Average before"),
        pgettext("report", "Change"),
        *([_("A year before"), pgettext("report", "Change")] if year else []),
    ]
    notes = [
        _("“Average before” is the mean of up to %(spans)s; grey shares stand on fewer than %(small)s people.")
        % {"small": SMALL, "spans": many(BACK, report.span.grain)}
    ]
    if report.span.grain is not Grain.WEEK:
        notes.append(_("Months differ by up to three days in length; totals are compared as they are."))
    rows = [_figure_row(report, name, year=year) for name in names]
    return Section(_("All figures"), tables=[Table("", head, rows)], notes=notes, key="figures")


def tells(report: Report, line: Line) -> bool:
    """Whether a line says anything: not one of nothing at all, nor of leaving where no leaving is ever recorded."""
    if line.metric.name in {"leaves", "churn_rate"}:
        return report.known.leaves
    if line.metric.name == "messages" and report.orders_only:
        return False
    return not line.nothing or line.metric.name in {"members_present", "joins", "messages"}


def _figure_row(report: Report, name: str, *, year: bool) -> list[Cell]:
    line, currency = report.lines[name], report.subject.currency
    unit = line.metric.unit
    small = "small" if unit == "share" and line.figure.small else ""
    ago = line.year.value if line.year else None
    return [
        Cell(label(name, roster=report.known.roster, grain=report.span.grain)),
        Cell(written(line.value, unit, currency), fraction(line.figure) if unit == "share" else "", state=small),
        Cell(written(line.previous, unit, currency)),
        Cell(change(line, line.previous, currency)),
        Cell(written(line.average, unit, currency)),
        Cell(change(line, line.average, currency)),
        *([Cell(written(ago, unit, currency)), Cell(change(line, ago, currency))] if year else []),
    ]
