"""The one loop that moves every follower and seals the audit, in one process at a time."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import OperationalError, close_old_connections

from qunying.ground.events.followers import followers
from qunying.ground.events.leases import hold_lease, new_holder, release_lease

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event as Flag

LEASE = "followers"
POLL_SECONDS = 0.5
CHORE_SECONDS = 1.0

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Chore:
    """Something to do again and again in the process that holds the lease."""

    work: Callable[[], object]
    every: float
    due: float = 0.0

    def run_if_due(self) -> None:
        """Do it where its time has come; a failure is logged and does not stop the loop."""
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + self.every
        try:
            self.work()
        except Exception:  # noqa: BLE001 - whatever failed is in the log, and the loop goes on
            _log.exception("a chore of the follower loop failed")


_chores: dict[Callable[[], object], float] = {}


def register_chore(work: Callable[[], object], *, every: float = CHORE_SECONDS) -> None:
    """Have `work` run about every so many seconds in the process that holds the lease."""
    _chores[work] = every


def run_loop(stop: Flag) -> None:
    """Move the followers until `stop` is set; waits its turn while another process holds the lease."""
    holder = new_holder()
    chores = [Chore(work, every) for work, every in _chores.items()]
    try:
        while not stop.is_set():
            if not _turn(holder):
                stop.wait(POLL_SECONDS * 4)
                continue
            for chore in chores:
                chore.run_if_due()
            if not move_all():
                stop.wait(POLL_SECONDS)
    finally:
        release_lease(LEASE, holder=holder)


def _turn(holder: str) -> bool:
    close_old_connections()
    try:
        return hold_lease(LEASE, holder=holder)
    except OperationalError:
        _log.warning("the database did not answer the follower loop; trying again", exc_info=True)
        return False


def move_all() -> int:
    """Let every follower take one batch; how many facts they moved past together."""
    return sum(_advance(follower.advance) for follower in followers())


def _advance(advance: Callable[[], int]) -> int:
    try:
        return advance()
    except Exception:  # noqa: BLE001 - as above
        _log.exception("a follower failed; the others go on")
        return 0
