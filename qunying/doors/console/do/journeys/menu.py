"""Where journeys stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "journeys",
        _("Journeys"),
        "walk",
        Section.DO,
        Permission.SEE_PLAN,
        url="journeys",
        community_url="community_journeys",
        order=30,
    )
)
