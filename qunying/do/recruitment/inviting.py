"""Who invited whom, where a platform tells it: to be thanked by word, never to be paid by the head.

WeChat and WeCom forbid rewards for inviting, so there is no ranking to win, no target and nothing to hand out: only who
let whom in, and whether they are still here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import F

from qunying.do.recruitment.queries import PEOPLE
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Member

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period


@dataclass(slots=True)
class Inviter:
    """Somebody, the people who joined on their invitation (each once, first come first), and how many are here."""

    member: Member
    people: list[Member] = field(default_factory=list)
    here: int = 0


@dataclass(frozen=True, slots=True)
class Inviting:
    """Of `joined` people it is known of `told` who invited them; `inviters` begin with who let in most."""

    inviters: list[Inviter]
    told: int
    joined: int


def inviting_in(community: Community, period: Period, *, channel_key: str | None = None) -> Inviting:
    """Who invited those who joined on these local days, by one channel or (None) by any. Two queries.

    The team and bots do not count as people who joined; somebody of the team may well have invited.
    """
    since, until = period.instants(ZoneInfo(community.timezone))
    stays = Membership.objects.filter(
        PEOPLE,
        community=community,
        joined_at__gte=since,
        joined_at__lt=until,
        opened_by=Membership.Opened.JOINED,
    )
    if channel_key is not None:
        stays = stays.filter(channel_key=channel_key)
    rows = stays.annotate(person=F("identity__member"), by=F("inviter__member")).order_by("joined_at", "pk")
    joined: dict[int, int | None] = {}
    here: set[int] = set()
    for person, by, left in rows.values_list("person", "by", "left_at"):
        # The first invitation brought somebody; a second group does not make them somebody else's.
        joined[person] = joined.get(person) or (by if by != person else None)
        if left is None:
            here.add(person)
    return _told(joined, here)


def _told(joined: dict[int, int | None], here: set[int]) -> Inviting:
    known = {person: by for person, by in joined.items() if by is not None}
    members = Member.objects.in_bulk({*known, *known.values()})
    found: dict[int, Inviter] = {}
    for person, by in known.items():
        one = found.setdefault(by, Inviter(members[by]))
        one.people.append(members[person])
        one.here += person in here
    inviters = sorted(found.values(), key=lambda one: (-len(one.people), one.member.pk))
    return Inviting(inviters, len(known), len(joined))
