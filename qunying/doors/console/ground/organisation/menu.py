"""Where these pages stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(MenuEntry("units", _("Units"), "sitemap", Section.TEAM, Permission.SEE_FIGURES, "units", order=60))
register_entry(MenuEntry("staff", _("Staff"), "id", Section.TEAM, Permission.EDIT_STAFF, "staff", order=61))
register_entry(MenuEntry("roles", _("Roles"), "key", Section.TEAM, Permission.SEE_FIGURES, "roles", order=62))
register_entry(MenuEntry("keys", _("API keys"), "api", Section.SYSTEM, Permission.EDIT_KEYS, "keys", order=63))
