"""Where the page stands in the menu, and what of it stands on Today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.doors.console.menu import MenuEntry, Section, register_entry
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_everywhere
from qunying.ground.patrol.checks import result_from
from qunying.ground.patrol.queries import open_faults
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.access.models import Staff

register_entry(
    MenuEntry("health", _("Health"), "shield-check", Section.SYSTEM, Permission.RUN_SYSTEM, "health", order=79)
)


def fault_todos(staff: Staff, _today: date) -> Iterator[TodoItem]:
    """Faults that stand, for whoever looks after the whole installation."""
    if not may_everywhere(staff, Permission.RUN_SYSTEM):
        return
    for fault in open_faults()[:20]:
        result = result_from({"check": fault.check_name, "state": fault.state, "values": fault.values})
        yield TodoItem(
            title=f"{result.label}: {result.words}",
            kind="health",
            why=result.remedy,
            page="health",
            priority=1 if result.state == "bad" else 2,
        )


register_source("health", label=_("Health"), items=fault_todos)
