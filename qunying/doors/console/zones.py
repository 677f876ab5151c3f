"""The time zone of pages that belong to no single community."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qunying.ground.groups.queries import communities_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

_HOME = ZoneInfo("Asia/Shanghai")


def zone_of(staff: Staff) -> ZoneInfo:
    """The zone of the oldest community this person sees; Shanghai's where there is none."""
    name = communities_for(staff).order_by("pk").values_list("timezone", flat=True).first()
    return ZoneInfo(name) if name else _HOME


def zone_among(communities: Sequence[Community]) -> ZoneInfo:
    """The zone of the first of these; Shanghai's where there is none."""
    return ZoneInfo(communities[0].timezone) if communities else _HOME
