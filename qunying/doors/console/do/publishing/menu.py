"""Where publications stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "publications",
        _("Publications"),
        "speakerphone",
        Section.DO,
        Permission.SEE_PLAN,
        community_url="publications",
        order=15,
    )
)
