"""The limits of platforms as token buckets in the database, so that all processes and machines share them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.do.reach.models import Bucket
from qunying.do.reach.port import Verdict
from qunying.ground.platforms.port import connector_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.do.reach.models import Delivery
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
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


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a limit now, for the account or one of its groups, and when all of it is there again."""

    limit: Limit
    group: Group | None
    left: int
    full_at: datetime | None
    """None: it is full."""


def whats_left(account: Account, groups: Sequence[Group], moment: datetime) -> list[Left]:
    """Each limit of the account's platform; those for each group where one has used something up lately. One query."""
    connector = connector_of(account.platform)
    limits = connector.limits if connector is not None else ()
    buckets = {bucket.name: bucket for bucket in Bucket.objects.filter(account=account)}
    found: list[Left] = []
    for limit in limits:
        places: Sequence[Group | None] = groups if limit.each_group else [None]
        told = [_left(limit, place, buckets.get(_named(limit, account.pk, place)), moment) for place in places]
        found += [one for one in told if one.group is None or one.full_at is not None] or [
            Left(limit, None, limit.amount, None)
        ]
    return found


def _left(limit: Limit, group: Group | None, bucket: Bucket | None, moment: datetime) -> Left:
    if bucket is None:
        return Left(limit, group, limit.amount, None)
    tokens = _flowed(bucket, limit, moment)
    lacking = limit.amount - tokens
    # Less than a whole one is not worth a word.
    full_at = moment + timedelta(seconds=lacking / _rate(limit)) if lacking >= 1 else None
    return Left(limit, group, int(tokens), full_at)


def _name(limit: Limit, delivery: Delivery) -> str:
    return _named(limit, delivery.account_id or 0, delivery.group)


def _named(limit: Limit, account: int, group: Group | None) -> str:
    actions = ",".join(sorted(limit.actions))[:60]
    where = f":{group.pk if group else None}" if limit.each_group else ""
    return f"{account}{where}:{actions}:{limit.amount}/{limit.per.total_seconds():g}"


def _locked(name: str, limit: Limit, account: int, moment: datetime) -> Bucket:
    """The bucket with what has flowed in up to now."""
    full = {"account_id": account, "tokens": limit.amount, "at": moment}
    bucket, _made = Bucket.objects.select_for_update().get_or_create(name=name, defaults=full)
    bucket.tokens = _flowed(bucket, limit, moment)
    bucket.at = max(moment, bucket.at)
    return bucket


def _flowed(bucket: Bucket, limit: Limit, moment: datetime) -> float:
    """The tokens with what has flowed in since."""
    passed = max((moment - bucket.at).total_seconds(), 0)
    return float(min(limit.amount, bucket.tokens + passed * _rate(limit)))


def _wait(bucket: Bucket, limit: Limit, moment: datetime) -> timedelta:
    """How long until there is one token; nothing where there is one now."""
    lacking = 1 - bucket.tokens
    return bucket.at - moment + timedelta(seconds=lacking / _rate(limit)) if lacking > 1e-9 else timedelta()  # noqa: PLR2004 - rounding of sums


def _rate(limit: Limit) -> float:
    """Tokens in a second."""
    return limit.amount / limit.per.total_seconds()
