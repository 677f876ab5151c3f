"""Deliveries that a platform takes together: claimed at once, handed over in one call, each with an outcome of its own.

One that dies on the way leaves all of them unknown, as a single one would be.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.do.reach.buckets import take_tokens
from qunying.do.reach.guards import judge
from qunying.do.reach.models import Delivery
from qunying.do.reach.port import guards
from qunying.do.reach.sending import PARTS, claim_next, deliver, due_now, obey, order_of, write_down
from qunying.ground.members.models import Member
from qunying.ground.platforms.bundles import bundler_of
from qunying.ground.platforms.port import UnknownError
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qunying.ground.platforms.bundles import Bundler
    from qunying.ground.platforms.port import Done, Order

_log = logging.getLogger(__name__)


def send_next(account_id: int) -> bool:
    """Send the next due delivery of an account, and with it whatever its platform takes together with it.

    Whether there was one (sent or not).
    """
    delivery, more = claim_next(due_now(timezone.now()).filter(account=account_id))
    if delivery is None:
        return more
    bundler = bundler_of(delivery.account.platform, delivery.action) if delivery.account else None
    like = claim_like(delivery, most=bundler.most - 1) if bundler is not None else []
    if bundler is None or not like:
        deliver(delivery)
    else:
        _deliver([delivery, *like], bundler)
    return more


@transaction.atomic
def claim_like(first: Delivery, *, most: int) -> list[Delivery]:
    """Claim what is due and goes with a claimed delivery: the same account, action, content and words, of the same app.

    What a guard holds back or puts off is written down and not claimed.
    """
    now = timezone.now()
    alike = due_now(now).filter(
        account=first.account_id,
        action=first.action,
        origin=first.origin,
        content_hash=first.content_hash,
        words=first.words,
        identity__isnull=first.identity_id is None,
    )
    rows = alike.select_for_update(of=("self",), skip_locked=True).select_related(*PARTS).order_by("due_at", "pk")
    found = [one for one in rows[:most] if one.options == first.options]
    people = {one.identity.member_id for one in found if one.identity is not None}
    # As `claim_next` does: what two workers have for one person is counted by both.
    list(Member.objects.select_for_update().filter(pk__among=people).order_by("pk").values_list("pk"))
    free: list[Delivery] = []
    for one, verdict in zip(found, judge(found, now, only=guards()), strict=True):
        against = verdict or take_tokens(one, now)
        if against is None:
            free.append(one)
        else:
            obey(one, against, now)
    claim = {"state": Delivery.State.CLAIMED, "claimed_at": now, "why": "", "held_by": ""}
    Delivery.objects.filter(pk__in=[one.pk for one in free]).update(**claim, attempts=F("attempts") + 1)
    for one in free:
        one.state, one.claimed_at, one.attempts = Delivery.State.CLAIMED, now, one.attempts + 1
    return free


def _deliver(rows: Sequence[Delivery], bundler: Bundler) -> None:
    """Hand over what was claimed, outside any transaction, and write down what came of each."""
    account = rows[0].account
    try:
        orders = _orders(rows)
        came = bundler.perform(account, orders) if account is not None else {}
    except QunyingError as error:
        came = dict.fromkeys([one.named for one in rows], error)
    except Exception:  # noqa: BLE001 - whatever it is, a person is asked
        _log.exception("the connector of account %s stumbled over a bundle", rows[0].account_id)
        came = {}
    _write(rows, came)


def _orders(rows: Sequence[Delivery]) -> list[Order]:
    """Pictures are read once for all of them: they are the same."""
    first = order_of(rows[0])
    return [
        replace(
            first,
            key=one.named,
            group=one.group.external_id if one.group else "",
            person=one.identity.external_id if one.identity else "",
        )
        for one in rows
    ]


def _write(rows: Sequence[Delivery], came: Mapping[str, Done | QunyingError]) -> None:
    silent = UnknownError(_("The connection broke off in the middle. Look there whether it arrived."))
    for one in rows:
        write_down(one, came.get(one.named, silent))
