"""Where suggestions stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "suggestions",
        _("Suggestions"),
        "bulb",
        Section.ACT,
        Permission.SEE_FIGURES,
        url="suggestions",
        community_url="community_suggestions",
        order=10,
    )
)
