"""The port of to-dos: every app that wants something done says so here, and Today shows it.

A source is registered in `AppConfig.ready()`; docs/howto/todo-source.md shows how.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.functional import _StrPromise

    from qunying.ground.access.models import Staff

_log = logging.getLogger(__name__)
_FAR = date.max


@dataclass(frozen=True, slots=True)
class TodoItem:
    """One line of somebody's list.

    `title` says what to do, `why` where it comes from, both in the reader's language. `due` is a local
    day, None for what has no day. `page` is the name of a route and `args` its arguments: where the
    work is done or looked at ('' where there is no page). `priority` 1 comes before 2 and 3 on the same
    day. `owner` is the id of the person whose it is, None for the team's. `work` is the id of the piece
    of work behind it, for what can be ticked off right in the list. `missed` counts the earlier times
    of it that nobody did, for what comes round again.
    """

    title: str
    kind: str
    why: str = ""
    due: date | None = None
    page: str = ""
    args: dict[str, Any] = field(default_factory=dict)
    priority: int = 2
    community: str = ""
    owner: int | None = None
    owner_name: str = ""
    work: int | None = None
    may_finish: bool = False
    missed: int = 0


@dataclass(frozen=True, slots=True)
class TodoSource:
    """Somewhere to-dos come from. `items(staff, today)` gives what this person may see: theirs and the team's."""

    name: str
    label: _StrPromise
    items: Callable[[Staff, date], Iterable[TodoItem]]


@dataclass(frozen=True, slots=True)
class Todos:
    """Everything the sources know, in order, and the labels of those that could not answer."""

    items: list[TodoItem]
    silent: list[str]


_sources: dict[str, TodoSource] = {}
_origins: dict[str, str] = {}


def register_source(name: str, *, label: _StrPromise, items: Callable[[Staff, date], Iterable[TodoItem]]) -> None:
    """Add a source of to-dos; the same name again replaces it."""
    _sources[name] = TodoSource(name, label, items)


def register_origin(app: str, *, page: str) -> None:
    """Name the route (its only argument is `pk`) that shows where work with this origin came from."""
    _origins[app] = page


def origin_page(app: str) -> str:
    """The route that shows what work of this origin came from; '' where there is none."""
    return _origins.get(app, "")


def todo_sources() -> dict[str, TodoSource]:
    """Every source by name."""
    return dict(_sources)


def todos_for(staff: Staff, today: date) -> Todos:
    """What is to be done by this person and their teams as of a local day, the most pressing first.

    A source that fails is named in `silent` and logged; the others still answer.
    """
    found: list[TodoItem] = []
    silent: list[str] = []
    for source in _sources.values():
        try:
            found.extend(source.items(staff, today))
        except Exception:  # noqa: BLE001 - one source at fault must not empty everyone's list
            _log.exception("the source of to-dos %s failed", source.name)
            silent.append(str(source.label))
    return Todos(sorted(found, key=_place), silent)


def _place(item: TodoItem) -> tuple[date, int, str]:
    return item.due or _FAR, item.priority, item.title
