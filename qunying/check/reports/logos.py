"""Whose logo a unit bears. What draws pictures is in `logo`; this loads without it."""

from __future__ import annotations

from base64 import b64encode

from qunying.check.reports.models import UnitLogo
from qunying.ground.units.models import Unit

MOST_BYTES = 2_000_000
"""So large a picture may be when it comes in; it is kept far smaller."""


def logo_of(unit: int) -> UnitLogo | None:
    """The logo this unit (id) bears: its own, or that of the nearest unit above it. Two queries."""
    path = Unit.objects.values_list("path", flat=True).get(pk=unit)
    line = [int(part) for part in path.split("/") if part]
    return UnitLogo.objects.filter(unit__in=line).select_related("unit").order_by("-unit__path").first()


def picture_address(png: bytes) -> str:
    """A PNG as the address of an HTML picture: the file itself, in it."""
    return f"data:image/png;base64,{b64encode(png).decode()}"
