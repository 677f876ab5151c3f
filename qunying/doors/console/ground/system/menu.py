"""Where these pages stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(MenuEntry("jobs", _("Jobs"), "list-check", Section.SYSTEM, None, "jobs", order=80))
register_entry(
    MenuEntry("followers", _("Followers"), "server-cog", Section.SYSTEM, Permission.RUN_SYSTEM, "followers", order=81)
)
register_entry(MenuEntry("audit", _("Audit"), "history", Section.SYSTEM, Permission.SEE_AUDIT, "audit", order=82))
