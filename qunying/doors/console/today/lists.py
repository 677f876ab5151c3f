"""The to-dos of a page: whose they are, in the stretches overdue, today, coming, and what was ticked off today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.doors.console.zones import zone_of
from qunying.plan.schedule.queries import done_since, work_for
from qunying.plan.schedule.todo import todos_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qunying.ground.access.models import Staff
    from qunying.plan.schedule.todo import TodoItem

MINE, TEAM = "mine", "team"
TABS = (MINE, TEAM)
_DONE_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One to-do as the page shows it: where it leads, and how late it is in words."""

    item: TodoItem
    address: str
    when: str
    late: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Overdue, today, coming or without a day."""

    name: str
    title: str
    lines: list[Line]


def todo_context(staff: Staff, tab: str) -> dict[str, Any]:
    """What the list of to-dos is drawn from."""
    zone = zone_of(staff)
    day = timezone.localdate(timezone=zone)
    tab = tab if tab in TABS else MINE
    todos = todos_for(staff, day)
    mine = [item for item in todos.items if item.owner == staff.pk]
    team = [item for item in todos.items if item.owner != staff.pk]
    midnight = datetime.combine(day, time(), zone)
    done = done_since(work_for(staff), midnight)
    done = done.filter(done_by=staff) if tab == MINE else done.exclude(done_by=staff)
    return {
        "tab": tab,
        "tabs": [(MINE, _("Mine"), len(mine)), (TEAM, _("The team's"), len(team))],
        "team_waits": len(team),
        "team_url": f"{reverse('today')}?tab={TEAM}" if team and tab == MINE else "",
        "stretches": stretches(mine if tab == MINE else team, day),
        "done": list(done[:_DONE_SHOWN]),
        "silent": todos.silent,
        "day": day,
        "zone": zone,
    }


def stretches(items: Sequence[TodoItem], day: date) -> list[Stretch]:
    """The items by when they are due, in their order; stretches without any are left out."""
    found = [
        Stretch("overdue", _("Overdue"), [_line(item, day) for item in items if item.due and item.due < day]),
        Stretch("today", _("Due today"), [_line(item, day) for item in items if item.due == day]),
        Stretch("coming", _("Coming"), [_line(item, day) for item in items if item.due and item.due > day]),
        Stretch("someday", _("Without a day"), [_line(item, day) for item in items if item.due is None]),
    ]
    return [stretch for stretch in found if stretch.lines]


def _line(item: TodoItem, day: date) -> Line:
    late = item.due is not None and item.due < day
    return Line(item, _address(item), _when(item.due, day), late)


def _address(item: TodoItem) -> str:
    if item.work is not None:
        return reverse("work", args=[item.work])
    try:
        return reverse(item.page, kwargs=item.args) if item.page else ""
    except NoReverseMatch:
        return ""


def _when(due: date | None, day: date) -> str:
    if due is None or due == day:
        return ""
    if due == day + timedelta(days=1):
        return _("tomorrow")
    days = abs((due - day).days)
    if due < day:
        return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return _("in %(days)s days") % {"days": days}
