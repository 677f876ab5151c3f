"""The port for calling to mind, on the platform itself, what somebody has to confirm there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.outcomes import Laid

    Nudge = Callable[[Account, Laid], None]
    """Takes seconds, is never called in a transaction, raises as a connector's `perform` does."""

_nudges: dict[str, Nudge] = {}


def register_nudge(platform: str, nudge: Nudge) -> None:
    """Have the platform remind people by this."""
    _nudges[platform] = nudge


def nudge_of(platform: str) -> Nudge | None:
    """What reminds people there; None where the platform offers nothing for it."""
    return _nudges.get(platform)


def nudging_platforms() -> list[str]:
    """The short names of the platforms that remind."""
    return sorted(_nudges)
