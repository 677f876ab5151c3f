"""Channels as one person may see them, what came of them, and which picture is up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.do.recruitment.bounds import Standing, choose
from qunying.do.recruitment.models import Channel, ChannelCode, ChannelCost, GroupPicture, JoinLink, VisitCount
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.ground.platforms.codes import coded_platforms, coder_of
from qunying.ground.platforms.models import Account
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.codes import Offer
    from qunying.kit.periods import Period

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTER = 15
_PEOPLE = Q(identity__member__is_staff=False, identity__member__is_bot=False)


@dataclass(slots=True)
class Tally:
    """What one channel brought and cost in a period. Visits and joins are told by different witnesses: never add them.

    `visits` are visitors of its link, each once a day. `joins` are people of whom the facts say that they came by it,
    staff and programs left out. `cost` is in minor units.
    """

    visits: int = 0
    joins: int = 0
    cost: int = 0


def quarter_of(moment: datetime) -> datetime:
    """The beginning of the quarter of an hour (UTC) in which the moment lies: visits are counted by these."""
    at = moment.astimezone(UTC)
    return at.replace(minute=at.minute - at.minute % _QUARTER, second=0, microsecond=0)


def channels_into(community: Community) -> QuerySet[Channel]:
    """The channels that serve this community: its own, and those of its unit and the units above. Ended ones, too."""
    line = [int(part) for part in community.unit.path.split("/") if part]
    wanted = Q(community=community) | Q(community__isnull=True, unit__in=line)
    return Channel.objects.filter(wanted).select_related("unit", "community")


def channels_for(staff: Holder, permission: Permission = Permission.SEE_FIGURES) -> QuerySet[Channel]:
    """The channels of the units in which this person holds the permission."""
    return Channel.objects.filter(unit__in=units_for(staff, permission)).select_related("unit", "community")


def get_channel_for(
    staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_FIGURES
) -> tuple[Community, Channel]:
    """A community and one of the channels that serve it; raises NotFoundError where it is not this person's."""
    community = get_community_for(staff, slug, permission)
    return community, get_channel(community, pk)


def get_channel(community: Community, pk: int) -> Channel:
    """One of the channels that serve the community; raises NotFoundError where it is none of them."""
    channel = channels_into(community).filter(pk=pk).first()
    if channel is None:
        raise NotFoundError(_("There is no such channel in this community."))
    return channel


def get_cost(channel: Channel, community: Community, pk: int) -> ChannelCost:
    """A cost of the channel in this community that stands; raises NotFoundError where there is none."""
    cost = costs_of(channel, community).filter(pk=pk).first()
    if cost is None:
        raise NotFoundError(_("There is no such cost of this channel."))
    return cost


def costs_of(channel: Channel, community: Community) -> QuerySet[ChannelCost]:
    """What the channel cost in this community, the latest day first; what was withdrawn is left out."""
    return channel.costs.filter(community=community, withdrawn_at__isnull=True).select_related("by")


def open_links(community: Community) -> dict[int, JoinLink]:
    """Channel (id) → its open link into the community."""
    rows = JoinLink.objects.filter(community=community, closed_at__isnull=True).select_related("channel", "community")
    return {link.channel_id: link for link in rows}


def open_link_of(channel: Channel, community: Community) -> JoinLink | None:
    """The link of the channel into the community, None where none is open."""
    return channel.links.filter(community=community, closed_at__isnull=True).first()


def links_for(staff: Holder, community: Community) -> QuerySet[JoinLink]:
    """Every link into the community, closed ones, too, where this person may see it."""
    inside = communities_for(staff).filter(pk=community.pk)
    return JoinLink.objects.filter(community__in=inside).select_related("channel", "community")


def link_opened_by(code: str) -> JoinLink | None:
    """The open link of this code, of a channel that has not ended; None where there is none."""
    found = JoinLink.objects.filter(code=code, closed_at__isnull=True, channel__ended_at__isnull=True)
    return found.select_related("channel", "community").first()


def tallies(community: Community, period: Period) -> dict[str, Tally]:
    """Channel key → what it brought and cost on these local days; keys that facts alone know are among them."""
    since, until = period.instants(ZoneInfo(community.timezone))
    found: dict[str, Tally] = {}
    came = (
        Membership.objects.filter(_PEOPLE, community=community, joined_at__gte=since, joined_at__lt=until)
        .exclude(channel_key="")
        .order_by()
        .values_list("channel_key")
        .annotate(people=Count("identity__member", distinct=True))
    )
    for key, people in came:
        found.setdefault(key, Tally()).joins = people
    for key, visits in _visits(community, since, until):
        found.setdefault(key, Tally()).visits = visits
    spent = ChannelCost.objects.filter(
        community=community, day__gte=period.start, day__lte=period.end, withdrawn_at__isnull=True
    )
    for key, cost in spent.order_by().values_list("channel__key").annotate(cost=Sum("amount")):
        found.setdefault(key, Tally()).cost = cost
    return found


def _visits(community: Community, since: datetime, until: datetime) -> Iterable[tuple[str, int]]:
    counts = VisitCount.objects.filter(link__community=community, at__gte=since, at__lt=until)
    return counts.order_by().values_list("link__channel__key").annotate(visits=Sum("count"))


def visits_in_vain(communities: Iterable[int], *, since: datetime) -> dict[int, int]:
    """Community (id) → how many visitors have found no picture since then; those without any are left out."""
    counts = VisitCount.objects.filter(link__community__in=list(communities), at__gte=since, group__isnull=True)
    return dict(counts.order_by().values_list("link__community").annotate(visits=Sum("count")))


def nameless_keys(community: Community) -> list[str]:
    """Keys by which people joined and of which there is no channel yet, in order."""
    known = channels_into(community).values_list("key", flat=True)
    keys = Membership.objects.filter(community=community).exclude(channel_key="").values_list("channel_key", flat=True)
    return sorted(set(keys.order_by().distinct()) - set(known))


def standings(communities: Iterable[Community], *, now: datetime | None = None) -> list[Standing]:
    """The pictures that are up in these communities, in the order in which they are shown. Two queries."""
    moment = now or timezone.now()
    up = list(_pictures(communities))
    counts = _shown({one.group_id: _known_until(one) for one in up})
    return [
        Standing(one, max(one.present, one.people or 0), counts.get(one.group_id, 0), moment)  # type: ignore[attr-defined]
        for one in up
    ]


def _pictures(communities: Iterable[Community]) -> QuerySet[GroupPicture]:
    """With `present`, the accounts in the group now, and `joined`, when the last of them came."""
    inside = Membership.objects.filter(group=OuterRef("group")).order_by().values("group")
    here = inside.filter(left_at__isnull=True).annotate(n=Count("identity", distinct=True)).values("n")
    return (
        GroupPicture.objects.filter(group__community__in=list(communities), removed_at__isnull=True)
        .defer("picture")
        .select_related("group__community__unit")
        .annotate(
            present=Coalesce(Subquery(here), 0), joined=Subquery(inside.annotate(at=Max("joined_at")).values("at"))
        )
    )


def _known_until(picture: GroupPicture) -> datetime:
    """Until when it is known who is in the group: later visitors may have joined unseen."""
    told = picture.uploaded_at if picture.people is not None else _LONG_AGO
    return max(told, picture.joined or _LONG_AGO)  # type: ignore[attr-defined]


def _shown(since: dict[int, datetime]) -> dict[int, int]:
    """Group (id) → how many visitors were shown it after the moment given for it."""
    if not since:
        return {}
    wanted = Q(pk__in=[])
    for group, moment in since.items():
        wanted |= Q(group=group, at__gte=quarter_of(moment))
    return dict(VisitCount.objects.filter(wanted).order_by().values_list("group").annotate(visits=Sum("count")))


def picture_now(community: Community) -> Standing | None:
    """The picture a visitor of this community is shown; None where none serves."""
    return choose(standings([community]))


def picture_of(group: Group) -> GroupPicture | None:
    """The picture of this group that is up, None where there is none."""
    return GroupPicture.objects.filter(group=group, removed_at__isnull=True).first()


def picture_up(community: Community, digest: str) -> GroupPicture | None:
    """The picture with this digest while it is up in the community."""
    return GroupPicture.objects.filter(group__community=community, digest=digest, removed_at__isnull=True).first()


def coding_accounts(community: Community) -> QuerySet[Account]:
    """The accounts of the community's unit and those above it whose platforms make codes; paused ones are left out."""
    line = [int(part) for part in community.unit.path.split("/") if part]
    return Account.objects.filter(unit__in=line, platform__in=coded_platforms(), paused_at=None).select_related("unit")


def offers_into(community: Community) -> list[tuple[Account, Offer]]:
    """Every kind of code that can be made for channels into this community, with the account that makes it."""
    found = []
    for account in coding_accounts(community):
        coder = coder_of(account.platform)
        found += [(account, one) for one in coder.offers(account, community=community.slug)] if coder else []
    return found


def offer_of(account: Account, community: Community, kind: str) -> Offer:
    """What the account offers of this kind for this community; raises NotFoundError where it offers no such thing."""
    for other, offer in offers_into(community):
        if other == account and offer.kind == kind:
            return offer
    raise NotFoundError(_("No account makes such codes for this community."))


def codes_of(channel: Channel, community: Community) -> QuerySet[ChannelCode]:
    """The codes that platforms made of the channel into the community, those that stand first, then the newest."""
    rows = channel.codes.filter(community=community).select_related("account__unit", "made_by", "channel", "community")
    return rows.defer("picture").order_by(F("ended_at").desc(nulls_first=True), "-pk")


def get_code(channel: Channel, community: Community, pk: int) -> ChannelCode:
    """One of the channel's codes into the community; raises NotFoundError where it is none of them."""
    code = codes_of(channel, community).filter(pk=pk).first()
    if code is None:
        raise NotFoundError(_("The channel has no such code here."))
    return code
