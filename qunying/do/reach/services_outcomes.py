"""Verbs on deliveries: what a person found out about an unknown one, and trying refused ones again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.reach.facts import tell_delivered
from qunying.do.reach.models import Delivery, Sending
from qunying.do.reach.rules import may_send
from qunying.do.reach.tasks import wake
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community

ARRIVED = declare_verb("deliveries.arrived", gettext_lazy("A delivery nobody was sure of was found to have arrived."))
MISSING = declare_verb(
    "deliveries.missing", gettext_lazy("A delivery nobody was sure of was found missing and is sent again.")
)
AGAIN = declare_verb("deliveries.again", gettext_lazy("Refused deliveries of a sending are tried again."))

State = Delivery.State


@transaction.atomic
def settle_delivery(delivery: Delivery, *, arrived: bool, by: Holder) -> Delivery:
    """Say what became of an unknown delivery; gives the one that stands for it now.

    One that arrived counts as sent. One that did not is called off, and another with a key of its own takes its place.
    """
    found = _locked(delivery, by=by)
    if found.state != State.UNKNOWN:
        raise QunyingError(_("Somebody has answered this already: %(state)s.") % {"state": found.get_state_display()})
    now = timezone.now()
    found.state, found.ended_at = (State.SENT if arrived else State.CANCELLED), now
    found.save(update_fields=["state", "ended_at"])
    write_act(ARRIVED if arrived else MISSING, by=by, subject_type="delivery", subject_id=found.pk)
    if arrived:
        tell_delivered(found, at=found.claimed_at or now, external_id=found.external_id)
        return found
    return _anew(found, now)


@transaction.atomic
def send_refused_again(sending: Sending, *, by: Holder) -> int:
    """Try what the platform refused once more; how many. Nothing was done for these, so none arrives twice."""
    _check_may(by, sending.community)
    locked = Sending.objects.select_for_update().get(pk=sending.pk)
    if locked.state not in {Sending.State.GOING, Sending.State.DONE}:
        raise QunyingError(_("“%(title)s” was called off.") % {"title": locked.title})
    now = timezone.now()
    refused = Delivery.objects.filter(sending=locked, state=State.REFUSED, account__isnull=False)
    accounts = set(refused.order_by().values_list("account", flat=True))
    again = refused.update(state=State.WAITING, due_at=now, ended_at=None, why="", held_by="", claimed_at=None)
    if again:
        Sending.objects.filter(pk=locked.pk).update(state=Sending.State.GOING, ended_at=None)
        write_act(AGAIN, by=by, subject_type="sending", subject_id=locked.pk, details={"deliveries": again})
        transaction.on_commit(lambda: wake(accounts))
    return again


def _anew(before: Delivery, now: datetime) -> Delivery:
    stem, _dash, number = before.key.partition("~")
    fresh = Delivery.objects.get(pk=before.pk)
    fresh.pk, fresh.key = None, f"{stem}~{int(number or 1) + 1}"
    fresh.order_key = uuid4().hex
    fresh.state, fresh.why, fresh.held_by = State.WAITING, "", ""
    fresh.due_at, fresh.claimed_at, fresh.ended_at = now, None, None
    fresh.attempts, fresh.external_id = 0, ""
    fresh.save(force_insert=True)
    if before.sending_id is not None:
        done = Sending.objects.filter(pk=before.sending_id, state=Sending.State.DONE)
        done.update(state=Sending.State.GOING, ended_at=None)
    if fresh.account_id is not None:
        account = fresh.account_id
        transaction.on_commit(lambda: wake([account]))
    return fresh


def close_finished() -> int:
    """Sendings of which nothing is open any more are done; how many it were."""
    open_now = Delivery.objects.exclude(state__in=Delivery.ENDED).values("sending").filter(sending__isnull=False)
    going = Sending.objects.filter(state=Sending.State.GOING, deliveries__isnull=False)
    finished = list(going.exclude(pk__in=open_now).distinct().values_list("pk", flat=True))
    done = Sending.objects.filter(pk__in=finished, state=Sending.State.GOING)
    return done.update(state=Sending.State.DONE, ended_at=timezone.now()) if finished else 0


def _locked(delivery: Delivery, *, by: Holder) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",))
    found = rows.select_related("community__unit", "group", "identity").get(pk=delivery.pk)
    _check_may(by, found.community)
    return found


def _check_may(by: Holder, community: Community) -> None:
    if not may_send(by, community):
        raise NotAllowedError(_("Your roles do not include sending in “%(unit)s”.") % {"unit": community.unit.name})
