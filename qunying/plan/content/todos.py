"""What content wants done: reviews, drafts, what was sent back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.plan.content.models import Entry, Review, Submission, Version
from qunying.plan.content.queries import entries_for
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.access.models import Staff

NAME = "content"
AHEAD = timedelta(weeks=1)
"""Topics are planned weeks ahead; they are called for when they are due within one."""
_MOST = 200
_WRITTEN = (Entry.State.DRAFT, Entry.State.SENT_BACK)


def register_todos() -> None:
    """Have reviews and drafts stand in everyone's list."""
    register_source(NAME, label=gettext_lazy("Content"), items=content_todos)


def content_todos(staff: Staff, today: date) -> Iterator[TodoItem]:
    """Reviews this person may give, what was sent back to them, and what is to be written within a week.

    What belongs to nobody is everyone's who writes there; a colleague's own stands under their name.
    """
    yield from _reviews(staff)
    yield from _writing(staff, today)
    yield from _sent_in(staff, today)


def _reviews(staff: Staff) -> Iterator[TodoItem]:
    first = Q(state=Entry.State.FIRST, community__unit__in=units_for(staff, Permission.REVIEW_FIRST))
    second = Q(state=Entry.State.SECOND, community__unit__in=units_for(staff, Permission.REVIEW_SECOND))
    written = Version.objects.filter(author=staff)
    passed = Review.objects.filter(by=staff, verdict=Review.Verdict.PASSED)
    waiting = (
        Entry.objects.filter(first | second)
        .exclude(versions__in=written)
        .select_related("community", "owner")
        .prefetch_related(Prefetch("versions", Version.objects.filter(reviews__in=passed), to_attr="passed_by_me"))
        .order_by("due", "pk")
    )
    for entry in waiting[:_MOST]:
        if any(version.number == entry.version for version in entry.passed_by_me):
            continue
        yield _item(entry, _which_review(entry), owner=None, priority=1)


def _sent_in(staff: Staff, today: date) -> Iterator[TodoItem]:
    """One line for each community in which something that members sent in waits."""
    units = units_for(staff, Permission.WRITE_CONTENT)
    waiting = Submission.objects.filter(community__unit__in=units, state=Submission.State.WAITING)
    rows = waiting.order_by("community").values_list("community__slug", "community__name").annotate(n=Count("pk"))
    for slug, name, count in rows[:_MOST]:
        words = ngettext("Answer %(n)d thing a member sent in", "Answer %(n)d things members sent in", count)
        yield TodoItem(
            title=words % {"n": count},
            kind=NAME,
            why=_("Sent in by members"),
            due=today,
            page="submissions",
            args={"slug": slug},
            priority=2,
            community=name,
        )


def _which_review(entry: Entry) -> str:
    if entry.state == Entry.State.FIRST:
        return _("Give “%(entry)s” its first review")
    return _("Give “%(entry)s” its second review")


def _writing(staff: Staff, today: date) -> Iterator[TodoItem]:
    soon = Q(state__in=_WRITTEN) | Q(state=Entry.State.TOPIC, due__lte=today + AHEAD)
    mine = Q(owner=staff) | Q(owner__isnull=True)
    entries = entries_for(staff, Permission.WRITE_CONTENT).filter(soon & mine).order_by("due", "pk")
    for entry in entries[:_MOST]:
        yield _item(entry, _what_to_write(entry), owner=entry.owner_id, priority=_priority(entry))


def _what_to_write(entry: Entry) -> str:
    if entry.state == Entry.State.SENT_BACK:
        return _("Put “%(entry)s” right: it was sent back")
    return _("Finish “%(entry)s” and hand it in") if entry.state == Entry.State.DRAFT else _("Write “%(entry)s”")


def _priority(entry: Entry) -> int:
    return 1 if entry.state == Entry.State.SENT_BACK else 2


def _item(entry: Entry, words: str, *, owner: int | None, priority: int) -> TodoItem:
    return TodoItem(
        title=words % {"entry": entry.title},
        kind=NAME,
        why=_("Content plan"),
        due=entry.due,
        page="entry",
        args={"slug": entry.community.slug, "pk": entry.pk},
        priority=priority,
        community=entry.community.name,
        owner=owner,
        owner_name=entry.owner.name if entry.owner and owner else "",
    )
