"""A report put into words: marks, headline, key figures, sections, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from qunying.check.reports.blocks import Card, Definition, Section, Sheet
from qunying.check.reports.changes import changes_section
from qunying.check.reports.charts import spark
from qunying.check.reports.grains import TITLES, many, span_title, word
from qunying.check.reports.notable import ENOUGH_SPANS, changes_in_a_year, comparable, notable_changes
from qunying.check.reports.port import NOTHING, Part, Told, tell
from qunying.check.reports.retention import retention_section
from qunying.check.reports.sections import (
    activity_section,
    days_section,
    figures_section,
    orders_section,
    people_section,
    tells,
)
from qunying.check.reports.spans import Grain
from qunying.check.reports.wording import (
    a_year_ago,
    against_last,
    average_before,
    change,
    days,
    fraction,
    label,
    notable,
    written,
)
from qunying.ground.figures.catalogue import metric_named
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.check.reports.shapes import Line, Report
    from qunying.ground.figures.catalogue import Metric


def make_sheet(report: Report) -> Sheet:
    """The report in the active language; of a period without any record, a sheet that says so."""
    empty = report.empty
    told = {} if empty else tell(report)
    return Sheet(
        language=get_language() or "zh-hans",
        title=str(TITLES[report.span.grain]),
        community=report.subject.name,
        period=span_title(report.span),
        days=days(report.span.days),
        marks=_marks(report),
        simulated=_("Simulated data: no real person stands behind these figures.") if report.subject.simulated else "",
        points=[] if empty else _points(report),
        cards=[] if empty else [_card(report, name) for name in _card_names(report)],
        sections=[] if empty else _sections(report, told),
        definitions=[] if empty else _definitions(report, told),
        headings={
            "points": _("In short"),
            "definitions": _("Appendix: how it was counted"),
            "table": _("The same as a table"),
            "cards": _("Key figures"),
        },
        footer=_footer(report),
        unit=report.subject.unit,
    )


def _marks(report: Report) -> list[str]:
    grain, span = report.span.grain, report.span.days
    marks = []
    if report.empty:
        marks.append(_empty_mark(report))
    if report.running:
        marks.append(_running_words(grain) % {"day": formats.day(report.counted.end)})
    elif report.last_day and span.start <= report.last_day < span.end:
        marks.append(_ended_words(grain) % {"day": formats.day(report.last_day)})
    if not report.empty and report.first_day and span.start < report.first_day <= span.end:
        marks.append(_begun_words(grain) % {"day": formats.day(report.first_day)})
    return marks


def _running_words(grain: Grain) -> str:
    words = {
        Grain.WEEK: _("The week is not over: counted are the days up to %(day)s, and the same days of earlier weeks."),
        Grain.MONTH: _(
            "The month is not over: counted are the days up to %(day)s, and the same days of earlier months."
        ),
        Grain.QUARTER: _(
            "The quarter is not over: counted are the days up to %(day)s, and as many days of earlier quarters."
        ),
    }
    return words[grain]


def _ended_words(grain: Grain) -> str:
    words = {
        Grain.WEEK: _(
            "The last record of this community is of %(day)s: the rest of the week is not known, or nothing happened."
        ),
        Grain.MONTH: _(
            "The last record of this community is of %(day)s: the rest of the month is not known, or nothing happened."
        ),
        Grain.QUARTER: _(
            "The last record of this community is of %(day)s: "
            "the rest of the quarter is not known, or nothing happened."
        ),
    }
    return words[grain]


def _begun_words(grain: Grain) -> str:
    words = {
        Grain.WEEK: _("The records of this community begin on %(day)s, so this is not a whole week."),
        Grain.MONTH: _("The records of this community begin on %(day)s, so this is not a whole month."),
        Grain.QUARTER: _("The records of this community begin on %(day)s, so this is not a whole quarter."),
    }
    return words[grain]


def _empty_mark(report: Report) -> str:
    if report.first_day is None or report.last_day is None:
        return _("Nothing is recorded of this community yet. Import its history first, then make the report.")
    words = {
        Grain.WEEK: _(
            "Nothing is recorded of this week. The records of this community reach from %(first)s to %(last)s."
        ),
        Grain.MONTH: _(
            "Nothing is recorded of this month. The records of this community reach from %(first)s to %(last)s."
        ),
        Grain.QUARTER: _(
            "Nothing is recorded of this quarter. The records of this community reach from %(first)s to %(last)s."
        ),
    }
    names = {"first": formats.day(report.first_day), "last": formats.day(report.last_day)}
    return words[report.span.grain] % names


def _points(report: Report) -> list[str]:
    currency, grain = report.subject.currency, report.span.grain
    points = [_headline(report)]
    if not comparable(report):
        return [
            *points,
            _("Fewer than %(spans)s, all of them whole, came before: too early to call anything unusual.")
            % {"spans": many(ENOUGH_SPANS, grain)},
        ]
    found = notable_changes(report)
    calm = _("No figure left the range of %(earlier)s by enough to be worth a sentence.")
    told = [notable(change, currency, roster=report.known.roster, grain=grain) for change in found]
    return [*points, *(told or [calm % {"earlier": word("earlier", grain)}]), *_year_words(report)]


def _year_words(report: Report) -> list[str]:
    """What is far from the same period of the year before, in one sentence; none where nothing is."""
    currency, roster, grain = report.subject.currency, report.known.roster, report.span.grain
    moves = []
    for name in changes_in_a_year(report):
        line = report.lines[name]
        moved = change(line, line.year.value if line.year else None, currency)
        moves.append(f"{label(name, roster=roster, grain=grain)} {moved}")
    words = _("Against the same days a year before: %(moves)s.")
    return [words % {"moves": pgettext("clauses", ", ").join(moves)}] if moves else []


def _headline(report: Report) -> str:
    present, active = report.lines["members_present"], report.lines["active_members.seen"]
    if report.known.roster:
        words = ngettext(
            "%(present)s member at %(end)s, %(change)s.",
            "%(present)s members at %(end)s, %(change)s.",
            int(present.value or 0),
        )
        return words % {
            "present": formats.whole(present.value),
            "change": against_last(present, "", report.span.grain),
            "end": word("end", report.span.grain),
        }
    if report.orders_only:
        words = ngettext(
            "%(active)s person bought %(this)s, %(change)s; %(present)s have been seen so far.",
            "%(active)s people bought %(this)s, %(change)s; %(present)s have been seen so far.",
            int(active.value or 0),
        )
        return words % _took_part(report)
    words = ngettext(
        "%(active)s person took part %(this)s, %(change)s; %(present)s have been seen so far.",
        "%(active)s people took part %(this)s, %(change)s; %(present)s have been seen so far.",
        int(active.value or 0),
    )
    return words % _took_part(report)


def _took_part(report: Report) -> dict[str, str]:
    present, active = report.lines["members_present"], report.lines["active_members.seen"]
    return {
        "active": formats.whole(active.value),
        "change": against_last(active, "", report.span.grain),
        "this": word("this", report.span.grain),
        "present": formats.whole(present.value),
    }


def _card_names(report: Report) -> list[str]:
    if report.orders_only:
        return ["orders", "buyers", "revenue", "order_value", "members_present" if report.known.roster else "joins"]
    names = ["members_present", "joins", "active_rate.seen", "messages"]
    if not report.known.roster:
        names = ["active_members.seen", "messages", "joins", "members_present"]
    last = [name for name in ("revenue", "interactions") if not report.lines[name].nothing]
    return [*names, *(last or ["daily_speakers"])[:1]]


def _card(report: Report, name: str) -> Card:
    line, currency = report.lines[name], report.subject.currency
    share = line.metric.unit == "share"
    grain = report.span.grain
    told = (against_last(line, currency, grain), average_before(line, currency, grain), a_year_ago(line, currency))
    changes = [words for words in told if words]
    return Card(
        label=label(name, roster=report.known.roster, grain=grain),
        value=written(line.value, line.metric.unit, currency),
        note=_card_note(report, name, line),
        changes=changes,
        line=spark([*reversed(line.past), line.value]),
        small=share and line.figure.small,
    )


def _card_note(report: Report, name: str, line: Line) -> str:
    if name == "joins" and report.known.leaves:
        return _("%(left)s left") % {"left": formats.whole(report.lines["leaves"].value)}
    if line.metric.unit != "share":
        return ""
    if line.figure.small:
        return _("%(parts)s: few people, read with care") % {"parts": fraction(line.figure)}
    return fraction(line.figure)


def _sections(report: Report, told: Mapping[Part, Told]) -> list[Section]:
    parts = [
        _told_section(_("Results against goals"), Part.GOALS, told),
        changes_section(report),
        people_section(report),
        activity_section(report),
        days_section(report),
        retention_section(report),
        orders_section(report),
        _told_section(_("Problems"), Part.PROBLEMS, told),
        _told_section(_("Suggestions"), Part.SUGGESTIONS, told),
        _told_section(_("Decisions taken"), Part.DECISIONS, told),
        _told_section(_("Next period: %(span)s") % {"span": span_title(report.span.following)}, Part.NEXT, told),
        figures_section(report),
    ]
    return [part for part in parts if part]


def _told_section(title: str, part: Part, told: Mapping[Part, Told]) -> Section:
    """What the apps told for this part; one line where they had nothing to tell."""
    one = told[part]
    sentences = one.sentences or ([] if one.tables or one.notes else [str(NOTHING[part])])
    return Section(title, sentences, one.pictures, one.tables, one.notes, key=str(part))


def _definitions(report: Report, told: Mapping[Part, Told]) -> list[Definition]:
    metrics = {line.metric.name: line.metric for line in report.lines.values() if tells(report, line)}
    if any(cohort.size for cohort in report.cohorts):
        metrics["cohorts"] = metric_named("cohorts")
    for one in told.values():
        metrics.update({name: metric_named(name) for name in one.metrics if name not in metrics})
    counted = [
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
    return [*counted, *(definition for one in told.values() for definition in one.definitions)]


def _term(report: Report, metric: Metric) -> str:
    """What the report calls the lines of a metric, then what the catalogue calls it."""
    grain = report.span.grain
    roster = report.known.roster
    names = [label(name, roster=roster, grain=grain) for name, line in report.lines.items() if line.metric is metric]
    title = str(metric.title)
    if names in ([], [title]):
        return title
    return _("%(names)s (%(title)s)") % {"names": pgettext("names", ", ").join(names), "title": title}


def _footer(report: Report) -> list[str]:
    return [
        _("Made on %(moment)s; days are those of %(zone)s. It includes every record known at %(as_of)s.")
        % {
            "moment": formats.moment(report.made_at),
            "zone": report.subject.zone.key,
            "as_of": formats.moment(report.as_of),
        },
        _("Staff and bots are left out of every figure. %(community)s · %(period)s · Qunying")
        % {"community": report.subject.slug, "period": report.span.name},
    ]
