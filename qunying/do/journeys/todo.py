"""What journeys ask of people: those that wait for somebody else to release them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.journeys.queries import waiting_for
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.access.models import Staff

NAME = "journeys"
_MOST = 200


def journey_todos(staff: Staff, _today: date) -> Iterator[TodoItem]:
    """Journeys that this person may release and somebody else wrote, the oldest first."""
    for version in waiting_for(staff)[:_MOST]:
        journey = version.journey
        author = version.author.name if version.author else ""
        yield TodoItem(
            title=_("Release the journey: %(name)s") % {"name": journey.name},
            kind=NAME,
            why=_("Written by %(name)s") % {"name": author} if author else "",
            page="journey",
            args={"pk": journey.pk},
            priority=1,
            community=journey.community.name,
        )


def register() -> None:
    """Have them stand on Today."""
    register_source(NAME, label=gettext_lazy("Journeys"), items=journey_todos)
