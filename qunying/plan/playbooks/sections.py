"""The port for the parts of a playbook: an app of a later layer registers the part that it brings to life.

The data of every section is a list of items, each a mapping with a `key` of its own; that alone is
what checking for doubles, overriding in a variant (`extends`), leaving out and editing a line in the
review rest on. An app registers in `AppConfig.ready()`:

    from qunying.plan.playbooks.sections import Field, Line, Made, Occasion, Problem, Section, register_section

    register_section(Section(
        name="goals",
        label=_("Goals"),
        schema={...},      # JSON schema (2020-12) of ONE item, `key` included, additionalProperties false
        check=...,         # what a schema cannot say, over the whole list; yields Problem(path, sentence)
        draft=...,         # the lines for the review: one for each item, in the order of reading
        make=...,          # writes the lines that were agreed to; one Made for each
        changed=...,       # which of the things made people have changed since: key → sentence why it stays
        remove=...,        # deletes what is untouched
        export=...,        # what the community has now, as items of the same shape
        fits=...,          # may be left out: what only the whole playbook tells, such as the phase an item names
        amend=...,         # brings one untouched thing to what a newer version says of it; without it, it stays
        doubts=...,        # what the community's own facts say against a line: key → sentences, told and no more
        spread=...,        # where items come round again: the lines of every time, in place of the one of the review
        fields=(Field("target", _("Target")), Field("due", _("Due"))),
    ))

`make`, `changed`, `amend` and `remove` run inside the transaction of the playbook's own verb and write audit
rows of their own where they call verbs. Items may reach `draft` in a playbook that was edited in the review:
they were checked again before. `key` of a line, and of a thing made, is the `key` of its item.

An item that comes round again is one line of the review and many things: `spread` gives a line for each time,
its key from `turn_key`, and only such lines reach `make` and `amend`. So each time is changed, kept or taken
back for itself, and a newer version of the item finds again those it still has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    from qunying.ground.groups.models import Community

Item = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where: `path` leads from the section's list to the place, such as (3, "target").

    The sentence is translated already: what is wrong, and what to write instead.
    """

    path: Path
    message: str
    about_name: bool = False
    """Whether it is about the name before the colon, not about the value behind it."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a playbook is drafted and applied for: the community, the local day it starts, the playbook's name.

    `title` is the playbook's in the reader's language, `application` the id of what it is applied by, `phases`
    its phases in order.
    """

    community: Community
    start: date
    playbook: str = ""
    title: str = ""
    application: int | None = None
    phases: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the review: what would be made of one item. `day` is the local day it falls (due) on."""

    key: str
    title: str
    detail: str = ""
    day: date | None = None
    item: Item = field(default_factory=dict)
    parent: str = ""
    """The key of the line it stands under, where the section is a tree."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a line: `ref` is JSON by which the section finds it again (an id, a digest of its state)."""

    key: str
    title: str
    ref: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A part of an item that may be edited in the review, as the text that stands in the file.

    With `choices` (text in the file → words) it is chosen, not typed.
    """

    name: str
    label: _StrPromise
    choices: Mapping[str, _StrPromise] | None = None
    where_said: bool = False
    """Offered only where the item says something there."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a playbook that an app brings to life; the module says what each function is for."""

    name: str
    label: _StrPromise
    schema: Mapping[str, Any]
    check: Callable[[list[Item]], Iterable[Problem]]
    draft: Callable[[list[Item], Occasion], list[Line]]
    make: Callable[..., list[Made]]
    """make(lines, occasion, *, by)"""
    changed: Callable[[list[Made], Community], Mapping[str, str]]
    remove: Callable[..., None]
    """remove(made, community, *, by)"""
    export: Callable[[Community, date], list[Item]]
    """export(community, start): lengths of time in the items count from `start`"""
    fields: tuple[Field, ...] = ()
    fits: Callable[[list[Item], Mapping[str, Any]], Iterable[Problem]] | None = None
    """fits(items, content of the whole playbook)"""
    amend: Callable[..., Made] | None = None
    """amend(line, made, occasion, *, by)"""
    doubts: Callable[[list[Line], Occasion], Mapping[str, list[str]]] | None = None
    spread: Callable[[list[Line], Occasion], list[Line]] | None = None


_TURN = "@"

_sections: dict[str, Section] = {}

KNOWN: dict[str, _StrPromise] = {
    "goals": _("Goals"),
    "work": pgettext_lazy("playbook", "Work"),
    "calendar": _("Calendar"),
    "content": _("Content"),
    "activities": _("Activities"),
    "journeys": _("Journeys"),
    "rules": _("Group rules"),
    "tiers": _("Tiers"),
    "incentives": _("Incentives"),
    "team": _("Team"),
    "meetings": _("Meetings"),
    "budget": _("Budget"),
    "risks": _("Risks"),
    "partners": _("Partners"),
    "compliance": _("Compliance"),
    "service": _("Service levels"),
}
"""Every part a playbook may have, in the order of reading; those not registered yet are kept, shown as waiting."""


def register_section(section: Section) -> Section:
    """Bring a part of playbooks to life; raises ValueError for a name that is not in KNOWN."""
    if section.name not in KNOWN:
        raise ValueError(f"playbooks know no section {section.name}: add it to KNOWN first")
    _sections[section.name] = section
    return section


def live_sections() -> list[Section]:
    """The registered sections, in the order of reading."""
    return [_sections[name] for name in KNOWN if name in _sections]


def turn_key(key: str, turn: date) -> str:
    """The key of one time of an item that comes round again; `turn` is the day it is counted by."""
    return f"{key}{_TURN}{turn.isoformat()}"


def item_key(key: str) -> str:
    """The key of the item behind the key of a line or of a thing made."""
    return key.partition(_TURN)[0]


def spread_lines(section: Section, lines: list[Line], occasion: Occasion) -> list[Line]:
    """The lines that are made: each of these, or each of its times where it comes round again."""
    return lines if section.spread is None or not lines else section.spread(lines, occasion)


def section_named(name: str) -> Section | None:
    """The section of this name, or None where it is waiting for its app."""
    return _sections.get(name)
