"""Where the library stands in the menu."""

from django.utils.translation import pgettext_lazy

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "materials",
        pgettext_lazy("menu", "Materials"),
        "photo",
        Section.PLAN,
        Permission.SEE_PLAN,
        community_url="materials",
        order=26,
    )
)
