"""What platforms allow each group or person in a month: how much of it is used up, and what is held back for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from qunying.do.reach.models import Delivery
from qunying.do.reach.port import Guard, Verdict, register_guard
from qunying.ground.platforms.quotas import quota_of
from qunying.kit.spoken import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.quotas import Quota

Target = tuple[int, int, int, datetime]
"""Account, group or 0, identity or 0, and when the month began: whose measure something counts into."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much a group or person may get in a month, and how much of it is used."""

    most: int
    used: int

    @property
    def left(self) -> int:
        """How much there still is."""
        return max(self.most - self.used, 0)


def rooms_of(deliveries: Sequence[Delivery], moment: datetime) -> list[Room | None]:
    """The room each delivery finds, those before it in the sequence counted; None where no month's measure holds."""
    quotas = [_quota(one) for one in deliveries]
    targets = [_target(one, quota, moment) if quota else None for one, quota in zip(deliveries, quotas, strict=True)]
    used = _used(target for target in targets if target is not None)
    found: list[Room | None] = []
    for one, quota, target in zip(deliveries, quotas, targets, strict=True):
        if quota is None or target is None or one.account is None:
            found.append(None)
            continue
        found.append(Room(quota.most(one.account, target[3].date()), used[target]))
        used[target] += 1
    return found


def monthly(deliveries: Sequence[Delivery], moment: datetime) -> Mapping[int, Verdict]:
    """The platform takes no more for this group or person in this month."""
    rooms = rooms_of(deliveries, moment)
    return {
        place: Verdict("monthly", _words(deliveries[place], room))
        for place, room in enumerate(rooms)
        if room is not None and not room.left
    }


def _words(one: Delivery, room: Room) -> _StrPromise:
    if one.identity_id is not None:
        return filled(
            _("The platform takes %(most)d for each person in a month, and this one has had them."), most=room.most
        )
    return filled(
        _("The platform takes %(most)d for each group in a month, and this one has had them."), most=room.most
    )


def _quota(one: Delivery) -> Quota | None:
    return quota_of(one.account.platform, one.action) if one.account is not None else None


def _target(one: Delivery, quota: Quota, moment: datetime) -> Target:
    """A delivery that leaves next month counts into next month."""
    local = max(moment, one.due_at).astimezone(quota.zone)
    began = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    group = 0 if one.identity_id is not None else one.group_id or 0
    return one.account_id or 0, group, one.identity_id or 0, began


def _used(targets: Iterable[Target]) -> Counter[Target]:
    """How many have left in the month for each target. Two queries for each month they leave in."""
    used: Counter[Target] = Counter()
    wanted = set(targets)
    for began in {target[3] for target in wanted}:
        here = {target[:3] for target in wanted if target[3] == began}
        sent = Delivery.objects.filter(
            state__in=Delivery.SPENT, account__in={account for account, _group, _one in here}, claimed_at__gte=began
        ).order_by()
        people = sent.filter(identity__among=[one for _account, _group, one in here if one])
        groups = sent.filter(identity=None, group__among=[group for _account, group, _one in here if group])
        rows = [
            *((account, 0, one, count) for account, one, count in _counted(people, "identity")),
            *((account, group, 0, count) for account, group, count in _counted(groups, "group")),
        ]
        used.update({(account, group, one, began): count for account, group, one, count in rows})
    return used


def _counted(rows: object, field: str) -> Iterable[tuple[int, int, int]]:
    return rows.values_list("account", field).annotate(number=Count("pk"))  # type: ignore[attr-defined, no-any-return]


def register() -> None:
    """Have it asked before anything leaves."""
    register_guard(Guard("monthly", _("What the platform takes in a month"), monthly))
