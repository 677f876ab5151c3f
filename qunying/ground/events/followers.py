"""Followers: readers of the log with a durable cursor of their own.

Effects and cursor commit together, so a crash repeats nothing and loses nothing. A fact whose
handler keeps failing is parked with its error, where an operator sees it, and the rest goes on.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.events.models import Event, FollowerCursor, ParkedEvent
from qunying.ground.events.queries import visible_after
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

_BATCH = 500
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a follower is behind: facts it has yet to look at, and how long the oldest has waited."""

    waiting: int
    oldest: timedelta | None


class Follower(Protocol):
    """Anything that moves along the log by itself."""

    @property
    def name(self) -> str:
        """Unique, and the same for good: the cursor is kept under it."""

    def advance(self) -> int:
        """Take the next few facts; how many it moved past. 0 means there is nothing to do."""

    def lag(self) -> Lag:
        """How far it is behind."""

    def replay(self, *, from_id: int = 0) -> None:
        """Go back, so that facts from this id on are handled again."""


_registry: dict[str, Follower] = {}


def register(follower: Follower) -> Follower:
    """Have the follower run; apps call this from `ready()`."""
    _registry[follower.name] = follower
    return follower


def followers() -> list[Follower]:
    """Every registered follower, by name."""
    return [_registry[name] for name in sorted(_registry)]


def follower_named(name: str) -> Follower:
    """The follower of this name; raises NotFoundError naming those there are."""
    try:
        return _registry[name]
    except KeyError:
        raise NotFoundError(
            _("There is no follower “%(name)s”. Those there are: %(known)s.")
            % {"name": name, "known": ", ".join(sorted(_registry)) or "—"}
        ) from None


@dataclass(frozen=True, slots=True)
class EventFollower:
    """A follower that hands facts of some kinds (all, where `kinds` is None) to an idempotent handler."""

    name: str
    handle: Callable[[Event], None]
    kinds: frozenset[str] | None = None

    def advance(self) -> int:
        """Handle up to a batch of facts and move the cursor behind them, in one transaction."""
        with transaction.atomic():
            cursor = lock_cursor(self.name)
            events = list(visible_after(cursor.tx, cursor.event_id)[:_BATCH])
            for event in events:
                if self.kinds is None or event.kind in self.kinds:
                    self._take(event)
            if events:
                move_cursor(cursor, tx=events[-1].tx, event_id=events[-1].pk)
        return len(events)

    def lag(self) -> Lag:
        """Facts after the cursor, of any kind."""
        return lag_behind(self.name)

    def replay(self, *, from_id: int = 0) -> None:
        """Move the cursor to just before the fact of this id (0: to the beginning)."""
        move_back(self.name, from_id=from_id)

    def retry(self, parked: ParkedEvent) -> bool:
        """Handle a parked fact once more; True where it went through and is parked no longer."""
        try:
            with transaction.atomic():
                self.handle(parked.event)
                parked.delete()
        except Exception:  # noqa: BLE001 - whatever the handler raises belongs on the operator's screen
            _park(self.name, parked.event)
            return False
        return True

    def _take(self, event: Event) -> None:
        error = ""
        for _try in range(_TRIES):
            try:
                with transaction.atomic():
                    self.handle(event)
            except OperationalError:
                raise
            except Exception:  # noqa: BLE001 - tried again, then parked with its traceback
                error = traceback.format_exc()
            else:
                return
        _park(self.name, event, error=error)


def _park(follower: str, event: Event, *, error: str = "") -> None:
    parked, _made = ParkedEvent.objects.get_or_create(
        follower=follower, event=event, defaults={"error": error or traceback.format_exc()}
    )
    parked.error = error or traceback.format_exc()
    parked.attempts += 1
    parked.save(update_fields=["error", "attempts"])


def lock_cursor(name: str) -> FollowerCursor:
    """The cursor of this follower, locked until the transaction ends, so that nobody moves it twice."""
    FollowerCursor.objects.get_or_create(name=name)
    return FollowerCursor.objects.select_for_update().get(name=name)


def move_cursor(cursor: FollowerCursor, *, tx: int, event_id: int) -> None:
    """Put the cursor behind the fact at (tx, event_id)."""
    cursor.tx, cursor.event_id = tx, event_id
    cursor.save(update_fields=["tx", "event_id", "moved_at"])


@transaction.atomic
def move_back(name: str, *, from_id: int) -> None:
    """Put the cursor of this follower just before the fact of this id; 0 or less means the beginning."""
    cursor = lock_cursor(name)
    first = Event.objects.filter(pk__gte=from_id).order_by("tx", "id").first() if from_id > 0 else None
    move_cursor(cursor, tx=first.tx if first else 0, event_id=first.pk - 1 if first else 0)


def lag_behind(name: str) -> Lag:
    """Facts after the cursor of this follower and how long the first of them has waited."""
    cursor = FollowerCursor.objects.filter(name=name).first()
    behind = visible_after(cursor.tx if cursor else 0, cursor.event_id if cursor else 0)
    oldest = behind.first()
    return Lag(behind.count(), timezone.now() - oldest.recorded_at if oldest else None)


def parked_events(name: str | None = None) -> Iterable[ParkedEvent]:
    """Facts set aside, of one follower or of all, oldest first."""
    parked = ParkedEvent.objects.select_related("event")
    return parked.filter(follower=name) if name else parked


def retry_parked(parked: ParkedEvent) -> bool:
    """Handle a parked fact once more; True where it went through."""
    follower = follower_named(parked.follower)
    return isinstance(follower, EventFollower) and follower.retry(parked)
