"""Communities, groups and who was in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Name, Page, Paging, Slug, Text, Told
from qunying.ground.access.queries import get_unit_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Community, Group, Membership
from qunying.ground.groups.queries import (
    communities_for,
    get_community_for,
    get_group_for,
    groups_of,
    with_counts,
)
from qunying.ground.groups.services import create_community, create_group, edit_community, edit_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["communities"])
_Kind = Literal["customer", "product", "industry"]
_GroupKind = Literal["core", "prospective", "general"]
_Long = Annotated[Text, Field(max_length=5000)]


class KeyTold(Told):
    """The key itself."""

    name: str
    prefix: str
    unit: int
    scopes: list[str]
    expires_at: Moment | None


class CommunityTold(Told):
    """A community: its days are local to `timezone`, its money minor units of `currency`."""

    id: int
    slug: str
    name: str
    unit: int
    kind: str
    introduction: str
    timezone: str
    currency: str
    simulated: bool
    groups: int
    present: int
    created_at: Moment


class GroupTold(Told):
    """A chat group; `present` counts the accounts in it now."""

    id: int
    community: str
    name: str
    platform: str
    kind: str
    capacity: int
    present: int
    announcement: str
    created_at: Moment


class MembershipTold(Told):
    """An interval during which somebody was in a group; `left_at` is null while they are."""

    id: int
    member: int
    identity: int
    group: int | None
    joined_at: Moment
    left_at: Moment | None
    role: str
    channel: str


class CommunityGiven(Given):
    """A new community."""

    slug: Annotated[Slug, Field(examples=["flower-shop"])]
    name: Name
    unit: Id
    kind: _Kind = "customer"
    introduction: _Long = ""
    timezone: Annotated[Text, Field(max_length=40, examples=["Asia/Shanghai"])] = "Asia/Shanghai"
    currency: Annotated[Text, Field(max_length=3, examples=["CNY"])] = "CNY"


class CommunityChange(Given):
    """What changes; what is left out stays."""

    name: Name | None = None
    unit: Id | None = None
    kind: _Kind | None = None
    introduction: _Long | None = None


class GroupGiven(Given):
    """A new group."""

    name: Name
    platform: Annotated[Text, Field(min_length=1, max_length=24, examples=["wechat"])]
    kind: _GroupKind = "general"
    capacity: Annotated[int, Field(ge=1, le=100_000)] = 150
    announcement: _Long = ""


class GroupChange(Given):
    """What changes; what is left out stays."""

    name: Name | None = None
    kind: _GroupKind | None = None
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    announcement: _Long | None = None


class MembershipList(Paging):
    """Which memberships."""

    group: Id | None = None
    open: bool | None = Field(None, description="true: those of people who are there now; false: ended ones.")


def _communities(communities: Sequence[Community]) -> Iterable[dict[str, Any]]:
    for one in with_counts(Community.objects.filter(pk__in=[row.pk for row in communities])).order_by("pk"):
        yield {
            "id": one.pk,
            "slug": one.slug,
            "name": one.name,
            "unit": one.unit_id,
            "kind": one.kind,
            "introduction": one.introduction,
            "timezone": one.timezone,
            "currency": one.currency,
            "simulated": one.simulated,
            "groups": getattr(one, "group_count", 0),
            "present": getattr(one, "present", 0),
            "created_at": one.created_at,
        }


def _groups(groups: Sequence[Group]) -> Iterable[dict[str, Any]]:
    for one in groups:
        yield {
            "id": one.pk,
            "community": one.community.slug,
            "name": one.name,
            "platform": one.platform,
            "kind": one.kind,
            "capacity": one.capacity,
            "present": getattr(one, "present", 0),
            "announcement": one.announcement,
            "created_at": one.created_at,
        }


def _memberships(memberships: Sequence[Membership]) -> Iterable[dict[str, Any]]:
    for one in memberships:
        yield {
            "id": one.pk,
            "member": one.identity.member_id,
            "identity": one.identity_id,
            "group": one.group_id,
            "joined_at": one.joined_at,
            "left_at": one.left_at,
            "role": one.role,
            "channel": one.channel_key,
        }


COMMUNITIES = Noun("communities", CommunityTold, _communities)
GROUPS = Noun("groups", GroupTold, _groups)
MEMBERSHIPS = Noun("memberships", MembershipTold, _memberships)


@router.get("/me", response=KeyTold, summary="The key itself", tags=["key"])
def show_key(request: HttpRequest) -> HttpResponse:
    """What this key is called, where it holds, what it may do and until when."""
    key = caller_of(request)
    told = {"name": key.name, "prefix": key.prefix, "unit": key.unit_id, "scopes": key.scopes}
    return as_json(told | {"expires_at": key.expires_at})


@router.get("/communities", response=Page[CommunityTold], summary="Communities")
def list_communities(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """The communities of the key's units. Asks for `figures.see`."""
    return page(request, communities_for(caller_of(request)), COMMUNITIES, asked)


@router.post("/communities", response={201: CommunityTold}, summary="Make a community")
def make_community(request: HttpRequest, given: Body[CommunityGiven]) -> HttpResponse:
    """Asks for `communities.edit` in the unit."""
    key = caller_of(request)
    unit = get_unit_for(key, given.unit, Permission.EDIT_COMMUNITIES)
    made = create_community(
        given.slug,
        name=given.name,
        unit=unit,
        by=key,
        kind=given.kind,
        introduction=given.introduction,
        timezone=given.timezone,
        currency=given.currency,
    )
    answer = COMMUNITIES.one(made, status=201)
    answer["Location"] = f"{request.path}/{made.slug}"
    return answer


@router.get("/communities/{slug}", response=CommunityTold, summary="One community")
def show_community(request: HttpRequest, slug: Path[Slug], asked: Query[Fields]) -> HttpResponse:
    """Asks for `figures.see`."""
    return COMMUNITIES.one(get_community_for(caller_of(request), slug), fields=asked.fields)


@router.patch("/communities/{slug}", response=CommunityTold, summary="Change a community")
def change_community(request: HttpRequest, slug: Path[Slug], given: Body[CommunityChange]) -> HttpResponse:
    """Asks for `communities.edit`, where it moves to another unit in that one, too."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_COMMUNITIES)
    unit = community.unit if given.unit is None else get_unit_for(key, given.unit, Permission.EDIT_COMMUNITIES)
    edit_community(
        community,
        name=community.name if given.name is None else given.name,
        kind=given.kind or community.kind,
        introduction=community.introduction if given.introduction is None else given.introduction,
        unit=unit,
        by=key,
    )
    return COMMUNITIES.one(community)


@router.get("/communities/{slug}/groups", response=Page[GroupTold], summary="Groups")
def list_groups(request: HttpRequest, slug: Path[Slug], asked: Query[Paging]) -> HttpResponse:
    """The groups of a community. Asks for `figures.see`."""
    community = get_community_for(caller_of(request), slug)
    return page(request, groups_of(community).select_related("community"), GROUPS, asked, unit=community.unit)


@router.post("/communities/{slug}/groups", response={201: GroupTold}, summary="Make a group")
def make_group(request: HttpRequest, slug: Path[Slug], given: Body[GroupGiven]) -> HttpResponse:
    """Asks for `communities.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_COMMUNITIES)
    made = create_group(community, **given.dict(), by=key)
    answer = GROUPS.one(made, status=201)
    answer["Location"] = f"{request.path}/{made.pk}"
    return answer


@router.get("/communities/{slug}/groups/{pk}", response=GroupTold, summary="One group")
def show_group(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `figures.see`."""
    return GROUPS.one(get_group_for(caller_of(request), slug, pk), fields=asked.fields)


@router.patch("/communities/{slug}/groups/{pk}", response=GroupTold, summary="Change a group")
def change_group(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[GroupChange]) -> HttpResponse:
    """Asks for `communities.edit`."""
    key = caller_of(request)
    group = get_group_for(key, slug, pk, Permission.EDIT_COMMUNITIES)
    stays = {name: getattr(group, name) for name in ("name", "kind", "capacity", "announcement")}
    edit_group(group, **(stays | given.dict(exclude_none=True)), by=key)
    return GROUPS.one(group)


@router.get("/communities/{slug}/memberships", response=Page[MembershipTold], summary="Memberships")
def list_memberships(request: HttpRequest, slug: Path[Slug], asked: Query[MembershipList]) -> HttpResponse:
    """Who was where from when to when. Asks for `members.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_MEMBERS)
    found = Membership.objects.filter(community=community).select_related("identity")
    if asked.group is not None:
        found = found.filter(group=asked.group)
    if asked.open is not None:
        found = found.filter(left_at__isnull=asked.open)
    return page(request, found, MEMBERSHIPS, asked, unit=community.unit)
