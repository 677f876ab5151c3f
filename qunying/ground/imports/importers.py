"""The port for file formats: what an importer is, and the registry they add themselves to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.ground.events.facts import Fact
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.sources import Source
    from qunying.ground.members.services import Who


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that does not go in: where it stands and why, as a code of `reasons.py` with its parameters."""

    row: int
    reason: str
    column: str = ""
    value: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a row says of a person beside facts: private fields by name, tags as (dimension, tag).

    `consents` are (purpose, given, when they said so).
    """

    who: Who
    private: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[tuple[str, str], ...] = ()
    consents: tuple[tuple[str, bool, datetime], ...] = ()
    union_id: str = ""
    """What the platform calls the person across its apps (unionid); the same one is the same person."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that says several things, or nothing at all (then it is counted as skipped)."""

    facts: tuple[Fact, ...] = ()
    profile: Profile | None = None


NOTHING = Row()
"""A row that is in order and says nothing to keep."""

Item = Fact | Rejection | Row
"""What an importer yields: exactly one for each row it has read."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column an importer understands. `aliases` are names files give it, in Chinese and English."""

    name: str
    meaning: _StrPromise
    needed: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be set for a run."""

    name: str
    meaning: _StrPromise
    default: str = ""


@dataclass(frozen=True, slots=True)
class Importer:
    """One file format.

    `read` yields exactly one item a row, the same items in the same order each time: going on after a
    crash is reading again and passing over the first N. `sniff` looks at the first bytes only and says
    between 0 and 1 how much the file looks like this format. `looks` says so in words.
    """

    name: str
    label: _StrPromise
    looks: _StrPromise
    sniff: Callable[[Source], float]
    read: Callable[[Source, Context], Iterator[Item]]
    columns: tuple[Column, ...] = ()
    options: tuple[Option, ...] = ()
    platform: str = ""
    """Where the people of such files have their accounts; empty where each row says so."""
    unknown_columns: str = ""
    """What becomes of columns the importer does not know: “tags”, or nothing."""
    check: Callable[[Source], None] | None = None
    """Reads a file through once before anything is stored; raises QunyingError where it is cut off or damaged."""
    where: _StrPromise | str = ""
    """Where people get such a file."""
    one_chat: bool = False
    """Whether a file is one chat: out of an archive of several, its name stands for a group it does not name."""

    @property
    def needed(self) -> list[str]:
        """Names of the columns without which nothing can be read."""
        return [column.name for column in self.columns if column.needed]


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> Importer:
    """Make a format known; each file in connectors/files does so with its own."""
    _importers[importer.name] = importer
    return importer


def all_importers() -> list[Importer]:
    """Every known format, by name."""
    return [_importers[name] for name in sorted(_importers)]


def importer_named(name: str) -> Importer:
    """The format of this name; raises QunyingError naming those there are."""
    try:
        return _importers[name]
    except KeyError:
        raise QunyingError(
            _("There is no format “%(name)s”. Those there are: %(known)s.")
            % {"name": name, "known": ", ".join(sorted(_importers))}
        ) from None
