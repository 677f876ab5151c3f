"""The topics of the Excel file as raw tables: what stands in each column, and which charts are drawn over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.reports.changes import weekday_parts
from qunying.check.reports.grains import word
from qunying.check.reports.retention import age_name, came, cohort_grain
from qunying.check.reports.sections import tells
from qunying.check.reports.series import cuts_of, steps_of
from qunying.check.reports.spans import Grain
from qunying.check.reports.wording import LABELS, label
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.reports.blocks import Section, Sheet, Table
    from qunying.check.reports.shapes import Line, Part, Report

_KINDS = {"share": "share", "money": "money", "per_day": "number"}
_PLANNED = ("goals", "problems", "suggestions", "decisions", "next")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, and what it holds: text, whole, number, share, money or day."""

    name: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over columns of its page; the first column names the steps. `series`: column, colour, dashed."""

    kind: str
    title: str
    across: str
    up: str
    series: Sequence[tuple[int, str, bool]]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of the book.

    `scale` are the first and last column that are coloured by their share. `row_kinds` are the kinds of the
    numbers of each row, where rows differ.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    scale: tuple[int, int] | None = None
    row_kinds: Sequence[str] = ()


def topic_pages(report: Report, sheet: Sheet) -> list[Page]:
    """Every topic that has something to say; of an empty report none but the definitions."""
    if report.empty:
        return []
    sections = {section.key: section for section in sheet.sections}
    pages = [
        _figures(report, sections["figures"]),
        _trend(report),
        _parts_page(_("Groups"), pgettext("report", "Group"), _("Messages by group"), report, report.groups),
        _parts_page(_("Channels"), pgettext("report", "Channel"), _("Newcomers by channel"), report, report.channels),
        _parts_page(_("Weekdays"), _("Weekday"), _("Messages by weekday"), report, weekday_parts(report)),
        _retention(report),
        *(page for key in _PLANNED if sections[key].tables for page in _worded(sections[key])),
        _definitions(sheet),
    ]
    return [page for page in pages if page]


def _major(value: float | None, unit: str, currency: str) -> float | None:
    """Money in the unit people say; everything else as it is."""
    return float(formats.major(value, currency)) if unit == "money" and value is not None else value


def _figures(report: Report, section: Section) -> Page:
    grain = report.span.grain
    columns = [
        Column(pgettext("report", "Figure")),
        Column(_("Unit")),
        Column(word("this_head", grain), "number"),
        Column(_("Numerator"), "whole"),
        Column(_("Denominator"), "whole"),
        Column(word("before_head", grain), "number"),
        Column(pgettext("report", "Change"), "moved"),
        Column(_("Average before"), "number"),
        Column(_("A year before"), "number"),
    ]
    told = {name: line for name, line in report.lines.items() if tells(report, line)}
    rows = [_figure_row(report, name, line) for name, line in told.items()]
    if not any(line.year for line in told.values()):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    kinds = [_KINDS.get(line.metric.unit, "whole") for line in told.values()]
    shares = _("Shares are fractions between 0 and 1, their changes percentage points; money is in %(currency)s.") % {
        "currency": report.subject.currency
    }
    return Page(section.title, columns, rows, [*section.notes, shares], row_kinds=kinds)


def _figure_row(report: Report, name: str, line: Line) -> list[object]:
    unit, currency = line.metric.unit, report.subject.currency
    value, before, average, ago = (
        _major(number, unit, currency)
        for number in (line.value, line.previous, line.average, line.year.value if line.year else None)
    )
    share = unit == "share"
    moved = (value - before) * (100 if share else 1) if value is not None and before is not None else None
    return [
        label(name, roster=report.known.roster, grain=report.span.grain),
        unit_word(unit, currency),
        value,
        line.figure.numerator if share else None,
        line.figure.denominator if share else None,
        before,
        moved,
        average,
        ago,
    ]


def unit_word(unit: str, currency: str) -> str:
    """In what a figure is counted."""
    words = {
        "people": _("people"),
        "facts": pgettext("unit", "times"),
        "orders": pgettext("unit", "orders"),
        "share": pgettext("unit", "share"),
        "money": currency,
        "per_day": _("people a day"),
    }
    return words.get(unit, unit)


def _trend(report: Report) -> Page | None:
    names = [name for name in ("messages", "interactions", "orders") if not report.lines[name].nothing]
    if not names:
        return None
    grain = report.span.grain
    before = word("before_head", grain)
    by_week = grain is Grain.QUARTER
    first = pgettext("report", "Week from") if by_week else _("Day")
    columns = [Column(first, "day")]
    charts = []
    for name in names:
        title = (_("%(name)s by week") if by_week else _("%(name)s by day")) % {"name": LABELS[name]}
        place = len(columns)
        columns += [Column(str(LABELS[name]), "whole"), Column(f"{LABELS[name]} · {before}", "whole")]
        series = [(place, "series-1", False), (place + 1, "compare", True)]
        charts.append(Chart("column", title, first, str(LABELS[name]), series))
    steps = [steps_of(report, name) for name in names]
    rows = [
        [cut.start, *(number for one in steps for number in (one[place].value, one[place].before))]
        for place, cut in enumerate(cuts_of(grain, report.span.days))
    ]
    return Page(_("Trend"), columns, rows, charts=charts)


def _parts_page(title: str, first: str, caption: str, report: Report, parts: Sequence[Part]) -> Page | None:
    if not any(part.value or part.before for part in parts):
        return None
    grain = report.span.grain
    columns = [
        Column(first),
        Column(word("this_head", grain), "whole"),
        Column(word("before_head", grain), "whole"),
        Column(pgettext("report", "Change"), "whole"),
    ]
    rows = [[part.label, part.value, part.before, part.moved] for part in parts]
    series = [(1, "series-1", False), (2, "compare", False)]
    return Page(title, columns, rows, charts=[Chart("column", caption, first, caption, series)])


def _retention(report: Report) -> Page | None:
    """The triangle twice: shares on a scale, and the people behind them; what is not over yet has no share."""
    cohorts = [cohort for cohort in report.cohorts if cohort.size]
    if not cohorts:
        return None
    weekly = cohort_grain(report.span.grain) is Grain.WEEK
    ages = range(max(len(cohort.ages) for cohort in cohorts))
    head = _("Week of coming") if weekly else _("Month of coming")
    columns = [
        Column(head),
        Column(pgettext("report", "People"), "whole"),
        *(Column(age_name(age, weekly=weekly), "share") for age in ages),
        *(Column(_("%(age)s, people") % {"age": age_name(age, weekly=weekly)}, "whole") for age in ages),
    ]
    rows = []
    for cohort in cohorts:
        known = list(cohort.ages) + [None] * (len(ages) - len(cohort.ages))
        shares = [one.share if one else None for one in known]
        people = [one.active if one else None for one in known]
        rows.append([came(cohort, weekly=weekly), cohort.size, *shares, *people])
    return Page(_("Retention"), columns, rows, scale=(2, 1 + len(ages)))


def told_briefly(sheet: Sheet) -> list[tuple[str, str]]:
    """Title and words of what apps told without any table: a line on the first page, no page of its own."""
    sections = {section.key: section for section in sheet.sections}
    brief = [sections[key] for key in _PLANNED if key in sections and not sections[key].tables]
    return [(one.title, "\n".join([*one.sentences, *one.notes])) for one in brief]


def _worded(section: Section) -> list[Page]:
    """A section that apps told: its tables, those of one head on one page."""
    alike: dict[tuple[str, ...], list[Table]] = {}
    for table in section.tables:
        alike.setdefault(tuple(table.head), []).append(table)
    notes: Sequence[str] = [*section.sentences, *section.notes]
    pages = []
    for head, tables in alike.items():
        rows = [[_joined(cell.text, cell.note) for cell in row] for table in tables for row in table.rows]
        title = tables[0].caption or section.title
        pages.append(Page(title, [Column(name) for name in head], rows, notes))
        notes = ()
    return pages


def _joined(text: str, note: str) -> str:
    return f"{text}\n{note}" if note else text


def _definitions(sheet: Sheet) -> Page:
    columns = [Column(pgettext("report", "Figure")), Column(_("Definition")), Column(_("Counted as"))]
    rows = [[one.term, one.text, "\n".join(one.parts)] for one in sheet.definitions]
    return Page(_("Definitions"), columns, rows)
