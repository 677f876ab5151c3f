"""What came back of a sending in each group it reached: clicks, and people who did something, over who was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from qunying.do.reach.models import Delivery
from qunying.ground.events.kinds import Grade, all_kinds
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from qunying.do.reach.models import Sending

WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Return:
    """Of one group: how many were in it when it was sent (`reached`), clicked, and did something within 24 hours.

    `clicks` is None where no links were counted; `lively` are people who spoke, answered or reacted, whatever moved
    them to it. Our own team counts in none but `reached`.
    """

    reached: int
    lively: int
    clicks: int | None = None

    @property
    def click_share(self) -> float | None:
        """Clicks over people reached; None where nobody was there, or nothing was counted."""
        return self.clicks / self.reached if self.reached and self.clicks is not None else None

    @property
    def lively_share(self) -> float | None:
        """People who did something over people reached; None where nobody was there."""
        return self.lively / self.reached if self.reached else None


def returns_of(sending: Sending, deliveries: Sequence[Delivery]) -> dict[int, Return]:
    """What came back of these deliveries of the sending, by their ids: those sent to groups. Three queries."""
    sent = {
        one.pk: (one.group_id, one.ended_at)
        for one in deliveries
        if one.state == Delivery.State.SENT and one.group_id is not None and one.ended_at is not None
    }
    if not sent:
        return {}
    groups = dict(sent.values())
    reached, lively, clicks = _reached(groups), _lively(groups), _clicks(sending)
    return {
        pk: Return(reached.get(group, 0), lively.get(group, 0), clicks.get(group, 0) if clicks else None)
        for pk, (group, _at) in sent.items()
    }


def _reached(groups: Mapping[int, datetime]) -> dict[int, int]:
    there = [
        Q(group=group, joined_at__lte=at) & (Q(left_at__isnull=True) | Q(left_at__gt=at))
        for group, at in groups.items()
    ]
    rows = Membership.objects.filter(reduce(or_, there)).order_by().values("group")
    return dict(rows.annotate(people=Count("identity__member", distinct=True)).values_list("group", "people"))


def _lively(groups: Mapping[int, datetime]) -> dict[int, int]:
    kinds = [kind.name for kind in all_kinds() if kind.grade in {Grade.INTERACTIVE, Grade.SPEAKING}]
    after = [
        Q(group=group, occurred_at__gte=at, occurred_at__lt=at + WITHIN, kind__in=kinds) for group, at in groups.items()
    ]
    rows = Event.objects.filter(reduce(or_, after), identity__member__is_staff=False).order_by().values("group")
    return dict(rows.annotate(people=Count("identity__member", distinct=True)).values_list("group", "people"))


def _clicks(sending: Sending) -> dict[int, int]:
    """Clicks by group; nothing at all where none of the sending's links are counted."""
    rows = sending.links.filter(group__isnull=False).order_by().values("group")
    return dict(rows.annotate(all=Sum("clicks")).values_list("group", "all"))
