"""Where the report stands in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "reports",
        _("Reports"),
        "report-analytics",
        Section.CHECK,
        Permission.SEE_FIGURES,
        url="reports",
        community_url="report",
        order=30,
    )
)
