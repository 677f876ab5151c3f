"""How publications look by their state."""

from __future__ import annotations

from qunying.do.publishing.models import Publication

LOOKS: dict[str, tuple[str, str]] = {
    Publication.State.GOING: ("status-fair", "clock"),
    Publication.State.DONE: ("status-good", "circle-check"),
    Publication.State.HELD: ("status-bad", "alert-triangle"),
    Publication.State.CANCELLED: ("status-open", "x"),
}
"""State → (style, icon)."""
