"""Where these pages stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry("platforms", _("Platforms"), "world", Section.SYSTEM, Permission.CONNECT, "platforms", order=62)
)
