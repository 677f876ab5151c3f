"""Where these pages stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "communities", _("Communities"), "users-group", Section.GROUND, Permission.SEE_FIGURES, "communities", order=10
    )
)
register_entry(
    MenuEntry(
        "groups",
        _("Groups"),
        "messages",
        Section.GROUND,
        Permission.SEE_FIGURES,
        community_url="groups",
        order=11,
    )
)
