"""Verbs on what is sent by hand: opening, doing, giving up, handing over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.reach.facts import tell_delivered
from qunying.do.reach.guards import judge
from qunying.do.reach.models import Delivery, HandTask
from qunying.do.reach.port import guards
from qunying.do.reach.rules import answering, may_carry, may_send
from qunying.do.reach.sending import obey
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.files.services import remove_contents
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.materials.services_pictures import keep_picture

if TYPE_CHECKING:
    from collections.abc import Collection

    from qunying.ground.access.models import Holder, Staff
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community

DONE = declare_verb("hand_tasks.done", gettext_lazy("Something was sent by hand."))
IMPOSSIBLE = declare_verb("hand_tasks.impossible", gettext_lazy("Something could not be sent by hand."))
HAND_OVER = declare_verb("hand_tasks.hand_over", gettext_lazy("Things to be sent by hand were given to somebody."))

State = Delivery.State
AHEAD = timedelta(hours=12)
"""So long before its time somebody sees what is to be sent by hand."""
_AT_ONCE = 200
_PARTS = ("community__unit", "group", "identity", "account")


def open_due_tasks() -> int:
    """Make tasks of what no account sends and is due within half a day, unless a guard objects; how many."""
    opened = 0
    while batch := _open_batch():
        opened += batch
    return opened


@transaction.atomic
def _open_batch() -> int:
    now = timezone.now()
    waiting = Delivery.objects.filter(state=State.WAITING, account=None, due_at__lte=now + AHEAD)
    rows = list(
        waiting.select_for_update(of=("self",), skip_locked=True).select_related(*_PARTS).order_by("due_at")[:_AT_ONCE]
    )
    for row, verdict in zip(rows, judge(rows, now, only=guards()), strict=True):
        if verdict is not None:
            obey(row, verdict, now)
    free = [row for row in rows if row.state == State.WAITING and row.due_at <= now + AHEAD]
    Delivery.objects.filter(pk__in=[row.pk for row in free]).update(state=State.HAND)
    HandTask.objects.bulk_create([HandTask(delivery=row, due_at=row.due_at) for row in free], ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def withdraw_barred() -> int:
    """Hold back open tasks against which something came up since, such as somebody's refusal; how many."""
    now = timezone.now()
    open_now = Delivery.objects.filter(state=State.HAND).select_for_update(of=("self",)).select_related(*_PARTS)
    rows = list(open_now)
    barred = 0
    for row, verdict in zip(rows, judge(rows, now, only=[one for one in guards() if one.standing]), strict=True):
        if verdict is not None and verdict.until is None:
            HandTask.objects.filter(delivery=row).delete()
            obey(row, verdict, now)
            barred += 1
    return barred


def finish_task(task: HandTask, *, proof: str, by: Holder, picture: bytes = b"", picture_name: str = "") -> None:
    """Say that it was sent: the delivery counts as sent from now on.

    `proof` and `picture` (PNG, JPEG or WebP) are what somebody can check later.
    """
    _check_may(by, task.delivery.community)
    unit = task.delivery.community.unit
    # Drawing a picture takes a moment: longer than anybody may hold the only writer.
    shot = keep_picture(picture, name=picture_name or "proof", unit=unit, by=by) if picture else None
    try:
        _finish(task, proof=proof, shot=shot, by=by)
    except QunyingError:
        if shot is not None:
            remove_contents([shot], by=by)
        raise


@transaction.atomic
def _finish(task: HandTask, *, proof: str, shot: StoredFile | None, by: Holder) -> None:
    found = _open(task, by=by)
    now = timezone.now()
    found.proof_picture = shot
    _close(found, HandTask.End.DONE, proof=proof, by=by)
    found.delivery.state, found.delivery.ended_at = State.SENT, now
    found.delivery.save(update_fields=["state", "ended_at"])
    tell_delivered(found.delivery, at=now, external_id=found.delivery.external_id)
    write_act(DONE, by=by, subject_type="delivery", subject_id=found.pk)


@transaction.atomic
def give_up_task(task: HandTask, *, why: str, by: Holder) -> None:
    """Say that it could not be sent, and why."""
    found = _open(task, by=by)
    if not why.strip():
        raise QunyingError(_("Say in a few words why it was not possible."))
    _close(found, HandTask.End.IMPOSSIBLE, proof=why, by=by)
    found.delivery.state, found.delivery.ended_at, found.delivery.why = State.REFUSED, timezone.now(), why.strip()
    found.delivery.save(update_fields=["state", "ended_at", "why"])
    write_act(IMPOSSIBLE, by=by, subject_type="delivery", subject_id=found.pk)


@transaction.atomic
def hand_over(tasks: Collection[HandTask], *, to: Staff | None, by: Holder) -> int:
    """Give open tasks to a colleague, or (None) to the team; how many."""
    found = [_open(task, by=by) for task in tasks]
    for task in found:
        if to is not None and not may_carry(to, task.delivery.community):
            unit = task.delivery.community.unit.name
            raise QunyingError(
                _("%(name)s may not send in “%(unit)s”. Choose somebody else.") % {"name": to.name, "unit": unit}
            )
        # What is given away deliberately does not come back by itself.
        task.owner, task.stands_in_for = to, None
        task.save(update_fields=["owner", "stands_in_for"])
    details = {"tasks": [task.pk for task in found]}
    write_act(HAND_OVER, by=by, subject_type="staff", subject_id=to.pk if to else "", details=details)
    return len(found)


def _open(task: HandTask, *, by: Holder) -> HandTask:
    parts = ("delivery__community__unit", "delivery__group", "delivery__identity")
    found = HandTask.objects.select_for_update(of=("self",)).select_related(*parts).get(pk=task.pk)
    _check_may(by, found.delivery.community)
    if found.end:
        raise QunyingError(_("Somebody has answered this already: %(state)s.") % {"state": found.get_end_display()})
    return found


def _check_may(by: Holder, community: Community) -> None:
    if not may_send(by, community):
        raise NotAllowedError(_("Your roles do not include sending in “%(unit)s”.") % {"unit": community.unit.name})


def _close(task: HandTask, end: HandTask.End, *, proof: str, by: Holder) -> None:
    task.end, task.ended_at, task.ended_by = end, timezone.now(), answering(by)
    task.proof = proof.strip()[: HandTask.PROOF_LENGTH]
    task.save(update_fields=["end", "ended_at", "ended_by", "proof", "proof_picture"])
