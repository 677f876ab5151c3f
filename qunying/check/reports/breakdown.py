"""Where a change lies: messages by group and newcomers by channel, against the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count

from qunying.check.reports.shapes import Part
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.groups.models import Membership

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period

MOST = 12
"""So many groups or channels are told apart, the largest; a report with more of them is read by nobody."""
_TOLD_APART = 2


def group_parts(community: Community, counted: Period, before: Sequence[Period]) -> list[Part]:
    """Messages by group, the most first; empty with fewer than two groups or nothing before."""
    groups = list(community.groups.annotate(people=Count("memberships")).order_by("-people", "pk")[:MOST])
    if not before or len(groups) < _TOLD_APART:
        return []
    parts = [
        _part(group.name, "messages", Scope((community.pk,), groups=(group.pk,)), counted, before) for group in groups
    ]
    return _spoken(parts)


def channel_parts(community: Community, counted: Period, before: Sequence[Period]) -> list[Part]:
    """Newcomers by the channel they came by, the most first; empty with fewer than two channels or nothing before."""
    if not before:
        return []
    zone = ZoneInfo(community.timezone)
    stays = Membership.objects.filter(
        community=community, joined_at__gte=before[0].instants(zone)[0], joined_at__lt=counted.instants(zone)[1]
    ).exclude(channel_key="")
    rows = stays.order_by().values("channel_key").annotate(people=Count("pk")).order_by("-people", "channel_key")
    keys = [row["channel_key"] for row in rows[:MOST]]
    if len(keys) < _TOLD_APART:
        return []
    parts = [_part(key, "joins", Scope((community.pk,), channels=(key,)), counted, before) for key in keys]
    return _spoken(parts)


def _part(label: str, metric: str, scope: Scope, counted: Period, before: Sequence[Period]) -> Part:
    now, then = (measure(metric, scope=scope, period=period).value or 0 for period in (counted, before[0]))
    return Part(label, now, then)


def _spoken(parts: list[Part]) -> list[Part]:
    return sorted((part for part in parts if part.value or part.before), key=lambda part: -part.value)
