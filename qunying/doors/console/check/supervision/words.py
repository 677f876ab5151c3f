"""Figures of a line in words: the value, what it is a share of, how it moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.check.supervision.measures import ACTIVE, CHURN, DEVIATION, GOALS, INTERACTIONS, MEMBERS, REVENUE
from qunying.doors.console.ground.figures.words import signed
from qunying.kit import formats

if TYPE_CHECKING:
    from qunying.check.supervision.board import Line, Stand
    from qunying.check.supervision.measures import Measure
    from qunying.doors.console.check.supervision.choice import Choice

_METRICS = {
    MEMBERS.name: ("members_present", {}),
    ACTIVE.name: ("active_rate", {"grade": "interactive"}),
    INTERACTIONS.name: ("interactions", {}),
    REVENUE.name: ("revenue", {}),
    CHURN.name: ("churn_rate", {}),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a line: ready words, and the drawer or page behind it.

    `part` is numerator and denominator; `change` how it moved against the period before, `tone` good, bad or
    plain; `faint` marks what stands on too little to be ranked, `flag` a deviation above what is allowed.
    """

    name: str
    label: str
    text: str
    part: str = ""
    change: str = ""
    direction: str = ""
    tone: str = "plain"
    address: str = ""
    drawer: bool = True
    faint: bool = False
    flag: bool = False
    title: str = ""


def cell_of(line: Line, measure: Measure, choice: Choice) -> Cell:
    """One figure of one line."""
    change, direction, tone = moved(line, measure) if choice.comparable else ("", "", "plain")
    value = measure.of(line)
    address, drawer = _behind(line, measure, choice)
    return Cell(
        name=measure.name,
        label=str(measure.label),
        text=write(value, measure, line.currency),
        part=part_of(line.now, measure),
        change=change,
        direction=direction,
        tone=tone,
        address=address if value is not None or measure is DEVIATION else "",
        drawer=drawer,
        faint=value is not None and not measure.ranks(line),
        flag=measure is DEVIATION and line.flagged,
        title=_title(line, measure),
    )


def _behind(line: Line, measure: Measure, choice: Choice) -> tuple[str, bool]:
    if measure is DEVIATION:
        return (choice.work(line) if line.now.execution.planned else ""), True
    if measure is GOALS:
        return (reverse("goals", args=(line.community.slug,)) if line.community else ""), False
    metric, params = _METRICS[measure.name]
    return choice.figure(line, metric, **params), True


def write(value: float | None, measure: Measure, currency: str | None) -> str:
    """A value as people read it."""
    if value is None:
        return formats.DASH
    if measure.form == "rate":
        return formats.percent(value)
    if measure.form == "money":
        return formats.short_money(value, currency) if currency else _("several currencies")
    return f"{value:.1f}" if measure.form == "mean" else formats.short(value)


def part_of(stand: Stand, measure: Measure) -> str:
    """Numerator / denominator of a rate, or what stands behind a mean; '' for a count."""
    if measure is GOALS:
        return f"{stand.goals.good} / {stand.goals.judged}" if stand.goals.judged else ""
    if measure is DEVIATION:
        return f"{stand.execution.missed} / {stand.execution.planned}" if stand.execution.planned else ""
    if stand.headline is None:
        return ""
    if measure is INTERACTIONS:
        return f"{formats.whole(stand.headline.interactions)} / {formats.whole(stand.headline.members)}"
    rate = {ACTIVE.name: stand.headline.active, CHURN.name: stand.headline.churn}.get(measure.name)
    if rate is None or not rate.denominator:
        return ""
    return f"{formats.whole(rate.numerator)} / {formats.whole(round(rate.denominator, 1))}"


def moved(line: Line, measure: Measure) -> tuple[str, str, str]:
    """(words, direction, tone) of the change against the period before; empty where there is nothing to compare."""
    now, before = measure.value(line.now), measure.value(line.before)
    if now is None or before is None:
        return "", "", "plain"
    if measure.form == "rate":
        change = round((now - before) * 100, 1)
        words = _("%(points)s points") % {"points": signed(change, ".1f")}
    elif not before:
        return "", "", "plain"
    else:
        change = round((now - before) / before * 100, 1)
        words = signed(change, ",.1f") + "%"
    if change == 0:
        return _("no change"), "flat", "plain"
    direction = "up" if change > 0 else "down"
    return words, direction, "good" if direction == measure.better else "bad" if measure.better else "plain"


def _title(line: Line, measure: Measure) -> str:
    if measure is DEVIATION:
        return work_words(line)
    if measure is GOALS:
        return goal_words(line)
    return ""


def work_words(line: Line) -> str:
    """The work of a line in a sentence; '' where none was due."""
    one = line.now.execution
    if not one.planned:
        return ""
    words = _("%(planned)s due: %(in_time)s done in time, %(late)s late, %(undone)s not done.") % {
        "planned": one.planned,
        "in_time": one.on_time,
        "late": one.late,
        "undone": one.undone,
    }
    if not one.moved:
        return words
    put_off = ngettext(
        "The due day of %(moved)s was put off.", "The due days of %(moved)s were put off.", one.moved
    ) % {"moved": one.moved}
    return formats.sentences([words, put_off])


def goal_words(line: Line) -> str:
    """The goals of a line in a sentence; '' where there are none."""
    one = line.now.goals
    if not one.judged and not one.open:
        return ""
    return _("%(good)s on course, %(risk)s off course, %(missed)s missed, %(open)s not measurable yet.") % {
        "good": one.good,
        "risk": one.risk,
        "missed": one.missed,
        "open": one.open,
    }
