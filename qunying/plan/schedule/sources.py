"""Work as a source of to-dos: the first one."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.plan.schedule.queries import still_open, unit_of, work_for
from qunying.plan.schedule.todo import TodoItem, origin_page, register_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from qunying.ground.access.models import Staff
    from qunying.plan.schedule.models import WorkItem

NAME = "work"
PLANNED = "playbooks"
AHEAD = timedelta(weeks=4)
"""A plan holds the work of a year or more; nobody wants to read that every morning."""
LATE_PLAN = timedelta(weeks=1)
"""A plan is often applied some days after it began; what was due by then is still to be done."""
MOST = 200
"""A list longer than this is not read; the earliest come first."""


def register_work() -> None:
    """Have work stand in everyone's list."""
    register_source(NAME, label=_("Work"), items=work_todos)


def work_todos(staff: Staff, today: date) -> Iterator[TodoItem]:
    """Open work of this person and of their units, whatever day it is due; of playbooks what is due in four weeks.

    A plan applied for days long over, to look back on them, calls nobody late for what was over when it was made.
    What comes round again is one line for what is due, with how many times before were missed, and one for the next.
    """
    handing = set(units_for(staff, Permission.WORK).values_list("pk", flat=True))
    works = still_open(work_for(staff)).exclude(origin_app=PLANNED, due__gt=today + AHEAD)
    found = islice((work for work in works if not _over_when_made(work, today)), MOST)
    for work, missed in one_each(found, today):
        yield _line(work, staff, handing, missed)


def one_each(works: Iterable[WorkItem], today: date) -> list[tuple[WorkItem, int]]:
    """Of what comes round again the last time due by `today` with the number of those before it, and the next one.

    `works` are in the order of their due days; what is done once is given as it is.
    """
    due: dict[tuple[object, ...], tuple[WorkItem, int]] = {}
    coming: dict[tuple[object, ...], tuple[WorkItem, int]] = {}
    for work in works:
        series = (work.key, work.community_id, work.unit_id, work.owner_id) if work.key else (work.pk,)
        if work.due > today:
            coming.setdefault(series, (work, 0))
        else:
            due[series] = (work, due[series][1] + 1 if series in due else 0)
    return [*due.values(), *coming.values()]


def _over_when_made(work: WorkItem, today: date) -> bool:
    return work.origin_app == PLANNED and work.due < min(work.created_at.date() - LATE_PLAN, today)


def _line(work: WorkItem, staff: Staff, handing: Collection[int], missed: int) -> TodoItem:
    return TodoItem(
        title=work.name,
        kind=NAME,
        why=work.how or work.origin_words,
        due=work.due,
        page=origin_page(work.origin_app),
        args={"pk": work.origin_id},
        priority=work.priority,
        community=work.community.name if work.community else unit_of(work).name,
        owner=work.owner_id,
        owner_name=work.owner.name if work.owner else "",
        work=work.pk,
        may_finish=work.owner_id == staff.pk or unit_of(work).pk in handing,
        missed=missed,
    )
