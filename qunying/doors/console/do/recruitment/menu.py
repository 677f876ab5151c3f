"""Where channels stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "channels",
        _("Channels"),
        "arrows-split",
        Section.DO,
        Permission.SEE_FIGURES,
        community_url="channels",
        order=10,
    )
)
