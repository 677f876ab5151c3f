"""YAML with its places: the plain data of a text, and line and column of everything in it.

The simple part of YAML 1.2: mappings, lists, text, numbers, yes-or-no, nothing. Anchors and tags are
refused, so a small file cannot unfold into a huge one and every value stands where it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Callable

Path = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, both from 1."""

MOST_CHARACTERS = 200_000
_DEEPEST = 12
_CORE = "tag:yaml.org,2002:"
_FULL_WIDTH = re.compile(r"^\s*(?:- )?[A-Za-z_][\w-]*(：)", re.MULTILINE)
_TRUE = {"true", "True", "TRUE"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place of the text, as one translated sentence."""

    line: int
    column: int
    message: str


@dataclass(slots=True)
class Marked:
    """Plain data with the place of each value (`places`) and of each key of a mapping (`keys`), by path."""

    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where the path stands, or the nearest thing above it that does; `key` asks for the key's own place."""
        places = self.keys if key else self.places
        for end in range(len(path), -1, -1):
            if path[:end] in places:
                return places[path[:end]]
            if path[:end] in self.places:
                return self.places[path[:end]]
        return 1, 1


def read_marked(text: str) -> Marked:
    """The data of a YAML text with its places; what is wrong with the YAML itself stands in `faults`."""
    marked = Marked()
    if len(text) > MOST_CHARACTERS:
        marked.faults.append(
            Fault(1, 1, _("The text is longer than %(most)d characters; no playbook is.") % {"most": MOST_CHARACTERS})
        )
        return marked
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError, ValueError) as error:
        marked.faults.append(_unreadable(text, error))
        return marked
    if isinstance(node, ScalarNode) and (slip := _slip(text)):
        marked.faults.append(slip)
    elif node is not None:
        marked.data = _Reader(marked).read(node, ())
    return marked


def write_yaml(data: Any) -> str:
    """The data as YAML for people: keys in their order, Chinese as it is, no line folded."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 4096
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # None, says the stub
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def read_scalar(text: str) -> str | int | float:
    """A value typed into a field, as it would be read in a file: a number where it is one, else the text."""
    value = read_marked(text.strip()).data if text.strip() and "\n" not in text else text
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else text.strip()


class _Reader:
    """Turns nodes into plain data and notes their places."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.seen: set[int] = set()

    def read(self, node: Node, path: Path) -> Any:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self.marked.places[path] = place
        if id(node) in self.seen or node.anchor:
            return self._refuse(
                place, _("References (&name, *name) are not used in playbooks. Write the text out again.")
            )
        self.seen.add(id(node))
        if len(path) > _DEEPEST:
            return self._refuse(place, _("This is nested too deeply. A playbook is never more than a few levels deep."))
        if isinstance(node, MappingNode) and node.tag == f"{_CORE}map":
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and node.tag == f"{_CORE}seq":
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, ScalarNode):
                self._refuse(place, _("A name is expected before the colon."))
                continue
            name = str(key_node.value)
            if name in data:
                self._refuse(place, _("“%(name)s” stands here twice. Keep one of them.") % {"name": name})
            self.marked.keys[(*path, name)] = place
            data[name] = self.read(value_node, (*path, name))
        return data

    def _scalar(self, node: Node, place: Place) -> Any:
        tag, value = str(node.tag).removeprefix(_CORE), str(node.value)
        if tag in _READERS and isinstance(node, ScalarNode):
            return _READERS[tag](value)
        return self._refuse(
            place, _("Marks such as “%(tag)s” are not used in playbooks. Write plain text.") % {"tag": node.tag}
        )

    def _refuse(self, place: Place, message: str) -> Any:
        """Note a fault; nothing (None) stands in the data for it."""
        self.marked.faults.append(Fault(*place, message))


def _number(kind: type[int | float], text: str) -> int | float | str:
    try:
        value = kind(text.replace("_", ""))
    except ValueError:  # octal, .inf and the like: text, as far as a plan is concerned
        return text
    return value if abs(value) < 10**15 else text


_READERS: dict[str, Callable[[str], Any]] = {
    "null": lambda _text: None,
    "bool": _TRUE.__contains__,
    "int": lambda text: _number(int, text),
    "float": lambda text: _number(float, text),
    "str": str,
    "timestamp": str,
}


def _slip(text: str) -> Fault | None:
    """The commonest slip of all: a Chinese colon after a name."""
    found = _FULL_WIDTH.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start(1)) + 1
    column = found.start(1) - text.rfind("\n", 0, found.start(1))
    return Fault(line, column, _("A Chinese colon “：” stands here. After a name write “:” and a space."))


def _unreadable(text: str, error: Exception) -> Fault:
    """What a person can do about a text that is no YAML."""
    if slip := _slip(text):
        return slip
    mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = str(getattr(error, "problem", "") or "")
    if "\\t" in problem:
        return Fault(line, column, _("A tab stands here. Indent with spaces."))
    return Fault(
        line,
        column,
        _(
            "This cannot be read. Check on this line and the one before that things are indented alike, "
            "that a space follows each colon, and that quotation marks come in pairs."
        ),
    )
