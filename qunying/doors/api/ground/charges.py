"""Who answers for a community, what members are to it, and the part they have in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.ground.communities import MEMBERSHIPS, MembershipTold
from qunying.doors.api.paging import Noun, caller_of, made, page
from qunying.doors.api.plan.intents import owner_named
from qunying.doors.api.problems import wrong
from qunying.doors.api.shapes import Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.models import Staff
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.events.services_roles import give_role
from qunying.ground.groups.models import Community, Membership, Recognition, Stewardship
from qunying.ground.groups.queries import get_community_for, get_member_for
from qunying.ground.groups.services_stewards import (
    appoint_steward,
    dismiss_steward,
    recognise_member,
    withdraw_recognition,
)
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.members.models import Member

router = Router(tags=["communities"])
_LEVELS = {"leader": 1, "deputy": 2, "specialist": 3}
_NAMES = {number: name for name, number in _LEVELS.items()}


class StewardTold(Told):
    """Somebody who answers for a community: a colleague (`staff`, a sign-in name) or a member."""

    id: int
    level: str
    staff: str | None
    member: int | None
    at: Moment
    ended_at: Moment | None


class RecognitionTold(Told):
    """What a member is to a community, confirmed by a colleague."""

    id: int
    community: str
    member: int
    kind: str
    at: Moment
    ended_at: Moment | None


class StewardGiven(Given):
    """At which level, and who: a colleague by sign-in name, or a member who is there now."""

    level: Literal["leader", "deputy", "specialist"]
    staff: Annotated[Text, Field(min_length=1, max_length=60, examples=["lili"])] | None = None
    member: Id | None = None


class RecognitionGiven(Given):
    """What the member is known for: an opinion leader, or a producer of content."""

    member: Id
    kind: Literal["leader", "producer"]


class RoleGiven(Given):
    """The part in the group."""

    role: Literal["owner", "admin", "active", "member"]


class OpenList(Paging):
    """Which of them."""

    ended: bool = Field(default=False, description="true: those that have ended, too.")


def _stewards(rows: Sequence[Stewardship]) -> Iterable[dict[str, Any]]:
    for one in rows:
        yield {
            "id": one.pk,
            "level": _NAMES[one.level],
            "staff": one.staff.username if one.staff else None,
            "member": one.member_id,
            "at": one.at,
            "ended_at": one.ended_at,
        }


def _recognitions(rows: Sequence[Recognition]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told = {"id": one.pk, "community": one.community.slug, "member": one.member_id, "kind": one.kind}
        yield told | {"at": one.at, "ended_at": one.ended_at}


STEWARDS = Noun("stewards", StewardTold, _stewards)
RECOGNITIONS = Noun("recognitions", RecognitionTold, _recognitions)


@router.get("/communities/{slug}/stewards", response=Page[StewardTold], summary="Stewards of a community")
def list_stewards(request: HttpRequest, slug: Path[Slug], asked: Query[OpenList]) -> HttpResponse:
    """Who answers for it. Asks for `figures.see`."""
    community = get_community_for(caller_of(request), slug)
    found = community.stewardships.select_related("staff")
    return page(request, found if asked.ended else found.filter(ended_at=None), STEWARDS, asked, unit=community.unit)


@router.post("/communities/{slug}/stewards", response={201: StewardTold}, summary="Put somebody in charge")
def appoint(request: HttpRequest, slug: Path[Slug], given: Body[StewardGiven]) -> HttpResponse:
    """A new leader follows the one before. Asks for `communities.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_COMMUNITIES)
    person = _person(request, given, community)
    return made(request, STEWARDS, appoint_steward(community, level=_LEVELS[given.level], person=person, by=key))


@router.delete("/communities/{slug}/stewards/{pk}", response=StewardTold, summary="End a charge")
def dismiss(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """That they had it stays known. Asks for `communities.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_COMMUNITIES)
    found = community.stewardships.filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such charge in this community."))
    dismiss_steward(found, by=key)
    return STEWARDS.one(found)


@router.get("/communities/{slug}/recognitions", response=Page[RecognitionTold], summary="Recognised members")
def list_recognitions(request: HttpRequest, slug: Path[Slug], asked: Query[OpenList]) -> HttpResponse:
    """Opinion leaders and content producers. Asks for `members.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_MEMBERS)
    found = community.recognitions.select_related("community")
    found = found if asked.ended else found.filter(ended_at=None)
    return page(request, found, RECOGNITIONS, asked, unit=community.unit)


@router.post("/communities/{slug}/recognitions", response={201: RecognitionTold}, summary="Recognise a member")
def recognise(request: HttpRequest, slug: Path[Slug], given: Body[RecognitionGiven]) -> HttpResponse:
    """Confirms what somebody who is there now is known for. Asks for `members.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_MEMBERS)
    person = get_member_for(key, given.member)
    return made(request, RECOGNITIONS, recognise_member(person, community=community, kind=given.kind, by=key))


@router.delete("/communities/{slug}/recognitions/{pk}", response=RecognitionTold, summary="End a recognition")
def withdraw(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """That it was so stays known. Asks for `members.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_MEMBERS)
    found = community.recognitions.select_related("community").filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such recognition in this community."))
    withdraw_recognition(found, by=key)
    return RECOGNITIONS.one(found)


@router.patch("/communities/{slug}/memberships/{pk}", response=MembershipTold, summary="Give a part in a group")
def change_role(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[RoleGiven]) -> HttpResponse:
    """From now on, as a membership of its own. A group has one owner. Asks for `members.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_MEMBERS)
    found = Membership.objects.select_related("identity").filter(community=community, pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such membership in this community."))
    changed = give_role(found, role=given.role, by=key)
    return MEMBERSHIPS.one(next(one for one in changed if one.identity_id == found.identity_id))


def _person(request: HttpRequest, given: StewardGiven, community: Community) -> Staff | Member:
    """The colleague or the member given; raises ProblemError where it is not one of the two."""
    if (given.staff is None) == (given.member is None):
        raise wrong("staff", _("Name a colleague or a member, one of the two."))
    if given.member is not None:
        return get_member_for(caller_of(request), given.member)
    colleague = owner_named(given.staff)
    if colleague is None or not permissions_in(colleague, community.unit):
        raise wrong("staff", _("The roles of this colleague do not reach the community."))
    return colleague
