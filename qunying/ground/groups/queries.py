"""Communities and groups as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Community, Group, Membership
from qunying.ground.members.models import Member, MemberTag, Tag
from qunying.ground.members.queries import matching
from qunying.kit.errors import NotFoundError
from qunying.kit.plans import only, only_among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.platforms.models import Account


_COUNTED = {"identity__member__is_staff": False, "identity__member__is_bot": False}


def communities_for(staff: Holder, permission: Permission = Permission.SEE_FIGURES) -> QuerySet[Community]:
    """The communities in whose unit this person holds the permission."""
    return Community.objects.filter(unit__in=units_for(staff, permission)).select_related("unit")


def get_community_for(staff: Holder, slug: str, permission: Permission = Permission.SEE_FIGURES) -> Community:
    """The community of this slug; raises NotFoundError where there is none or it is not this person's."""
    community = communities_for(staff, permission).filter(slug=slug).first()
    if community is None:
        raise NotFoundError(_("There is no community “%(slug)s” that you may open.") % {"slug": slug})
    return community


def get_community(slug: str) -> Community:
    """The community of this slug, for the command line; raises NotFoundError naming those there are."""
    community = Community.objects.filter(slug=slug).first()
    if community is None:
        known = ", ".join(Community.objects.order_by("slug").values_list("slug", flat=True)) or "—"
        raise NotFoundError(
            _("There is no community “%(slug)s”. Those there are: %(known)s.") % {"slug": slug, "known": known}
        )
    return community


def with_counts(communities: QuerySet[Community]) -> QuerySet[Community]:
    """Communities with `group_count` and `present`, the people in them now without staff and bots."""
    groups = Group.objects.filter(community=OuterRef("pk")).order_by().values("community").annotate(n=Count("pk"))
    inside = (
        Membership.objects.filter(community=OuterRef("pk"), left_at__isnull=True, **_COUNTED)
        .order_by()
        .values("community")
        .annotate(n=Count("identity__member", distinct=True))
    )
    return communities.annotate(
        group_count=Coalesce(Subquery(groups.values("n")), 0),
        present=Coalesce(Subquery(inside.values("n")), 0),
    )


def groups_of(community: Community) -> QuerySet[Group]:
    """The groups of a community with `present`: the accounts in each now, whoever they belong to.

    All of them count, for all of them take a place.
    """
    open_now = Count("memberships__identity", filter=Q(memberships__left_at__isnull=True), distinct=True)
    return community.groups.annotate(present=open_now)


def groups_through(account: Account) -> QuerySet[Group]:
    """The groups that are spoken to through this account, with their communities, in the order of both names."""
    found = Group.objects.filter(account=account).select_related("community__unit", "account")
    return found.order_by("community__name", "name")


def platforms_of(community: Community) -> list[str]:
    """Short names of the platforms its groups are on, in order."""
    return list(community.groups.order_by("platform").values_list("platform", flat=True).distinct())


def get_group_for(staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_FIGURES) -> Group:
    """The group of this community and id; raises NotFoundError where it is not this person's."""
    group = groups_of(get_community_for(staff, slug, permission)).filter(pk=pk).first()
    if group is None:
        raise NotFoundError(_("There is no such group in this community."))
    return group


def members_of(community: Community) -> QuerySet[Member]:
    """Everyone who is or was in the community, with what `with_presence` adds."""
    inside = Membership.objects.filter(community=community)
    return with_presence(Member.objects.filter(pk__in=inside.values("identity__member")), community)


def with_presence(members: QuerySet[Member], community: Community) -> QuerySet[Member]:
    """Members with `joined_at` (first joining of the community, UTC) and `present` (a membership is open)."""
    theirs = Membership.objects.filter(only("community_id", community.pk), identity__member=OuterRef("pk"))
    return members.annotate(
        joined_at=Subquery(theirs.order_by("joined_at").values("joined_at")[:1]),
        present=Exists(theirs.filter(left_at__isnull=True)),
    )


def get_member_for(staff: Holder, pk: int, permission: Permission = Permission.SEE_MEMBERS) -> Member:
    """The member of this id; raises NotFoundError unless they are or were in a community of this person's."""
    member = Member.objects.filter(_of_communities(communities_for(staff, permission)), pk=pk).first()
    if member is None:
        raise NotFoundError(_("There is no such member, or not in a community that you may open."))
    return member


def named_like(words: str, communities: Iterable[Community]) -> QuerySet[Member]:
    """Members of these communities whom a search for the words finds, by name."""
    inside = Membership.objects.filter(
        only_among("community_id", [row.pk for row in communities]), identity__member=OuterRef("pk")
    )
    found = Member.objects.filter(matching(words)).order_by().values("pk")
    return Member.objects.filter(Exists(inside), pk__in=found).order_by("display_name", "pk")


def memberships_of(member: Member, *, staff: Holder) -> QuerySet[Membership]:
    """Where the person is and was, latest first, as far as this colleague may see."""
    visible = communities_for(staff, Permission.SEE_MEMBERS).values_list("pk", flat=True)
    return (
        Membership.objects.filter(only_among("community_id", visible), identity__member=member)
        .select_related("community", "group", "identity")
        .order_by("-joined_at", "-pk")
    )


def _of_communities(communities: QuerySet[Community]) -> Exists:
    visible = only_among("community_id", communities.values_list("pk", flat=True))
    return Exists(Membership.objects.filter(visible, identity__member=OuterRef("pk")))


def channels_of(community: Community) -> list[str]:
    """Keys of the channels by which people joined, in order; joinings without one are left out."""
    keys = Membership.objects.filter(community=community).exclude(channel_key="").values_list("channel_key", flat=True)
    return sorted(keys.order_by().distinct())


def groups_by_member(members: Iterable[int], community: Community) -> dict[int, list[str]]:
    """Names of the groups each of these members (ids) is in now, in order. One query."""
    rows = (
        Membership.objects.filter(
            only("community_id", community.pk),
            left_at__isnull=True,
            group__isnull=False,
            identity__member__in=list(members),
        )
        .order_by("group__name")
        .values_list("identity__member_id", "group__name")
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for member, name in rows:
        found.setdefault(member, []).append(name)
    return found


def in_several_groups(community: Community, *, group: Group | None = None) -> QuerySet[Member]:
    """People who are in two or more of the community's groups now, staff and bots left out; with `group`, in it, too.

    With `group_count`, how many groups it is, and `since`, when they came into the latest of them. One person with
    several accounts is one person.
    """
    there = Membership.objects.filter(
        only("community_id", community.pk), left_at__isnull=True, group__isnull=False, **_COUNTED
    )
    several = there.order_by().values("identity__member").annotate(n=Count("group", distinct=True)).filter(n__gt=1)
    theirs = there.filter(identity__member=OuterRef("pk")).order_by().values("identity__member")
    found = Member.objects.filter(pk__in=several.values("identity__member"))
    if group is not None:
        found = found.filter(Exists(there.filter(identity__member=OuterRef("pk"), group=group)))
    return found.annotate(
        group_count=Subquery(theirs.annotate(n=Count("group", distinct=True)).values("n")),
        since=Subquery(theirs.annotate(at=Max("joined_at")).values("at")),
    )


def present_in_groups(community: Community) -> int:
    """How many people are in any of the community's groups now, staff and bots left out."""
    there = Membership.objects.filter(
        only("community_id", community.pk), left_at__isnull=True, group__isnull=False, **_COUNTED
    )
    return there.order_by().values("identity__member").distinct().count()


def tags_in(community: Community) -> QuerySet[Tag]:
    """The tags that members of this community carry, with their dimensions, in the order of both names."""
    here = only("member__identities__memberships__community_id", community.pk)
    carried = MemberTag.objects.filter(here, tag=OuterRef("pk"))
    return Tag.objects.filter(Exists(carried)).select_related("dimension").order_by("dimension__name", "name")


def currencies_of(communities: Iterable[int]) -> list[str]:
    """The currencies these communities (ids) count in, in order."""
    chosen = Community.objects.filter(pk__in=list(communities))
    return sorted(set(chosen.values_list("currency", flat=True)))


def communities_by_currency(communities: Iterable[int]) -> dict[str, list[int]]:
    """These communities (ids) by the currency they count in; currencies and ids in order."""
    found: dict[str, list[int]] = {}
    chosen = Community.objects.filter(pk__in=list(communities)).order_by("currency", "pk")
    for pk, currency in chosen.values_list("pk", "currency"):
        found.setdefault(currency, []).append(pk)
    return found


def zones_of(communities: Iterable[int]) -> dict[int, ZoneInfo]:
    """The time zones of these communities, by id."""
    chosen = Community.objects.filter(pk__in=list(communities))
    return {pk: ZoneInfo(name) for pk, name in chosen.values_list("pk", "timezone")}
