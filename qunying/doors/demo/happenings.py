"""What the simulator hands over: happenings and orders as plain data, before they become files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.doors.demo.episodes import Episode
    from qunying.doors.demo.people import Person, Stay
    from qunying.doors.demo.plan import Plan


@dataclass(slots=True, eq=False)
class Happening:
    """One act of a person in a group; `kind` is a kind of the event log."""

    kind: str
    at: datetime
    person: Person
    group: str
    object_type: str = ""
    object_id: str = ""
    target: Person | None = None
    payload: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(slots=True, eq=False)
class Order:
    """One paid order, in fen; `refunded_at` where the money went back."""

    number: str
    person: Person
    at: datetime
    product: str
    units: int
    amount: int
    refunded_at: datetime | None = None


@dataclass(slots=True)
class History:
    """Everything that happened: who was there, what they did, what they bought; each in order of time."""

    plan: Plan
    episodes: tuple[Episode, ...]
    stays: list[Stay]
    happenings: list[Happening]
    orders: list[Order]

    @property
    def people(self) -> list[Person]:
        """Everyone, once: staff and bot first, then by the order of joining."""
        seen = {stay.person.number: stay.person for stay in self.stays}
        return [seen[number] for number in sorted(seen)]
