"""The difference between two versions of a playbook in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.doors.console.plan.playbooks.document import DIMENSIONS, FACTS, TERMS, length_words, measure_words
from qunying.ground.access.roles import ROLES
from qunying.plan.playbooks.sections import KNOWN
from qunying.plan.playbooks.wording import plain_words
from qunying.plan.schedule.days import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from qunying.plan.playbooks.differences import Change, Difference

_FIELDS: dict[str, _StrPromise] = {
    **FACTS,
    "title": gettext_lazy("Title"),
    "for": pgettext_lazy("playbook", "For whom"),
    "description": gettext_lazy("Description"),
    "target": gettext_lazy("Target"),
    "due": pgettext_lazy("goal", "Due"),
    "start": pgettext_lazy("goal", "Begins"),
    "flexibility": gettext_lazy("Margin"),
    "owner": pgettext_lazy("goal", "Owner"),
    "note": gettext_lazy("Note"),
    "phase": gettext_lazy("Phase"),
    "on": pgettext_lazy("playbook", "Day"),
    "every": gettext_lazy("Comes round again"),
    "until": pgettext_lazy("work", "Until"),
    "priority": gettext_lazy("Priority"),
    "dimension": gettext_lazy("Dimension"),
    "term": pgettext_lazy("goal", "Term"),
    "metric": gettext_lazy("Measured by"),
    "manual": gettext_lazy("Measured by hand"),
    "unit": pgettext_lazy("figure", "Unit"),
    "direction": gettext_lazy("Direction"),
    "benchmark": gettext_lazy("Benchmark"),
    "parent": pgettext_lazy("goal", "Stands under"),
    "length": gettext_lazy("Length"),
    "focus": pgettext_lazy("phase", "Focus"),
    "milestones": gettext_lazy("Milestones"),
    "source": pgettext_lazy("playbook", "Source"),
}
_LENGTHS = {"due", "start", "every", "until", "lasts", "within"}
_WORDS = {"dimension": DIMENSIONS, "term": TERMS, "on": RULES}


@dataclass(frozen=True, slots=True)
class Said:
    """One part of an item: its name, what it was, what it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One item that came, went or changed."""

    kind: str
    title: str
    said: list[Said]


def told_parts(differences: Iterable[Difference]) -> list[tuple[str, list[Told]]]:
    """The differences by part of the playbook, in the order of reading."""
    parts: dict[str, list[Told]] = {}
    for one in differences:
        parts.setdefault(one.part, []).append(told(one))
    return [(part_label(part), rows) for part, rows in parts.items()]


def part_label(part: str) -> str:
    """What a part of a playbook is called."""
    if part == "phases":
        return _("Phases")
    return str(KNOWN[part]) if part in KNOWN else _("The playbook itself")


def told(one: Difference) -> Told:
    """A difference in words; what changed stands in `said`, values in the reader's language."""
    changes = (_said(change) for change in one.changes if change.name != "source")
    return Told(one.kind.value, one.title, [each for each in changes if each.before != each.after])


def _said(change: Change) -> Said:
    label = str(_FIELDS.get(change.name, change.name))
    return Said(label, _value(change.name, change.before), _value(change.name, change.after))


def _value(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name in _LENGTHS:
        return length_words(value, rhythm=name == "every")
    if name == "owner" and value in ROLES:
        return str(ROLES[value][0])
    if name == "metric":
        return measure_words({"metric": value}) + _params(value)
    words = _WORDS.get(name, {}).get(str(value))
    return str(words) if words is not None else plain_words(value)


def _params(metric: Any) -> str:
    given = metric.get("params") if isinstance(metric, dict) else None
    return f" ({plain_words(given)})" if given else ""
