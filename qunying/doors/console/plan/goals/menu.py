"""Where goals stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry("goals", _("Goals"), "target", Section.PLAN, Permission.SEE_PLAN, community_url="goals", order=20)
)
