"""Who was in which group when, derived from facts: the same facts in any order give the same intervals."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from qunying.ground.events.kinds import Presence, all_kinds
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.groups.stays import Interval, intervals_of, not_covered, replace_intervals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from qunying.ground.groups.models import Community

_TURN = {Presence.OPENS: 0, Presence.SHOWS: 1, Presence.CLOSES: 2}
"""Facts of one instant: coming first, leaving last."""

Intervals = dict[int | None, list[Interval]]
"""Intervals by group id; None stands for the community without a group."""


class Sign(NamedTuple):
    """What one fact says about the presence of one identity."""

    identity_id: int
    group_id: int | None
    at: datetime
    says: Presence
    channel_key: str = ""
    inviter_id: int | None = None
    role: str = ""
    from_a_group: bool = False
    """A leaving from a group, seen from the community: it closes, but proves no earlier presence."""


def walk(signs: Iterable[Sign], known: Iterable[Interval] = ()) -> list[Interval]:
    """Intervals of one identity in one group: opened by joining or by the first sign, closed by leaving.

    A sign that names a part gives the open interval that part from then on.

    `known` are the intervals before the first of these signs. Joining twice without leaving keeps the
    earlier joining; leaving without having come leaves an interval of no length.
    """
    result = sorted(known, key=attrgetter("joined_at"))
    for sign in sorted(signs, key=lambda sign: (sign.at, _TURN[sign.says])):
        present = bool(result) and result[-1].left_at is None
        if sign.says is Presence.CLOSES:
            if present:
                result[-1] = replace(result[-1], left_at=sign.at)
            elif not sign.from_a_group:
                result.append(_opened(sign, Membership.Opened.SEEN, left_at=sign.at))
        elif present and sign.role and sign.says is Presence.SHOWS:
            result[-1] = replace(result[-1], role=sign.role)
        elif not present:
            joined = sign.says is Presence.OPENS
            result.append(_opened(sign, Membership.Opened.JOINED if joined else Membership.Opened.SEEN))
    return result


def _opened(sign: Sign, by: Membership.Opened, *, left_at: datetime | None = None) -> Interval:
    return Interval(
        joined_at=sign.at,
        left_at=left_at,
        opened_by=by.value,
        role=sign.role or Membership.Role.MEMBER.value,
        channel_key=sign.channel_key,
        inviter_id=sign.inviter_id,
    )


def presence_of(signs: Iterable[Sign], known: Mapping[int | None, list[Interval]] | None = None) -> Intervals:
    """All intervals of one identity in one community.

    Facts without a group (an order) show that a person belongs to the community only as long as no
    group tells more; leaving a group also ends a belonging that had no group.
    """
    known = known or {}
    by_group: dict[int | None, list[Sign]] = {group: [] for group in known}
    for sign in signs:
        by_group.setdefault(sign.group_id, []).append(sign)
    in_groups = [group for group in by_group if group is not None]
    result: Intervals = {group: walk(by_group[group], known.get(group, ())) for group in in_groups}
    alone = [sign for sign in by_group.get(None, []) if not in_groups or sign.says is not Presence.SHOWS]
    leavings = [
        sign._replace(group_id=None, from_a_group=True)
        for group in in_groups
        for sign in by_group[group]
        if sign.says is Presence.CLOSES
    ]
    if without := walk([*alone, *leavings], known.get(None, ())):
        result[None] = without
    return result


def follow_presence(signs: Iterable[Sign], *, community: Community, latest: Mapping[int, datetime]) -> bool:
    """Bring memberships up to date with newly stored facts; True where any interval changed.

    `latest` holds, per identity, the time of its last fact before these: only signs after it may
    simply be added, anything older means reading the identity's facts again.
    """
    given = list(signs)
    changed = _telling_something(given, community)
    by_identity: dict[int, list[Sign]] = {identity: [] for identity in sorted(changed)}
    for sign in given:
        if sign.identity_id in changed:
            by_identity[sign.identity_id].append(sign)
    known = intervals_of(community, list(by_identity))
    wanted = {
        identity: _derive(news, known.get(identity, {}), community=community, latest=latest.get(identity))
        for identity, news in by_identity.items()
    }
    return replace_intervals(community, wanted, known=known)


def _telling_something(signs: list[Sign], community: Community) -> set[int]:
    """The identities of whom these signs say more than that they are where they are known to be.

    Nearly every fact of a chat says no more than that, so this is asked in one statement, by the first
    and last such sign of each.
    """
    shown: dict[tuple[int, int | None], tuple[datetime, datetime]] = {}
    telling: set[int] = set()
    for sign in signs:
        if sign.says is not Presence.SHOWS or sign.role:
            telling.add(sign.identity_id)
            continue
        where, at = (sign.identity_id, sign.group_id), sign.at
        first, last = shown.get(where, (at, at))
        shown[where] = (min(first, at), max(last, at))
    return telling | not_covered(community, shown)


def _derive(news: list[Sign], have: Intervals, *, community: Community, latest: datetime | None) -> Intervals:
    if not have:
        return presence_of(news)
    first_group = all(group is None for group in have) and any(sign.group_id is not None for sign in news)
    if latest is not None and not first_group and all(sign.at > latest for sign in news):
        return presence_of(news, have)
    return presence_of(_all_signs(news[0].identity_id, community))


def _all_signs(identity_id: int, community: Community) -> list[Sign]:
    says = {kind.name: kind.presence for kind in all_kinds()}
    rows = Event.objects.filter(identity_id=identity_id, community=community).values_list(
        "group_id", "occurred_at", "kind", "channel_key", "target_identity_id", "payload"
    )
    return [
        Sign(identity_id, group, at, says[kind], channel, inviter, payload.get("role", ""))
        for group, at, kind, channel, inviter, payload in rows
        if says[kind] is not Presence.NOTHING
    ]
