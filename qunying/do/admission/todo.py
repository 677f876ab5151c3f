"""People who wait before a group, on Today: one line for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext_lazy, ngettext

from qunying.do.admission.queries import waiting_for
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.access.models import Staff

NAME = "admission"


def admission_todos(staff: Staff, today: date) -> Iterator[TodoItem]:
    """What this person may answer; whoever waits, waits now."""
    rows = waiting_for(staff).select_related(None).order_by("group__name", "group")
    for row in rows.values("group__name", "group__community__name").annotate(number=Count("pk")):
        number = row["number"]
        words = ngettext(
            "%(number)d person asks to join: %(group)s", "%(number)d people ask to join: %(group)s", number
        )
        yield TodoItem(
            title=words % {"number": number, "group": row["group__name"]},
            kind=NAME,
            due=today,
            page="applicants",
            priority=1,
            community=row["group__community__name"],
        )


def register() -> None:
    """Have them stand on Today."""
    register_source(NAME, label=gettext_lazy("People who ask to join"), items=admission_todos)
