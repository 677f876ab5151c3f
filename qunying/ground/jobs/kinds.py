"""The registry of job kinds: later apps add theirs from `AppConfig.ready()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    from qunying.ground.jobs.turns import Turn


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of long work. `step` works until `turn.over()` or the end, and says whether it is finished."""

    name: str
    label: _StrPromise
    step: Callable[[Turn], bool]


_kinds: dict[str, JobKind] = {}


def register_kind(name: str, step: Callable[[Turn], bool], *, label: _StrPromise) -> JobKind:
    """Make a kind of job known."""
    _kinds[name] = JobKind(name, label, step)
    return _kinds[name]


def job_kind(name: str) -> JobKind:
    """The kind of this name; raises QunyingError where no app has registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise QunyingError(_("Nothing here knows how to do jobs of the kind “%(name)s”.") % {"name": name}) from None


def kind_label(name: str) -> str:
    """What people call jobs of this kind."""
    return str(_kinds[name].label) if name in _kinds else name


def kind_names() -> list[str]:
    """Every kind of job there is, by name."""
    return sorted(_kinds)
