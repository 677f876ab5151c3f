"""Where these pages stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "privacy", _("Data requests"), "shield-lock", Section.SYSTEM, Permission.PRIVACY, "privacy_requests", order=70
    )
)
register_entry(
    MenuEntry("keeping", _("Kept how long"), "hourglass", Section.SYSTEM, Permission.PRIVACY, "keeping", order=71)
)
