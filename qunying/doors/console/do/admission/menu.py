"""Where these pages stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "applicants",
        _("People who ask to join"),
        "user-plus",
        Section.DO,
        Permission.EDIT_MEMBERS,
        url="applicants",
        order=28,
    )
)
