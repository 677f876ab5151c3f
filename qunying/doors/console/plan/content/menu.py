"""Where content stands in the menu."""

from django.utils.translation import pgettext_lazy

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "content",
        pgettext_lazy("menu", "Content"),
        "note",
        Section.PLAN,
        Permission.SEE_PLAN,
        community_url="content",
        order=25,
    )
)
