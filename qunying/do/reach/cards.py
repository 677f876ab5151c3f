"""What is to be sent by hand today, on the phones of those who want it there; a press says that it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from qunying.do.reach.guards import quiet_until
from qunying.do.reach.measures import measures_of
from qunying.do.reach.models import Delivery
from qunying.do.reach.queries import get_task_for, open_tasks
from qunying.do.reach.rules import may_carry
from qunying.do.reach.services_tasks import finish_task
from qunying.ground.platforms.models import Card, Phone
from qunying.ground.platforms.phones import Words, register_presser
from qunying.ground.platforms.services_phones import lay_cards
from qunying.kit import formats
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from qunying.do.reach.models import HandTask
    from qunying.ground.access.models import Staff

KIND = "hand_task"
_TEXT = 100
_GIVES_UP = timedelta(days=1)
_KEPT = timedelta(days=30)
_MOST = 200


def lay_due_cards() -> int:
    """Have what is due today brought to its owner's phone, or to everybody's who may do it; how many cards are new.

    In the quiet hours of a community nothing is brought. What was done elsewhere is closed on the phones, too.
    """
    _close_done()
    phones = list(Phone.objects.filter(proved_at__isnull=False, staff__is_active=True).select_related("staff"))
    if not phones:
        return 0
    now = timezone.now()
    near = open_tasks().filter(
        delivery__state=Delivery.State.HAND, due_at__gt=now - _GIVES_UP, due_at__lte=now + timedelta(days=1)
    )
    tasks = list(near[:_MOST])
    measures = measures_of({task.delivery.community_id: task.delivery.community for task in tasks}.values())
    there = Card.objects.filter(kind=KIND, subject__in=[str(task.pk) for task in tasks])
    known = set(there.values_list("phone", "subject"))
    laid = 0
    for task in tasks:
        zone = ZoneInfo(task.delivery.community.timezone)
        today = task.due_at.astimezone(zone).date() <= now.astimezone(zone).date()
        if today and quiet_until(measures[task.delivery.community_id], now, zone) is None:
            free = [one for one in phones if (one.pk, str(task.pk)) not in known]
            theirs = [one for one in free if _concerns(one.staff, task)]
            laid += lay_cards(
                theirs, kind=KIND, subject=str(task.pk), words={one.pk: _words(task, one.staff) for one in theirs}
            )
    return laid


def _concerns(staff: Staff, task: HandTask) -> bool:
    if task.owner_id is not None:
        return task.owner_id == staff.pk
    return may_carry(staff, task.delivery.community)


def _words(task: HandTask, staff: Staff) -> Words:
    """Of single people no name, for cards go through other hands; the words to send as far as they fit."""
    one = task.delivery
    when = formats.moment(task.due_at.astimezone(ZoneInfo(one.community.timezone)))
    with translation.override(staff.language):
        to = one.group.name if one.group else _("one person")
        title = _("Send by hand: %(title)s") % {"title": one.sending.title if one.sending else to}
        text = _("Due %(when)s: %(community)s, %(to)s") % {"when": when, "community": one.community.name, "to": to}
        return Words(title, f"{text}\n{one.words[:_TEXT]}", _("It is sent"), _address())


def _address() -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("hand_tasks") if settings.PUBLIC_URL else ""


def _close_done() -> None:
    """Cards whose task has come to an end elsewhere; old ones are forgotten with the words on them."""
    Card.objects.filter(kind=KIND, made_at__lt=timezone.now() - _KEPT).delete()
    shown = Card.objects.filter(kind=KIND, ended_at=None).exclude(handle="").values_list("subject", flat=True)
    subjects = set(shown[:_MOST])
    if subjects:
        still = {
            str(pk)
            for pk in open_tasks().filter(pk__in=[to_id(one) or 0 for one in subjects]).values_list("pk", flat=True)
        }
        if over := sorted(subjects - still):
            async_task("qunying.ground.platforms.tasks.close_cards", KIND, over, cluster="fast")


def press(staff: Staff, subject: str) -> str:
    """The owner of the phone says that it is sent."""
    finish_task(get_task_for(staff, to_id(subject) or 0), proof=_("Said on the phone."), by=staff)
    return _("Sent, thank you")


def register() -> None:
    """Have presses on such cards understood."""
    register_presser(KIND, press)
