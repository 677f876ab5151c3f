"""What a segment asks: conditions, in groups of which all or any must hold, one level deep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.utils.functional import _StrPromise

    from qunying.ground.figures.people import Finding

MOST = 20
"""Conditions a segment may have: more is no sentence any more."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must, or (`negated`) must not, hold of a person."""

    kind: str
    params: Mapping[str, Any]
    negated: bool = False

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"is": self.kind, "not": self.negated, **self.params}


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all (or any) must hold; a group within it holds conditions only."""

    every: bool = True
    parts: tuple[Condition | Group, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"all": self.every, "parts": [part.plain() for part in self.parts]}

    def conditions(self) -> Iterator[Condition]:
        """Every condition, those of groups within it too."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.conditions()
            else:
                yield part


@dataclass(frozen=True, slots=True)
class Names:
    """Words for ids in sentences, read once for a page: tags, groups; '' for a currency where there are several."""

    tags: Mapping[int, str] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of condition: how its values are read and checked, asked for, and said.

    `read` gets the raw values and gives plain parameters, raising QunyingError in words. `sql` is a
    statement with the column `member`. `words` says it, and its opposite where `negated`. `days` tells
    how far back facts are read, 0 for all of them, None for none.
    """

    name: str
    label: _StrPromise
    read: Callable[[Mapping[str, Any]], dict[str, Any]]
    sql: Callable[[Mapping[str, Any], Finding], str]
    words: Callable[[Mapping[str, Any], bool, Names], str]
    days: Callable[[Mapping[str, Any]], int | None] = lambda _params: None
    behaviour: bool = False


_kinds: dict[str, Kind] = {}


def register_condition(kind: Kind) -> Kind:
    """Make a kind of condition known; later apps may add their own."""
    _kinds[kind.name] = kind
    return kind


def all_conditions() -> list[Kind]:
    """Every kind of condition, in the order in which they were registered."""
    return list(_kinds.values())


def condition_named(name: str) -> Kind:
    """The kind of this name; raises QunyingError for one there is not."""
    try:
        return _kinds[name]
    except KeyError:
        raise QunyingError(_("There is no condition “%(name)s”. Choose one from the list.") % {"name": name}) from None


def read_group(plain: Mapping[str, Any], *, inside: bool = False) -> Group:
    """A group from its plain form, every value checked; raises QunyingError saying what is wrong."""
    parts: list[Condition | Group] = []
    for part in plain.get("parts", ()):
        if "parts" in part:
            if inside:
                raise QunyingError(_("A group of conditions cannot hold another group. Take one level away."))
            if part["parts"]:
                parts.append(read_group(part, inside=True))
        else:
            parts.append(read_condition(part))
    group = Group(bool(plain.get("all", True)), tuple(parts))
    if len(list(group.conditions())) > MOST:
        raise QunyingError(_("A segment has at most %(most)d conditions. Make two of it.") % {"most": MOST})
    return group


def read_condition(plain: Mapping[str, Any]) -> Condition:
    """One condition from its plain form, checked."""
    kind = condition_named(str(plain.get("is", "")))
    return Condition(kind.name, kind.read(plain), bool(plain.get("not")))


def sentence(group: Group, names: Names) -> str:
    """The whole segment in words."""
    parts = [_part(part, names) for part in group.parts]
    if not parts:
        return _("Everyone who is or was there")
    return _joined(parts, every=group.every)


def _part(part: Condition | Group, names: Names) -> str:
    if isinstance(part, Condition):
        return condition_named(part.kind).words(part.params, part.negated, names)
    inner = _joined([_part(one, names) for one in part.parts], every=part.every)
    return _("(%(words)s)") % {"words": inner} if len(part.parts) > 1 else inner


def _joined(parts: list[str], *, every: bool) -> str:
    return (_(", and ") if every else _(", or ")).join(parts)
