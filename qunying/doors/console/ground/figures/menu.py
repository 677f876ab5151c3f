"""Where these pages stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.ground.figures.scope import WHERE_AND_WHEN
from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission

_LINES = (
    ("overview", _("Overview"), "layout-dashboard", Section.TODAY, 10),
    ("activity", _("Activity"), "activity", Section.CHECK, 10),
    ("retention", _("Retention"), "stairs", Section.CHECK, 11),
    ("funnel", _("Funnel"), "chart-funnel", Section.CHECK, 12),
    ("lifecycle", _("Life cycle"), "rotate", Section.CHECK, 13),
    ("orders", _("Orders"), "basket", Section.CHECK, 14),
)

for name, label, icon, section, order in _LINES:
    register_entry(
        MenuEntry(
            name,
            label,
            icon,
            section,
            Permission.SEE_FIGURES,
            url=name,
            community_url=f"community_{name}",
            order=order,
            keeps=WHERE_AND_WHEN,
        )
    )
