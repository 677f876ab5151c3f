"""The time zone of pages that belong to no single community."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qunying.ground.groups.queries import communities_for

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

_HOME = "Asia/Shanghai"


def zone_of(staff: Staff) -> ZoneInfo:
    """The zone of the oldest community this person sees; Shanghai's where there is none."""
    name = communities_for(staff).order_by("pk").values_list("timezone", flat=True).first()
    return ZoneInfo(name or _HOME)
