"""The review: what applying a playbook would make, line by line, and what it leaves waiting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qunying.kit.saying import said, say
from qunying.plan.playbooks.differences import Kind
from qunying.plan.playbooks.sections import KNOWN, Item, Line, Occasion, Section, live_sections, section_named
from qunying.plan.playbooks.yaml_text import read_scalar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.utils.functional import _StrPromise

    from qunying.plan.playbooks.differences import Difference
    from qunying.plan.playbooks.models import Application


@dataclass(frozen=True, slots=True)
class Value:
    """A part of a line that may be edited: its name in the form, its label, its text now, what may be chosen."""

    name: str
    label: str
    text: str
    choices: Mapping[str, _StrPromise] | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """One line of the review with whether it is wanted and what may be edited of it."""

    name: str
    line: Line
    wanted: bool
    values: list[Value]
    touched: bool = False
    """Whether something else was typed into it than stands in the draft."""
    difference: Difference | None = None
    """Where the draft follows one that stands: whether this is new, changed or gone."""
    stays: str = ""
    """Why it will not be done, where people have made the thing theirs."""
    doubts: tuple[str, ...] = ()
    """What the community's own facts say against it; told only where it was asked for."""

    @property
    def goes(self) -> bool:
        """Whether carrying it out would take something away."""
        return self.difference is not None and self.difference.kind is Kind.GONE


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the review."""

    name: str
    label: _StrPromise
    lines: list[Drafted]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A part whose app is not there yet: kept with the playbook, nothing is made of it."""

    name: str
    label: _StrPromise
    items: list[Item]


def occasion_of(application: Application) -> Occasion:
    """What the sections are told about an application."""
    return Occasion(
        application.community,
        application.start,
        application.playbook,
        title=say(application.content.get("title")),
        application=application.pk,
        phases=tuple(application.content.get("phases", [])),
    )


def draft_parts(application: Application) -> list[Part]:
    """What applying would make, section by section; lines left out are there, unwanted."""
    occasion, out = occasion_of(application), set(application.left_out)
    return [
        Part(
            section.name,
            section.label,
            [drafted_line(section, line, out) for line in section.draft(items_of(application, section), occasion)],
        )
        for section in live_sections()
        if application.content.get(section.name)
    ]


def with_doubts(parts: list[Part], application: Application) -> list[Part]:
    """The same lines with what the community's own facts say against those that would be made; figures are counted."""
    occasion = occasion_of(application)
    return [replace(part, lines=_doubted(part, occasion)) for part in parts]


def _doubted(part: Part, occasion: Occasion) -> list[Drafted]:
    section = section_named(part.name)
    asked = [one.line for one in part.lines if one.wanted and not one.stays and not one.goes]
    if section is None or section.doubts is None or not asked:
        return part.lines
    found = section.doubts(asked, occasion)
    return [replace(one, doubts=tuple(found.get(one.line.key, ()))) for one in part.lines]


def wanted_lines(application: Application, section: Section) -> list[Line]:
    """The lines of a section that were not left out, drafted from the wanted items alone."""
    out = set(application.left_out)
    items = [item for item in items_of(application, section) if line_name(section.name, item["key"]) not in out]
    return section.draft(items, occasion_of(application)) if items else []


def waiting_parts(content: Mapping[str, Any]) -> list[Waiting]:
    """The parts of a playbook that no app brings to life yet."""
    return [
        Waiting(name, label, content[name])
        for name, label in KNOWN.items()
        if content.get(name) and section_named(name) is None
    ]


def items_of(application: Application, section: Section) -> list[Item]:
    """The items of a section as they stand in the review."""
    return list(application.content.get(section.name) or [])


def line_name(section: str, key: str) -> str:
    """How a line is called in forms and in `left_out`: goals/first-month."""
    return f"{section}/{key}"


def edited(item: Item, section: Section, values: Mapping[str, str]) -> Item:
    """The item with the texts typed into its fields; numbers stay numbers, words keep their other language."""
    changed = dict(item)
    for field in section.fields:
        if field.name not in values or values[field.name].strip() == _shown(item.get(field.name)):
            continue
        text = values[field.name].strip()
        old = item.get(field.name)
        changed[field.name] = said(old, text) if isinstance(old, dict) else read_scalar(text)
        if not text:
            del changed[field.name]
    return changed


def drafted_line(section: Section, line: Line, out: Collection[str]) -> Drafted:
    """A line as the review shows it: wanted unless its name is in `out`, with what may be edited of it."""
    name = line_name(section.name, line.key)
    values = [
        Value(f"{name}/{field.name}", str(field.label), _shown(line.item.get(field.name)), field.choices)
        for field in section.fields
        if not field.where_said or field.name in line.item
    ]
    return Drafted(name, line, name not in out, values)


def _shown(value: Any) -> str:
    return say(value)
