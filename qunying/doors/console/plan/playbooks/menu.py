"""Where playbooks stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry("playbooks", _("Playbooks"), "route", Section.PLAN, Permission.SEE_PLAN, url="playbooks", order=10)
)
register_entry(
    MenuEntry(
        "community_playbooks",
        _("Applied playbooks"),
        "list-check",
        Section.PLAN,
        Permission.SEE_PLAN,
        community_url="community_playbooks",
        order=15,
    )
)
