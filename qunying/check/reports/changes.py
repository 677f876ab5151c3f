"""What changed, and where the change lies: by group, weekday and channel. The figures show where, never why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.reports.blocks import Cell, Section, Table
from qunying.check.reports.grains import word
from qunying.check.reports.notable import comparable, notable_changes
from qunying.check.reports.shapes import Part
from qunying.check.reports.spans import Grain
from qunying.check.reports.wording import counted, label
from qunying.ground.figures.results import SMALL
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.check.reports.shapes import Line, Report

_MAIN = 0.5
"""From this share of the whole change on, one part is named as the main one."""
_WEEK = 7


def changes_section(report: Report) -> Section:
    """Where the changes in messages (else orders) and newcomers lie, and what that may and may not tell."""
    grain = report.span.grain
    title = _("What changed, and why it may have")
    messages, joins = report.lines["messages"], report.lines["joins"]
    if messages.previous is None and joins.previous is None:
        words = _("There is nothing before to compare with, so no change can be told.")
        return Section(title, [words], key="changes")
    sentences = [
        *_messages_words(report, messages),
        *_orders_words(report),
        *_joins_words(report, joins),
    ]
    if not sentences:
        words = (
            _("Neither orders nor newcomers changed against %(before)s.")
            if report.orders_only
            else _("Neither messages nor newcomers changed against %(before)s.")
        )
        sentences = [words % {"before": word("before", grain)}]
    return Section(title, sentences, tables=_tables(report), notes=_notes(report), key="changes")


def _messages_words(report: Report, line: Line) -> list[str]:
    moved = _moved(line)
    if not moved:
        return []
    found = [_whole_words(report, "messages", line, moved)]
    group = _main_part(report.groups, moved)
    if _cancels(report.groups, moved):
        found.append(_("The groups moved in different directions: %(moves)s.") % {"moves": _largest(report.groups)})
    elif group:
        found.append(
            _("Most of it lies in the group “%(name)s” (%(change)s).")
            % {"name": group.label, "change": signed(group.moved)}
        )
    elif len(report.groups) > 1:
        found.append(_("No single group accounts for most of it."))
    weekday = _main_part(weekday_parts(report), moved)
    if weekday:
        found.append(
            _("By weekday, most of it lies on %(name)s (%(change)s).")
            % {"name": weekday.label, "change": signed(weekday.moved)}
        )
    return [formats.sentences(found)]


def _orders_words(report: Report) -> list[str]:
    """How orders changed, where they are all that is told."""
    line = report.lines["orders"]
    moved = _moved(line)
    return [_whole_words(report, "orders", line, moved)] if moved and report.orders_only else []


def _joins_words(report: Report, line: Line) -> list[str]:
    moved = _moved(line)
    if not moved:
        return []
    found = [_whole_words(report, "joins", line, moved)]
    channel = _main_part(report.channels, moved)
    if channel:
        found.append(
            _("The change lies mostly with the channel “%(name)s” (%(change)s).")
            % {"name": channel.label, "change": signed(channel.moved)}
        )
    return [formats.sentences(found)]


def _whole_words(report: Report, name: str, line: Line, moved: float) -> str:
    names = {
        "name": label(name, roster=report.known.roster, grain=report.span.grain),
        "value": counted(line.value, line),
        "amount": counted(abs(moved), line),
        "before": word("before", report.span.grain),
    }
    if moved > 0:
        return _("%(name)s: %(value)s, %(amount)s more than %(before)s.") % names
    return _("%(name)s: %(value)s, %(amount)s fewer than %(before)s.") % names


def _moved(line: Line) -> float:
    return (line.value or 0) - line.previous if line.previous is not None else 0


def _main_part(parts: Sequence[Part], moved: float) -> Part | None:
    """The part that makes up at least half of the whole change, in its direction; none where others cancel it out."""
    if _cancels(parts, moved):
        return None
    same = [part for part in parts if part.moved * moved > 0 and abs(part.moved) >= _MAIN * abs(moved)]
    return max(same, key=lambda part: abs(part.moved), default=None) if len(parts) > 1 else None


def _cancels(parts: Sequence[Part], moved: float) -> bool:
    """Whether a part moved against the whole by at least half as much: then no part “is” the change."""
    return any(part.moved * moved < 0 and abs(part.moved) >= _MAIN * abs(moved) for part in parts)


def _largest(parts: Sequence[Part]) -> str:
    """The two largest moves, such as “A” (−402), “B” (+299)."""
    chosen = sorted(parts, key=lambda part: -abs(part.moved))[:2]
    moves = [_("“%(name)s” (%(change)s)") % {"name": part.label, "change": signed(part.moved)} for part in chosen]
    return pgettext("names", ", ").join(moves)


def weekday_parts(report: Report) -> list[Part]:
    """Messages of a week by weekday, Monday first; empty for longer periods, which hold one Saturday more or less."""
    line = report.lines["messages"]
    if not line.before or report.span.grain is not Grain.WEEK:
        return []
    now, then = [0.0] * _WEEK, [0.0] * _WEEK
    for sums, figure in ((now, line.figure), (then, line.before[0])):
        for row in figure.rows:
            sums[row["day"].weekday()] += row["value"]
    return [Part(formats.weekday_name(number), now[number], then[number]) for number in range(_WEEK)]


def signed(number: float) -> str:
    """+12, −3, 0."""
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{formats.whole(round(abs(number), 1))}"


def _tables(report: Report) -> list[Table]:
    captions = [
        (_("Messages by group"), pgettext("report", "Group"), report.groups),
        (_("Newcomers by channel"), pgettext("report", "Channel"), report.channels),
    ]
    grain = report.span.grain
    return [
        Table(
            caption,
            [head, word("this_head", grain), word("before_head", grain), pgettext("report", "Change")],
            [_row(part) for part in parts],
        )
        for caption, head, parts in captions
        if parts
    ]


def _row(part: Part) -> list[Cell]:
    small = "small" if max(part.value, part.before) < SMALL else ""
    return [
        Cell(part.label),
        Cell(formats.whole(part.value)),
        Cell(formats.whole(part.before)),
        Cell(signed(part.moved), state=small),
    ]


def _notes(report: Report) -> list[str]:
    notes = [
        _(
            "The figures show where a change lies, not its cause. What was planned, sent or changed there may "
            "explain it; ask those who look after it."
        )
    ]
    if comparable(report) and not notable_changes(report):
        notes.append(
            _("All of these changes stay within the range of %(earlier)s.")
            % {"earlier": word("earlier", report.span.grain)}
        )
    if report.groups or report.channels:
        notes.append(_("Changes in grey stand on fewer than %(small)s; they may be chance.") % {"small": SMALL})
    return notes
