"""The words and signs that pages of the library use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import SOON, ends_on

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise

ICONS = {
    Material.Kind.PICTURE: "photo",
    Material.Kind.VIDEO: "video",
    Material.Kind.AUDIO: "music",
    Material.Kind.DOCUMENT: "file-text",
    Material.Kind.LINK: "link",
    Material.Kind.CARD: "device-mobile",
    Material.Kind.TEXT: "note",
}
GOOD, UNSAID, SOON_OVER, EARLY, OVER, AWAY = "good", "unsaid", "soon", "early", "over", "away"
STATES: dict[str, tuple[_StrPromise, str, str]] = {
    GOOD: (pgettext_lazy("material", "Ready"), "status-good", "circle-check"),
    UNSAID: (pgettext_lazy("material", "No right said"), "status-bad", "alert-circle"),
    SOON_OVER: (pgettext_lazy("material", "Ends soon"), "status-fair", "clock"),
    EARLY: (pgettext_lazy("material", "Not yet"), "status-open", "hourglass"),
    OVER: (pgettext_lazy("material", "Over"), "status-bad", "alert-circle"),
    AWAY: (pgettext_lazy("material", "Put away"), "status-open", "archive"),
}
"""State → (words, style, icon)."""


def state_of(material: Material, today: date) -> str:
    """How a material stands on this local day: the gravest of what can be said."""
    last = ends_on(material)
    if material.archived_at is not None:
        return AWAY
    if last is not None and last < today:
        return OVER
    if not material.licence:
        return UNSAID
    if material.valid_from is not None and material.valid_from > today:
        return EARLY
    return SOON_OVER if last is not None and last <= today + SOON else GOOD
