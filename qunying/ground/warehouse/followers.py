"""The follower that carries facts into the lake."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from qunying.ground.events.followers import Lag, register
from qunying.ground.warehouse.queries import waiting
from qunying.kit.errors import QunyingError

_ENOUGH = 5_000
_LONG = timedelta(seconds=4)


class LakeFollower:
    """Moves facts when enough have gathered or one has waited long: figures read the rest from the log."""

    name = "warehouse"

    def advance(self) -> int:
        """Move a batch if it is worth a file; how many facts went in."""
        from qunying.ground.warehouse.services import move_batch

        lag = waiting()
        if lag.waiting < _ENOUGH and (lag.oldest is None or lag.oldest < _LONG):
            return 0
        return move_batch()

    def lag(self) -> Lag:
        """Facts not yet in the lake."""
        return waiting()

    def replay(self, *, from_id: int = 0) -> None:
        """Build the lake anew; it can only begin at the beginning."""
        if from_id > 1:
            raise QunyingError(_("The warehouse is built anew from the first fact only. Leave out --from."))
        build_anew()


def build_anew() -> None:
    """Have the lake built from the log again; it begins empty, and figures read the log until it is full."""
    from qunying.ground.warehouse.services import rebuild_lake

    rebuild_lake()


def register_follower() -> None:
    """Have the follower loop run it."""
    register(LakeFollower())
