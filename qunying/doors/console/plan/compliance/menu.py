"""Where these pages stand in the menu."""

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

register_entry(
    MenuEntry(
        "word_lists", _("Word lists"), "shield-check", Section.PLAN, Permission.SEE_PLAN, url="word_lists", order=45
    )
)
