"""Checking a playbook: every fault at its line and column, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from qunying.kit.durations import parse_span
from qunying.kit.errors import QunyingError
from qunying.plan.playbooks.schema import HEAD, item_schema, playbook_schema
from qunying.plan.playbooks.sections import KNOWN, Item, Problem, live_sections, section_named
from qunying.plan.playbooks.variants import LISTS, Content, resolve
from qunying.plan.playbooks.wording import problems_in_words, unknown_name
from qunying.plan.playbooks.yaml_text import Fault, Marked, read_marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TOP = (*HEAD, *KNOWN)
"""Every name that may stand at the left edge of a playbook."""


@dataclass(frozen=True, slots=True)
class Linted:
    """A text that was checked: its faults in the order of its lines, and the whole playbook where it has none."""

    faults: list[Fault]
    content: Content = field(default_factory=dict)


def lint_text(text: str, *, find: Callable[[str], Content | None]) -> Linted:
    """Check a text; `find` gives the whole playbook of a name that `extends` may stand on, or None."""
    marked = read_marked(text)
    if not marked.faults and not isinstance(marked.data, dict):
        marked.faults.append(Fault(1, 1, _("This is no playbook yet. Begin with a line such as “name: my-shop”.")))
    if marked.faults:
        return Linted(_in_order(marked.faults))
    return _Check(marked, find).run()


def check_content(content: Content) -> list[Problem]:
    """What is wrong with a whole playbook that has no text (any more), with paths into it."""
    return [*_schema_problems(content), *_list_problems(content), *_section_problems(content)]


def check_items(name: str, items: list[Item]) -> list[Problem]:
    """What is wrong with the items of one section, with paths into the list."""
    schema = {"type": "array", "items": item_schema(name)}
    found = [problem for error in _errors(schema, items) for problem in problems_in_words(error)]
    section = section_named(name)
    return found or (list(section.check(items)) if section else [])


class _Check:
    """One run over one text: problems of the whole, brought back to the places of its own lines."""

    def __init__(self, marked: Marked, find: Callable[[str], Content | None]) -> None:
        self.marked = marked
        self.own: Content = marked.data
        self.find = find

    def run(self) -> Linted:
        unknown = self._unknown()
        self.own = {name: value for name, value in self.own.items() if name in _TOP}
        shape = self._shape()
        if shape:
            return Linted(_in_order(unknown + shape))
        base = None
        if extends := self.own.get("extends"):
            base = self.find(str(extends))
            if base is None:
                return Linted(_in_order([*unknown, self._fault(("extends",), self._no_base(str(extends)))]))
        content = resolve(self.own, base)
        problems = check_content(content)
        faults = unknown + [
            self._fault(self._own_path(content, problem.path), problem.message, about_name=problem.about_name)
            for problem in problems
        ]
        return Linted(_in_order(faults), {} if faults else content)

    def _unknown(self) -> list[Fault]:
        return [
            self._fault((name,), unknown_name(name, _TOP), about_name=True) for name in self.own if name not in _TOP
        ]

    def _shape(self) -> list[Fault]:
        """What must be right before a variant can be laid over its base: lists, and keys in them."""
        faults: list[Fault] = []
        for name in LISTS:
            items = self.own.get(name)
            if items is not None and not isinstance(items, list):
                faults.append(self._fault((name,), _("A list is expected here, each item beginning with “- key:”.")))
            elif items:
                faults.extend(self._keys(name, items))
        return faults

    def _keys(self, name: str, items: list[Any]) -> Iterator[Fault]:
        seen: set[str] = set()
        for index, item in enumerate(items):
            key = item.get("key") if isinstance(item, dict) else None
            if not isinstance(key, str):
                yield self._fault((name, index), _("Each item needs a “key:” of its own, such as “key: first-month”."))
            elif key in seen:
                yield self._fault(
                    (name, index, "key"), _("There is an item “%(key)s” in this list already.") % {"key": key}
                )
            else:
                seen.add(key)

    @cached_property
    def _indexes(self) -> dict[tuple[str, str], int]:
        return {(name, item["key"]): index for name in LISTS for index, item in enumerate(self.own.get(name) or [])}

    def _own_path(self, content: Content, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """The path in the own text of a path in the whole; that of `extends` where the base alone holds it."""
        if len(path) < 2 or path[0] not in LISTS or not isinstance(path[1], int):  # noqa: PLR2004 - list and index
            return path
        items = content[str(path[0])]
        key = items[path[1]].get("key", "") if path[1] < len(items) else ""
        index = self._indexes.get((str(path[0]), key))
        return (path[0], index, *path[2:]) if index is not None else ("extends",)

    def _fault(self, path: tuple[str | int, ...], message: str, *, about_name: bool = False) -> Fault:
        return Fault(*self.marked.place(path, key=about_name), message)

    def _no_base(self, name: str) -> str:
        return _("There is no playbook “%(name)s” to stand on. “qunying playbook list” lists those there are.") % {
            "name": name
        }


def _errors(schema: dict[str, Any], data: Any) -> list[Any]:
    return sorted(Draft202012Validator(schema).iter_errors(data), key=lambda error: str(list(error.absolute_path)))


def _schema_problems(content: Content) -> list[Problem]:
    found = [problem for error in _errors(playbook_schema(), content) for problem in problems_in_words(error)]
    return list({(problem.path, problem.message): problem for problem in found}.values())


def _list_problems(content: Content) -> Iterator[Problem]:
    """What a schema cannot say of the phases: lengths that run backwards."""
    for index, phase in enumerate(content.get("phases", [])):
        try:
            parse_span(phase.get("length", ""))
        except QunyingError as error:
            if isinstance(phase.get("length"), str):
                yield Problem(("phases", index, "length"), str(error))


def _section_problems(content: Content) -> Iterator[Problem]:
    """What the sections' own checks find, where the schema found nothing to say about them."""
    for section in live_sections():
        items = content.get(section.name, [])
        if items and not _errors({"type": "array", "items": item_schema(section.name)}, items):
            for problem in (*section.check(items), *(section.fits(items, content) if section.fits else ())):
                yield replace(problem, path=(section.name, *problem.path))


def _in_order(faults: list[Fault]) -> list[Fault]:
    return sorted(set(faults), key=lambda fault: (fault.line, fault.column, fault.message))


def waiting_sections(content: Content) -> list[str]:
    """Names of the parts of this playbook whose app is not there yet, in the order of reading."""
    return [name for name in KNOWN if content.get(name) and section_named(name) is None]
