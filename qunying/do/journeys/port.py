"""The port for what a journey is checked for before it is released: whoever registers a check is asked.

    register_checks("definition", problems_of)

A check writes nothing. It is given the definition and, as `community`, where the journey is to run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.do.journeys.definition import Definition
    from qunying.ground.groups.models import Community


class Fault(Protocol):
    """What is wrong with a journey: the sentence for people, translated already, and the step it is about."""

    @property
    def step(self) -> str:
        """The id of the step; '' for the whole journey."""

    @property
    def words(self) -> str:
        """What is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The plain fault."""

    step: str
    words: str


class Check(Protocol):
    """A function that finds faults."""

    def __call__(self, definition: Definition, *, community: Community) -> Sequence[Fault]:
        """The faults of a definition in a community; none where all is well."""


_checks: dict[str, Check] = {}


def register_checks(name: str, check: Check) -> None:
    """Have journeys checked by this, too; the same name again replaces it."""
    _checks[name] = check


def all_problems(definition: Definition, *, community: Community) -> list[Fault]:
    """What every registered check has against it, in the order of their registration."""
    return [fault for check in _checks.values() for fault in check(definition, community=community)]
