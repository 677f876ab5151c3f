"""Reminders of what is to be sent by hand: one before its time and one after, by day, each person in one mail."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_q.tasks import async_task

from qunying.do.reach.guards import quiet_until
from qunying.do.reach.measures import measures_of
from qunying.do.reach.models import Absence, HandTask, Reminder
from qunying.do.reach.queries import open_tasks, senders_in
from qunying.do.reach.rules import may_carry
from qunying.ground.access.models import Staff
from qunying.ground.platforms.bulletins import notify
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qunying.do.reach.models import Measure
    from qunying.ground.groups.models import Community

BEFORE = AFTER = timedelta(minutes=30)
"""So long before its time, and so long after it, somebody is reminded."""
_LOOKS_AHEAD = timedelta(hours=13)
_GIVES_UP = timedelta(days=1)
"""What is later than this stands on Today and is mailed no more."""
_MOST = 500


def remind_of_tasks() -> int:
    """Note who is to be reminded of what by now, and have workers mail it; how many notes were new.

    A note is made once for each task, person and side of the time, whatever crashes. In the quiet hours of the
    community nobody is written to.
    """
    now = timezone.now()
    near = open_tasks().filter(due_at__gt=now - _GIVES_UP, due_at__lte=now + _LOOKS_AHEAD)
    tasks = list(near.prefetch_related("reminders")[:_MOST])
    measures = measures_of({task.delivery.community_id: task.delivery.community for task in tasks}.values())
    wanted = [
        note
        for task in tasks
        if (late := _side(task, measures[task.delivery.community_id], now)) is not None
        for note in _notes(task, late=late, now=now)
    ]
    if wanted:
        with transaction.atomic():
            Reminder.objects.bulk_create(wanted, ignore_conflicts=True)
            _tell_teams(wanted)
    waiting = Reminder.objects.filter(taken_at=None).order_by().values_list("staff", flat=True).distinct()
    for staff in sorted(waiting):
        async_task("qunying.do.reach.tasks.mail_reminders", staff, cluster="fast")
    return len(wanted)


def _tell_teams(notes: Sequence[Reminder]) -> None:
    """One notice for each community: how much is due soon, and how much is late."""
    tasks = {(note.task_id, note.late): note.task for note in notes}
    for community in {task.delivery.community for task in tasks.values()}:
        here = [late for (_pk, late), task in tasks.items() if task.delivery.community_id == community.pk]
        soon, late = here.count(False), here.count(True)
        notify(community.unit, partial(_of_team, community, soon, late))


def _of_team(community: Community, soon: int, late: int) -> str:
    told = {"community": community.name, "soon": soon, "late": late}
    return _("To send by hand in %(community)s: %(soon)d soon, %(late)d late.") % told


def _side(task: HandTask, measure: Measure, now: datetime) -> bool | None:
    """Whether it is time to remind of it as late (True) or as coming (False); None where it is no time at all."""
    zone = ZoneInfo(task.delivery.community.timezone)
    if quiet_until(measure, now, zone) is not None:
        return None
    if now >= task.due_at + AFTER:
        return True
    return False if remind_at(measure, task.due_at, zone) <= now < task.due_at else None


def remind_at(measure: Measure, due: datetime, zone: ZoneInfo) -> datetime:
    """When to remind before this time: half an hour ahead, and where that is night, before that night began."""
    at = (due - BEFORE).astimezone(zone)
    if quiet_until(measure, at, zone) is None:
        return at
    evening = at.replace(hour=measure.quiet_from, minute=0, second=0, microsecond=0)
    return (evening if evening <= at else evening - timedelta(days=1)) - BEFORE


def _notes(task: HandTask, *, late: bool, now: datetime) -> list[Reminder]:
    """A note for its owner, or without one for everybody who may do it and is here; none that is there already."""
    known = {note.staff_id for note in task.reminders.all() if note.late is late}
    people = [task.owner] if task.owner is not None else _team(task.delivery.community, now) if not known else []
    return [Reminder(task=task, staff=one, late=late, made_at=now) for one in people if one.pk not in known]


def _team(community: Community, now: datetime) -> list[Staff]:
    away = Absence.objects.filter(ended_at=None, begins_at__lte=now, ends_at__gt=now).values("staff")
    return [one for one in senders_in(community).exclude(pk__in=away) if may_carry(one, community)]


def mail_reminders(staff_id: int) -> int:
    """Mail one person what they are to be reminded of, in one mail; of how many. Whoever has no address sees Today."""
    taken = _take(staff_id)
    person = Staff.objects.filter(pk=staff_id, is_active=True).first()
    now = timezone.now()
    late = {note.task_id for note in taken if note.late}
    about = open_tasks().filter(pk__in=[note.task_id for note in taken])
    theirs = [task for task in about if task.owner_id in {None, staff_id} and (task.pk in late) is (task.due_at <= now)]
    if person is None or not person.email or not theirs:
        return 0
    with translation.override(person.language):
        count = len(theirs)
        subject = ngettext("Qunying: %(count)d to send by hand", "Qunying: %(count)d to send by hand", count)
        EmailMessage(subject % {"count": count}, _words(theirs, now), to=[person.email]).send()
    return len(theirs)


@transaction.atomic
def _take(staff_id: int) -> list[Reminder]:
    """Take the notes before mailing them, so that no second process mails them, too."""
    free = Reminder.objects.select_for_update(of=("self",), skip_locked=True).filter(staff=staff_id, taken_at=None)
    taken = list(free)
    Reminder.objects.filter(pk__in=[note.pk for note in taken]).update(taken_at=timezone.now())
    return taken


def _words(tasks: Sequence[HandTask], now: datetime) -> str:
    """A line for each; of single people no name, for mails go through other hands."""
    lines = [_line(task, late=task.due_at <= now) for task in tasks]
    parts = [_("Please send this by hand, then say there that it is done:"), "\n".join(lines)]
    if settings.PUBLIC_URL:
        parts.append(settings.PUBLIC_URL.rstrip("/") + reverse("hand_tasks"))
    return "\n\n".join(parts) + "\n"


def _line(task: HandTask, *, late: bool) -> str:
    one = task.delivery
    when = formats.moment(task.due_at.astimezone(ZoneInfo(one.community.timezone)))
    told = {
        "when": when,
        "community": one.community.name,
        "to": one.group.name if one.group else _("one person"),
        "title": one.sending.title if one.sending else "",
    }
    words = _("Late, was due %(when)s: %(community)s, %(to)s") if late else _("Due %(when)s: %(community)s, %(to)s")
    return f"- {words % told} {told['title']}".rstrip()
