"""Where sendings stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "sendings",
        _("Sendings"),
        "send",
        Section.DO,
        Permission.SEE_PLAN,
        url="sendings",
        community_url="community_sendings",
        order=20,
    )
)
register_entry(
    MenuEntry("hand_tasks", _("To send by hand"), "checklist", Section.DO, Permission.SEND, url="hand_tasks", order=25)
)
