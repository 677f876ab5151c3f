"""The limits of platforms as token buckets in the database, so that all processes and machines share them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.do.reach.models import Bucket
from qunying.do.reach.port import Verdict
from qunying.ground.platforms.port import connector_of

if TYPE_CHECKING:
    from qunying.do.reach.models import Delivery
    from qunying.ground.platforms.port import Limit


def take_tokens(delivery: Delivery, moment: datetime) -> Verdict | None:
    """Take what the delivery costs from every bucket it falls under; None where there was enough in all of them.

    Otherwise nothing is taken, and the verdict says when there will be enough. Only inside a transaction: the buckets
    stay locked until it ends, always in the same order.
    """
    account = delivery.account
    connector = connector_of(account.platform) if account else None
    if account is None or connector is None:
        return None
    limits = [limit for limit in connector.limits if delivery.action in limit.actions]
    buckets = sorted(((_name(limit, delivery), limit) for limit in limits), key=lambda named: named[0])
    held = [(_locked(name, limit, account.pk, moment), limit) for name, limit in buckets]
    waits = [_wait(bucket, limit, moment) for bucket, limit in held]
    longest = max(waits, default=timedelta())
    for bucket, _limit in held:
        bucket.tokens -= 0 if longest else 1
        bucket.save(update_fields=["tokens", "at"])
    if not longest:
        return None
    words = _("The platform takes only so much at a time; it waits for its turn.")
    return Verdict("limits", words, moment + longest)


def _name(limit: Limit, delivery: Delivery) -> str:
    actions = ",".join(sorted(limit.actions))[:60]
    where = f":{delivery.group_id}" if limit.each_group else ""
    return f"{delivery.account_id}{where}:{actions}:{limit.amount}/{limit.per.total_seconds():g}"


def _locked(name: str, limit: Limit, account: int, moment: datetime) -> Bucket:
    """The bucket with what has flowed in up to now."""
    full = {"account_id": account, "tokens": limit.amount, "at": moment}
    bucket, _made = Bucket.objects.select_for_update().get_or_create(name=name, defaults=full)
    passed = max((moment - bucket.at).total_seconds(), 0)
    bucket.tokens = min(limit.amount, bucket.tokens + passed * _rate(limit))
    bucket.at = max(moment, bucket.at)
    return bucket


def _wait(bucket: Bucket, limit: Limit, moment: datetime) -> timedelta:
    """How long until there is one token; nothing where there is one now."""
    lacking = 1 - bucket.tokens
    return bucket.at - moment + timedelta(seconds=lacking / _rate(limit)) if lacking > 1e-9 else timedelta()  # noqa: PLR2004 - rounding of sums


def _rate(limit: Limit) -> float:
    """Tokens in a second."""
    return limit.amount / limit.per.total_seconds()
