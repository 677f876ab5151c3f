"""Today is the first line of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry

register_entry(MenuEntry("today", _("To do today"), "sun", Section.TODAY, url="today", order=1))
