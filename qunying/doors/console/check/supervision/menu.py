"""Where supervision stands in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "supervision",
        _("Supervision"),
        "hierarchy-2",
        Section.CHECK,
        Permission.SEE_PLAN,
        url="supervision",
        order=28,
        keeps=("period", "from", "to"),
    )
)
