"""The port by which apps say what they keep, how to count what has grown too old, and how to let it go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.utils.functional import _StrPromise

    from qunying.ground.audit.actors import Actor


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """One class of data that is kept for a time.

    `count` gives how many things of these units (ids; None: all) are older than a moment, by their month.
    `purge` lets go of at most so many of them and says how many it were. `floor` is the shortest period
    the law allows, in days, for the reason in `why`. `by_unit` classes may differ from unit to unit.
    `fixed` tells a period that is set elsewhere, None where it is set here.
    """

    name: str
    label: _StrPromise
    meaning: _StrPromise
    count: Callable[[list[int] | None, datetime], dict[date, int]]
    purge: Callable[[list[int] | None, datetime, int, Actor], int]
    floor: int = 0
    why: _StrPromise | str = ""
    by_unit: bool = True
    fixed: Callable[[], int] | None = None


_classes: dict[str, RetentionClass] = {}


def register_class(one: RetentionClass) -> None:
    """Make a class of data known; the same name again replaces it."""
    _classes[one.name] = one


def all_classes() -> list[RetentionClass]:
    """Every class, in the order in which they were registered."""
    return list(_classes.values())


def class_named(name: str) -> RetentionClass:
    """The class of this name; raises NotFoundError where there is none."""
    if name not in _classes:
        raise NotFoundError(_("There is no class of data “%(name)s”.") % {"name": name})
    return _classes[name]
