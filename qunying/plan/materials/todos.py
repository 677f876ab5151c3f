"""What the library wants done: materials that may soon be used no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import ending, ends_on
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.access.models import Staff

NAME = "materials"
_MOST = 100


def register_todos() -> None:
    """Have what ends stand in the list of everyone who writes content there."""
    register_source(NAME, label=gettext_lazy("Materials"), items=material_todos)


def material_todos(staff: Staff, today: date) -> Iterator[TodoItem]:
    """One line for each material whose last day comes within two weeks: renew it, or put it away.

    What is a unit's stands under one of its communities, for it has no page of its own.
    """
    communities = {one.unit_id: one for one in communities_for(staff, Permission.WRITE_CONTENT).order_by("-pk")}
    found = Material.objects.filter(unit__in=communities).select_related("community", "unit")
    for one in ending(found, today=today).order_by("valid_until", "licence_until", "pk")[:_MOST]:
        community, last = one.community or communities[one.unit_id], ends_on(one)
        yield TodoItem(
            title=_("Renew “%(material)s” or put it away") % {"material": one.name},
            kind=NAME,
            why=_("It may be used until %(day)s.") % {"day": last.isoformat() if last else "–"},
            due=last,
            page="material",
            args={"slug": community.slug, "pk": one.pk},
            priority=2,
            community=community.name,
        )
