"""How long and how far a group's picture serves: what platforms allow, as data, and how full a group may be by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from qunying.ground.groups.capacity import NEARLY
from qunying.ground.platforms.names import WECHAT, WECOM

if TYPE_CHECKING:
    from qunying.do.recruitment.models import GroupPicture


@dataclass(frozen=True, slots=True)
class Bound:
    """For how long a picture serves from its making on, up to how many people a group takes in by it; None: no end."""

    lives: timedelta | None = None
    people: int | None = None


BOUNDS = {
    WECHAT: Bound(timedelta(days=7), 200),
    WECOM: Bound(timedelta(days=7), 200),
}
"""By platform. WeChat: seven days, and beyond 200 members only by invitation; for WeCom the same, to be safe."""

_UNBOUND = Bound()
SPARE = Fraction(2, 100)
"""This share of the places is left for those who saved the picture and scan it later."""
EARLY = timedelta(hours=1)
"""A picture makes way so long before it expires: whoever saved it must have the time to scan it."""
AHEAD = timedelta(hours=24)
"""So long before it expires colleagues are warned."""


def bound_of(platform: str) -> Bound:
    """What the platform allows; a platform nobody wrote down sets no bound."""
    return BOUNDS.get(platform, _UNBOUND)


class State(StrEnum):
    """How a picture stands."""

    SHOWN = "shown"
    WAITING = "waiting"
    FULL = "full"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Standing:
    """A picture as it stands now: how many people are known in its group, and how many were shown it since.

    `places` is how many the group takes in by scanning: its own capacity, or less where the platform says so.
    """

    picture: GroupPicture
    known: int
    shown: int
    now: datetime

    @property
    def places(self) -> int:
        """How many people the group may hold."""
        group = self.picture.group
        most = bound_of(group.platform).people
        return group.capacity if most is None else min(group.capacity, most)

    @property
    def people(self) -> int:
        """How many may be in the group by now: those known, and everyone who was shown the picture since."""
        return self.known + self.shown

    @property
    def moves_on_at(self) -> int:
        """With so many people another picture is shown."""
        return floor(self.places * (1 - SPARE))

    @property
    def is_full(self) -> bool:
        """Whether the group may be as full as it should become by this picture."""
        return self.people >= self.moves_on_at

    @property
    def fills(self) -> bool:
        """Whether the group may be at nine tenths of its places."""
        return self.people >= NEARLY * self.places

    @property
    def has_expired(self) -> bool:
        """Whether too little time is left for somebody who sees it now."""
        return self.picture.expires_at is not None and self.now >= self.picture.expires_at - EARLY

    @property
    def expires_soon(self) -> bool:
        """Whether it expires within a day, or has expired."""
        return self.picture.expires_at is not None and self.now >= self.picture.expires_at - AHEAD

    @property
    def serves(self) -> bool:
        """Whether it may be shown."""
        return not self.has_expired and not self.is_full

    @property
    def presses(self) -> bool:
        """Whether a colleague should do something about it now."""
        return self.expires_soon or self.fills


def choose(standings: list[Standing]) -> Standing | None:
    """The first that serves, in the order given; None where none does."""
    return next((one for one in standings if one.serves), None)


def state_of(standing: Standing, chosen: Standing | None) -> State:
    """How one of several stands, of which `chosen` is shown."""
    if standing.has_expired:
        return State.EXPIRED
    if standing.is_full:
        return State.FULL
    return State.SHOWN if chosen is not None and standing.picture == chosen.picture else State.WAITING
