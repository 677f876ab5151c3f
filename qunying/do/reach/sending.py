"""One delivery on its way: claimed in a transaction of its own, handed to the platform, and what came of it.

A process that dies between the claim and the outcome leaves a delivery that may have arrived or not. It becomes
`unknown` and is never sent again by itself: a person looks and decides.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.do.reach.buckets import take_tokens
from qunying.do.reach.facts import tell_delivered
from qunying.do.reach.guards import judge
from qunying.do.reach.models import Delivery, HandTask, Lane
from qunying.do.reach.pictures import handed
from qunying.do.reach.port import guards
from qunying.ground.members.models import Member
from qunying.ground.platforms.port import (
    Action,
    BusyError,
    Done,
    Order,
    RefusedError,
    UnknownError,
    Way,
    connector_of,
)
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from qunying.do.reach.port import Verdict
    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Connector

State = Delivery.State
LOST_AFTER = timedelta(seconds=120)
"""A call takes less than a minute, and a worker that takes longer is stopped: after this nobody is on it any more."""
PARTS = ("community__unit", "group", "identity", "account")
_FIRST, _MOST = 5.0, 3600.0

_log = logging.getLogger(__name__)


def due_now(moment: datetime) -> QuerySet[Delivery]:
    """What waits to be sent through an account and is due, where the platform is not known to be busy."""
    closed = Lane.objects.filter(closed_until__gt=moment).values("account")
    waiting = Delivery.objects.filter(state=State.WAITING, account__isnull=False, due_at__lte=moment)
    return waiting.exclude(account__in=closed)


def send_one(pk: int) -> bool:
    """Send just this delivery from the process at hand, if it is due and nobody else has it; whether it was tried.

    For what must leave within seconds. Call it after commit, never inside a transaction.
    """
    delivery, _more = claim_next(due_now(timezone.now()).filter(pk=pk))
    if delivery is not None:
        deliver(delivery)
    return delivery is not None


@transaction.atomic
def claim_next(among: QuerySet[Delivery]) -> tuple[Delivery | None, bool]:
    """Claim the first of these, if no guard has anything against it; and whether there was any at all.

    What a guard holds back or puts off is written down and not claimed.
    """
    locked = among.select_for_update(of=("self",), skip_locked=True)
    delivery = locked.select_related(*PARTS).order_by("due_at", "pk").first()
    if delivery is None:
        return None, False
    if delivery.identity is not None:
        # Workers of two accounts may have something for the same person: the second counts what the first took.
        list(Member.objects.select_for_update().filter(pk=delivery.identity.member_id).values_list("pk"))
    now = timezone.now()
    verdict = judge([delivery], now, only=guards())[0] or take_tokens(delivery, now)
    if verdict is not None:
        obey(delivery, verdict, now)
        return None, True
    _write_claim(delivery, now)
    return delivery, True


def _write_claim(delivery: Delivery, now: datetime) -> None:
    delivery.state, delivery.claimed_at, delivery.why, delivery.held_by = State.CLAIMED, now, "", ""
    delivery.attempts += 1
    delivery.save(update_fields=["state", "claimed_at", "attempts", "why", "held_by"])


def obey(delivery: Delivery, verdict: Verdict, now: datetime) -> None:
    """Write down that a guard holds the delivery back, or until when it has to wait."""
    delivery.why, delivery.held_by = verdict.words, verdict.guard
    if verdict.until is None:
        delivery.state, delivery.ended_at = State.HELD, now
    else:
        delivery.due_at = verdict.until
    delivery.save(update_fields=["state", "ended_at", "due_at", "why", "held_by"])


def deliver(delivery: Delivery) -> None:
    """Ask the platform for what was claimed, outside any transaction, and write down what came of it."""
    account = delivery.account
    connector = connector_of(account.platform) if account else None
    if account is None or connector is None:
        _end(delivery, State.REFUSED, _("The account is not connected any more. Connect it, then send again."))
        return
    try:
        order = order_of(delivery)
    except QunyingError as gone:
        # Nothing was asked of the platform yet: a picture is not there any more.
        _end(delivery, State.REFUSED, gone.message)
        return
    try:
        came: Done | QunyingError = _call(connector, account, order)
    except QunyingError as error:
        came = error
    except Exception:  # noqa: BLE001 - whatever it is, a person is asked
        # Whatever else it is, the platform may have been reached before: silence is not failure.
        _log.exception("the connector of %s stumbled over a delivery", account.platform)
        came = UnknownError(_("The connection broke off in the middle. Look there whether it arrived."))
    write_down(delivery, came)


def write_down(delivery: Delivery, came: Done | QunyingError) -> None:
    """Write down what came of a claimed delivery; what is none of the port's errors counts as unknown."""
    if isinstance(came, Done):
        _arrive(delivery, came)
    elif isinstance(came, BusyError):
        _put_off(delivery, came)
    elif isinstance(came, RefusedError):
        _end(delivery, State.REFUSED, came.message)
    else:
        _end(delivery, State.UNKNOWN, came.message)


def _call(connector: Connector, account: Account, order: Order) -> Done:
    return connector.perform(account, order)


def order_of(delivery: Delivery) -> Order:
    """What the connector is asked to do; raises QunyingError where a picture is gone."""
    return Order(
        key=delivery.named,
        action=Action(delivery.action),
        group=delivery.group.external_id if delivery.group else "",
        person=delivery.identity.external_id if delivery.identity else "",
        subject=delivery.subject,
        words=delivery.words,
        pictures=handed(delivery),
        options=delivery.options,
    )


def pause_after(attempts: int) -> timedelta:
    """How long to wait after a platform was busy so many times: 5 s, 10 s, 20 s … an hour."""
    return timedelta(seconds=min(_FIRST * 2 ** min(max(attempts - 1, 0), 16), _MOST))


def _put_off(delivery: Delivery, busy: BusyError) -> None:
    """Nothing was done: back to waiting until the platform has time. Until then nothing else leaves there, either."""
    again = max(busy.again_at or timezone.now() + pause_after(delivery.attempts), timezone.now())
    _mine(delivery).update(state=State.WAITING, due_at=again, why=busy.message, held_by="busy")
    if delivery.account is not None:
        Lane.objects.update_or_create(account=delivery.account, defaults={"closed_until": again})


@transaction.atomic
def _arrive(delivery: Delivery, done: Done) -> None:
    now = timezone.now()
    waits = done.awaits_person or delivery.way == Way.CONFIRM
    state = State.AWAITING if waits else State.SENT
    mine = _mine(delivery)
    if not mine.update(state=state, external_id=done.external_id[:190], ended_at=None if waits else now, why=""):
        return
    if waits:
        HandTask.objects.get_or_create(delivery=delivery, defaults={"due_at": now + timedelta(hours=2)})
    else:
        tell_delivered(delivery, at=now, external_id=done.external_id)


@transaction.atomic
def _end(delivery: Delivery, state: State, why: str | _StrPromise) -> None:
    ended = None if state is State.UNKNOWN else timezone.now()
    _mine(delivery).update(state=state, why=why, ended_at=ended)


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """The row as long as the claim stands: a late answer is still the truth where nobody has decided meanwhile."""
    stands = Q(state=State.CLAIMED) | Q(state=State.UNKNOWN)
    return Delivery.objects.filter(stands, pk=delivery.pk, claimed_at=delivery.claimed_at)


def find_lost() -> int:
    """Show as unknown what was claimed and never came to an end; how many."""
    lost = Delivery.objects.filter(state=State.CLAIMED, claimed_at__lt=timezone.now() - LOST_AFTER)
    why = _("The process that sent it died on the way. Look there whether it arrived.")
    return lost.update(state=State.UNKNOWN, why=why)


def after_restore() -> int:
    """What was due before the copy was brought back may have left since it was made: a person is asked; how many."""
    now = timezone.now()
    left = Delivery.objects.filter(state__in=(State.WAITING, State.CLAIMED), account__isnull=False, due_at__lte=now)
    why = _("A backup was brought back; it may have been sent after that was made. Look there whether it arrived.")
    return left.update(state=State.UNKNOWN, why=why, claimed_at=None)
