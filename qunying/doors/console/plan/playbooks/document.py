"""A playbook as a document: phases on a line of time, goals in a table, everything else as lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qunying.ground.access.roles import ROLES
from qunying.ground.figures.catalogue import metric_named
from qunying.kit.durations import parse_duration, parse_rhythm, parse_span
from qunying.kit.errors import QunyingError
from qunying.kit.formats import tongue
from qunying.kit.saying import say
from qunying.plan.playbooks.drafts import Waiting, waiting_parts
from qunying.plan.schedule.days import RULES
from qunying.plan.schedule.turns import every_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.plan.playbooks.variants import Content

DIMENSIONS = {
    "user": pgettext_lazy("dimension", "Members"),
    "content": pgettext_lazy("dimension", "Content"),
    "interaction": pgettext_lazy("dimension", "Interaction"),
    "business": pgettext_lazy("dimension", "Business"),
    "brand": pgettext_lazy("dimension", "Brand"),
}
TERMS = {
    "long": pgettext_lazy("term", "long"),
    "middle": pgettext_lazy("term", "middle"),
    "short": pgettext_lazy("term", "short"),
}
FACTS: dict[str, _StrPromise] = {
    "every": pgettext_lazy("fact", "every"),
    "share": pgettext_lazy("fact", "share"),
    "count": pgettext_lazy("fact", "people"),
    "lasts": pgettext_lazy("fact", "lasts"),
    "within": pgettext_lazy("fact", "within"),
    "most": pgettext_lazy("fact", "at most"),
    "sign": pgettext_lazy("fact", "sign"),
    "answer": pgettext_lazy("fact", "answer"),
    "proofreads": pgettext_lazy("fact", "proofreads"),
    "stages": pgettext_lazy("fact", "stages"),
    "kind": pgettext_lazy("fact", "kind"),
}
_SOME_DAY = date(2001, 1, 1)
_LENGTHS = {"every", "lasts", "within"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase on the line of time: where it begins and how long it is, in hundredths of the whole."""

    title: str
    length: str
    focus: str
    left: float
    width: float
    milestones: list[str]
    source: str


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal of the table, in words."""

    title: str
    dimension: str
    term: str
    target: str
    due: str
    measure: str
    benchmark: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A piece of work: what, how, by the end of which day of its phase, whose."""

    title: str
    note: str
    due: str
    owner: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of a part that is waiting: its title and what else it says."""

    title: str
    facts: str
    source: str


@dataclass(frozen=True, slots=True)
class Document:
    """The whole playbook in the reader's language."""

    name: str
    title: str
    version: str
    whom: str
    description: str
    bars: list[Bar]
    goals: list[GoalRow]
    work: list[tuple[str, list[WorkRow]]]
    """By phase, in the order of the phases; '' for what belongs to none."""
    waiting: list[tuple[str, list[Listed]]]

    @property
    def work_many(self) -> int:
        """Pieces of work in all phases."""
        return sum(len(rows) for _phase, rows in self.work)


def document_of(content: Content) -> Document:
    """The document of a playbook's content."""
    return Document(
        name=str(content["name"]),
        title=say(content["title"]),
        version=str(content["version"]),
        whom=say(content.get("for")),
        description=say(content.get("description")),
        bars=_bars(content.get("phases", [])),
        goals=[_goal(item) for item in content.get("goals", [])],
        work=_work(content),
        waiting=[(str(part.label), _listed(part)) for part in waiting_parts(content)],
    )


def _bars(phases: list[dict[str, Any]]) -> list[Bar]:
    """Phases one after the other, each as long as its longest length."""
    spans = [parse_span(phase["length"]) for phase in phases]
    days = [_days(longest.text) for _shortest, longest in spans]
    total = sum(days) or 1
    bars, before = [], 0
    for phase, (shortest, longest), length in zip(phases, spans, days, strict=True):
        words = longest.words if shortest == longest else f"{shortest.count}–{longest.words}"
        bars.append(
            Bar(
                say(phase["title"]),
                words,
                say(phase.get("focus")),
                round(100 * before / total, 2),
                round(100 * length / total, 2),
                [_milestone(one) for one in phase.get("milestones", [])],
                phase.get("source", ""),
            )
        )
        before += length
    return bars


def _milestone(milestone: dict[str, Any]) -> str:
    title = say(milestone["title"])
    if "due" not in milestone:
        return title
    return _("%(title)s (%(due)s in)") % {"title": title, "due": length_words(milestone["due"])}


def _days(text: str) -> int:
    return (parse_duration(text).after(_SOME_DAY) - _SOME_DAY).days


def length_words(text: Any, *, rhythm: bool = False) -> str:
    """A length of time, or a rhythm, in the reader's language; the text itself where it is none."""
    try:
        return parse_rhythm(text).words if rhythm else parse_duration(text).words
    except QunyingError:
        return say(text)


def _goal(item: dict[str, Any]) -> GoalRow:
    benchmark = item.get("benchmark") or {}
    return GoalRow(
        title=say(item.get("title")),
        dimension=str(DIMENSIONS.get(item.get("dimension", ""), "")),
        term=str(TERMS.get(item.get("term", ""), "")),
        target=("≤ " if item.get("direction") == "down" else "") + str(item.get("target", "")),
        due=_when(item),
        measure=measure_words(item),
        benchmark=f"{benchmark['value']}" if benchmark else "",
        source=str(item.get("source", "")),
        note=_owner(item),
    )


def _work(content: Content) -> list[tuple[str, list[WorkRow]]]:
    titles = {"": ""} | {phase["key"]: say(phase["title"]) for phase in content.get("phases", [])}
    by_phase: dict[str, list[WorkRow]] = {key: [] for key in titles}
    for item in content.get("work", []):
        by_phase.setdefault(item.get("phase", ""), []).append(_work_row(item))
    return [(titles.get(key, key), rows) for key, rows in by_phase.items() if rows]


def _work_row(item: dict[str, Any]) -> WorkRow:
    due = length_words(item.get("due", ""))
    rule = str(RULES.get(item.get("on", ""), ""))
    when = _("after %(due)s, %(rule)s") % {"due": due, "rule": rule} if rule else _("within %(due)s") % {"due": due}
    if "every" in item:
        given = {"first": when, "often": every_words(item["every"]), "length": length_words(item.get("until", ""))}
        words = _("%(first)s, then %(often)s up to %(length)s") if "until" in item else _("%(first)s, then %(often)s")
        when = words % given
    return WorkRow(say(item.get("title")), say(item.get("note")), when, _owner(item))


def _when(item: dict[str, Any]) -> str:
    due = length_words(item.get("due", ""))
    if "start" not in item:
        return due
    return _("%(start)s to %(due)s") % {"start": length_words(item["start"]), "due": due}


def _owner(item: dict[str, Any]) -> str:
    role = item.get("owner", "")
    return str(ROLES[role][0]) if role in ROLES else ""


def measure_words(item: dict[str, Any]) -> str:
    """How a goal is measured: the title of its metric, or by hand."""
    name = (item.get("metric") or {}).get("name")
    if not name:
        return _("by hand")
    try:
        return str(metric_named(name).title)
    except QunyingError:
        return str(name)


def _listed(part: Waiting) -> list[Listed]:
    return [
        Listed(
            say(item.get("title")) or str(item.get("key", "")),
            ("；" if tongue() == "zh" else "; ").join(_facts(item)),
            str(item.get("source", "")),
        )
        for item in part.items
    ]


def _facts(item: dict[str, Any]) -> list[str]:
    found = []
    for name, value in item.items():
        if name not in {"key", "title", "source"}:
            words = length_words(value, rhythm=name == "every") if name in _LENGTHS else say(value)
            found.append(f"{FACTS.get(name, name)} {words}")
    return found
