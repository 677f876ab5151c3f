"""What reach asks of people: things to send by hand, deliveries nobody is sure of, sendings to release."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qunying.do.reach.models import Delivery, Sending
from qunying.do.reach.queries import sendings_for, tasks_for
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.access.models import Staff

NAME = "reach"
_MOST = 200


def reach_todos(staff: Staff, today: date) -> Iterator[TodoItem]:
    """What this person may do about sendings as of a local day: late and due first, as Today orders it."""
    yield from _by_hand(staff)
    yield from _unknown(staff, today)
    yield from _to_release(staff)


def _by_hand(staff: Staff) -> Iterator[TodoItem]:
    """One line for each sending (or kind of other origin), day and owner; no line for each of a hundred people."""
    lines: dict[tuple[object, ...], list[str]] = {}
    first: dict[tuple[object, ...], TodoItem] = {}
    for task in tasks_for(staff)[:_MOST]:
        one = task.delivery
        due = task.due_at.astimezone(ZoneInfo(one.community.timezone)).date()
        title = one.sending.title if one.sending else one.words.split("\n", 1)[0][:40]
        key: tuple[object, ...] = (one.sending_id or one.origin, title, due, task.owner_id)
        lines.setdefault(key, []).append(one.group.name if one.group else str(one.identity and one.identity.member))
        first.setdefault(
            key,
            TodoItem(
                title=title,
                kind=NAME,
                due=due,
                page="hand_tasks",
                priority=1,
                community=one.community.name,
                owner=task.owner_id,
                owner_name=task.owner.name if task.owner else "",
            ),
        )
    for line, item in first.items():
        yield _told(item, lines[line])


def _told(item: TodoItem, places: list[str]) -> TodoItem:
    many = len(places)
    where = _("%(first)s and %(more)d more") % {"first": places[0], "more": many - 1} if many > 1 else places[0]
    title = _("Send by hand: %(title)s") % {"title": item.title}
    return TodoItem(
        title=title,
        kind=item.kind,
        why=where,
        due=item.due,
        page=item.page,
        priority=item.priority,
        community=item.community,
        owner=item.owner,
        owner_name=item.owner_name,
    )


def _unknown(staff: Staff, today: date) -> Iterator[TodoItem]:
    asked = Delivery.objects.filter(
        state=Delivery.State.UNKNOWN, sending__isnull=False, community__unit__in=units_for(staff, Permission.SEND)
    )
    rows = asked.order_by().values("sending", "sending__title", "community__name").annotate(number=Count("pk"))
    for row in rows:
        number = row["number"]
        words = ngettext(
            "Look whether it arrived: %(title)s (%(number)d)",
            "Look whether they arrived: %(title)s (%(number)d)",
            number,
        )
        yield TodoItem(
            title=words % {"title": row["sending__title"], "number": number},
            kind=NAME,
            why=_("The platform gave no answer. It is not sent again before somebody has looked."),
            due=today,
            page="sending",
            args={"pk": row["sending"]},
            priority=1,
            community=row["community__name"],
        )


def _to_release(staff: Staff) -> Iterator[TodoItem]:
    waiting = sendings_for(staff, Permission.REVIEW_SECOND).filter(state=Sending.State.CHECKED)
    for sending in waiting.exclude(author=staff).order_by("pk")[:_MOST]:
        zone = ZoneInfo(sending.community.timezone)
        yield TodoItem(
            title=_("Release: %(title)s") % {"title": sending.title},
            kind=NAME,
            why=_("Written by %(name)s") % {"name": sending.author.name},
            due=sending.due_at.astimezone(zone).date() if sending.due_at else None,
            page="sending",
            args={"pk": sending.pk},
            priority=1,
            community=sending.community.name,
        )


def register() -> None:
    """Have them stand on Today."""
    register_source(NAME, label=gettext_lazy("Sendings"), items=reach_todos)
