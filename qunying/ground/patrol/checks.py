"""The registry of checks: each looks at one thing and knows the remedy."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrPromise

_log = logging.getLogger(__name__)


class State(StrEnum):
    """How a thing stands."""

    WELL = "well"
    WARNING = "warning"
    BAD = "bad"


STATES: dict[str, _StrPromise] = {
    State.WELL: _("Well"),
    State.WARNING: _("Look at it soon"),
    State.BAD: _("Needs you now"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check saw: how it stands, which sentence says so, and the numbers in it. Nothing private."""

    state: State
    told: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at.

    `told` are the sentences a look may choose from, by name; `remedy` says what to do, by the same names.
    `slow` ones ask others over the network and run on patrols alone, not every minute. Where a `needed` one
    is bad, the others have nothing to look at.
    """

    name: str
    label: _StrPromise
    look: Callable[[], Seen]
    told: Mapping[str, str | _StrPromise]
    remedy: Mapping[str, str | _StrPromise]
    slow: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A check and what it saw, in words of the reader's language."""

    check: str
    state: State
    values: dict[str, Any]

    @property
    def ok(self) -> bool:
        """Whether there is nothing to do."""
        return self.state is State.WELL

    @property
    def label(self) -> str:
        """What was looked at."""
        known = _checks.get(self.check)
        return str(known.label) if known else self.check

    @property
    def words(self) -> str:
        """What was seen."""
        return self._say("told")

    @property
    def remedy(self) -> str:
        """What to do; '' where all is well."""
        return "" if self.ok else self._say("remedy")

    @property
    def state_word(self) -> str:
        """How it stands."""
        return str(STATES[self.state])

    def _say(self, kind: str) -> str:
        known = _checks.get(self.check)
        sentence = getattr(known, kind).get(self.values.get("told", "")) if known else None
        return str(sentence) % self.values if sentence else str(self.values.get("error", ""))

    @property
    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"check": self.check, "state": str(self.state), "values": self.values}


_checks: dict[str, Check] = {}


def register_check(check: Check) -> Check:
    """Have doctor, patrol and watch look at it; the same name again replaces it."""
    _checks[check.name] = check
    return check


def all_checks() -> list[Check]:
    """Every check, in the order of registration."""
    return list(_checks.values())


def result_from(plain: Mapping[str, Any]) -> Result:
    """A result as it was stored."""
    return Result(str(plain["check"]), State(plain["state"]), dict(plain["values"]))


def examine(*, slow: bool = True) -> list[Result]:
    """Look at everything (without `slow` only at what answers at once); a look that fails is itself a finding."""
    found: list[Result] = []
    for check in all_checks():
        if check.slow and not slow:
            continue
        found.append(_look(check))
        if check.needed and found[-1].state is State.BAD:
            break
    return found


def _look(check: Check) -> Result:
    try:
        seen = check.look()
    except Exception as error:  # noqa: BLE001 - a check at fault must not hide the others
        _log.warning("the check %s failed", check.name, exc_info=True)
        return Result(check.name, State.BAD, {"told": "", "error": type(error).__name__})
    return Result(check.name, seen.state, {"told": seen.told, **seen.values})
