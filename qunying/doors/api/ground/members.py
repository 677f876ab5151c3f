"""People: what is known of them, their tags, marks and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Name, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import get_community_for, get_member_for, members_of
from qunying.ground.groups.rules import check_may_with_member
from qunying.ground.members.models import Identity, Member, Tag
from qunying.ground.members.queries import masked_fields, matching, tags_of
from qunying.ground.members.services_people import Mark, mark_members, rename_member, write_note
from qunying.ground.members.services_private import clear_private_field, set_private_field, unmask_private_field
from qunying.ground.members.services_tags import tag_members, untag_members
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["members"])
_Private = Literal["real_name", "phone", "email", "birthday", "address"]


class IdentityTold(Told):
    """An account of a person on a platform."""

    id: int
    platform: str
    external_id: str
    name: str


class TagTold(Told):
    """A tag and the dimension it belongs to."""

    id: int
    dimension: str
    name: str


class MemberTold(Told):
    """A person. Private fields are masked always; `/private/{name}` opens one, and that is written down."""

    id: int
    name: str
    is_staff: bool
    is_bot: bool
    identities: list[IdentityTold]
    tags: list[TagTold]
    private: dict[str, str]
    created_at: Moment


class PrivateTold(Told):
    """A private field, open."""

    name: str
    value: str


class NoteTold(Told):
    """A note about a person."""

    id: int
    text: str
    at: Moment


class MemberList(Paging):
    """Which members."""

    q: Annotated[
        Text, Field(max_length=100, description="Part of a name, the start of an account id, a whole private value.")
    ] = ""
    tag: Id | None = None
    present: bool | None = Field(None, description="true: those who are there now; false: those who left.")


class MemberChange(Given):
    """What changes; what is left out stays."""

    name: Name | None = None
    is_staff: bool | None = None
    is_bot: bool | None = None


class TagGiven(Given):
    """A tag by the names of its dimension and itself; it is made if there is none."""

    dimension: Annotated[Text, Field(min_length=1, max_length=60, examples=["城市"])]
    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["上海"])]


class PrivateGiven(Given):
    """What is to stand there."""

    value: Annotated[Text, Field(min_length=1, max_length=500, examples=["13800138000"])]


class NoteGiven(Given):
    """A note."""

    text: Annotated[Text, Field(min_length=1, max_length=2000)]


def _members(members: Sequence[Member]) -> Iterable[dict[str, Any]]:
    ids = [member.pk for member in members]
    private, tags = masked_fields(ids), tags_of(ids)
    accounts: dict[int, list[dict[str, Any]]] = {}
    for one in Identity.objects.filter(member__in=ids).order_by("pk"):
        told = {"id": one.pk, "platform": one.platform, "external_id": one.external_id, "name": one.display_name}
        accounts.setdefault(one.member_id, []).append(told)
    for member in members:
        yield {
            "id": member.pk,
            "name": member.display_name,
            "is_staff": member.is_staff,
            "is_bot": member.is_bot,
            "identities": accounts.get(member.pk, []),
            "tags": list(_tags([row.tag for row in tags.get(member.pk, [])])),
            "private": private.get(member.pk, {}),
            "created_at": member.created_at,
        }


def _tags(tags: Sequence[Tag]) -> Iterable[dict[str, Any]]:
    return ({"id": tag.pk, "dimension": tag.dimension.label, "name": tag.label} for tag in tags)


MEMBERS = Noun("members", MemberTold, _members)
TAGS = Noun("tags", TagTold, _tags)


@router.get("/communities/{slug}/members", response=Page[MemberTold], summary="Members")
def list_members(request: HttpRequest, slug: Path[Slug], asked: Query[MemberList]) -> HttpResponse:
    """Everyone who is or was in the community. Asks for `members.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_MEMBERS)
    found = members_of(community)
    if asked.q.strip():
        found = found.filter(pk__in=Member.objects.filter(matching(asked.q)).order_by().values("pk"))
    if asked.tag is not None:
        found = found.filter(member_tags__tag=asked.tag)
    if asked.present is not None:
        found = found.filter(**{"present": asked.present})  # noqa: PIE804 - a column of with_presence
    return page(request, found, MEMBERS, asked, unit=community.unit)


@router.get("/members/{pk}", response=MemberTold, summary="One member")
def show_member(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `members.see` in a community they are or were in."""
    return MEMBERS.one(get_member_for(caller_of(request), pk), fields=asked.fields)


@router.patch("/members/{pk}", response=MemberTold, summary="Change a member")
def change_member(request: HttpRequest, pk: Path[Id], given: Body[MemberChange]) -> HttpResponse:
    """The name, and whether it is a colleague or a bot. Asks for `members.edit`."""
    key = caller_of(request)
    member = editable(request, pk)
    if given.name is not None:
        rename_member(member, name=given.name, by=key)
    for mark, on in ((Mark.STAFF, given.is_staff), (Mark.BOT, given.is_bot)):
        if on is not None:
            mark_members([member.pk], mark=mark, on=on, by=key)
    member.refresh_from_db()
    return MEMBERS.one(member)


@router.post("/members/{pk}/tags", response=MemberTold, summary="Tag a member")
def tag_member(request: HttpRequest, pk: Path[Id], given: Body[TagGiven]) -> HttpResponse:
    """Asks for `members.edit`. A tag carried already stays as it is."""
    member = editable(request, pk)
    tag_members([member.pk], dimension=given.dimension, name=given.name, by=caller_of(request))
    return MEMBERS.one(member)


@router.delete("/members/{pk}/tags/{tag}", response=MemberTold, summary="Take a tag off")
def untag_member(request: HttpRequest, pk: Path[Id], tag: Path[Id]) -> HttpResponse:
    """Asks for `members.edit`. A tag not carried changes nothing."""
    member = editable(request, pk)
    found = Tag.objects.filter(pk=tag).first()
    if found is None:
        raise NotFoundError(_("There is no such tag."))
    untag_members([member.pk], tag=found, by=caller_of(request))
    return MEMBERS.one(member)


@router.post("/members/{pk}/notes", response={201: NoteTold}, summary="Write a note")
def note_member(request: HttpRequest, pk: Path[Id], given: Body[NoteGiven]) -> HttpResponse:
    """Asks for `members.edit`."""
    note = write_note(editable(request, pk), text=given.text, by=caller_of(request))
    return as_json({"id": note.pk, "text": note.text, "at": note.at}, status=201)


@router.get("/members/{pk}/private/{name}", response=PrivateTold, summary="Open a private field")
def show_private(request: HttpRequest, pk: Path[Id], name: Path[_Private]) -> HttpResponse:
    """The value in the open; each look is written down. Asks for `members.unmask`."""
    key = caller_of(request)
    member = get_member_for(key, pk)
    check_may_with_member(key, Permission.UNMASK, member)
    return as_json({"name": name, "value": unmask_private_field(member, name=name, by=key)})


@router.put("/members/{pk}/private/{name}", response=MemberTold, summary="Write a private field")
def write_private(request: HttpRequest, pk: Path[Id], name: Path[_Private], given: Body[PrivateGiven]) -> HttpResponse:
    """Kept encrypted, told masked. Asks for `members.edit`."""
    member = editable(request, pk)
    set_private_field(member, name=name, value=given.value, by=caller_of(request))
    return MEMBERS.one(member)


@router.delete("/members/{pk}/private/{name}", response=MemberTold, summary="Clear a private field")
def clear_private(request: HttpRequest, pk: Path[Id], name: Path[_Private]) -> HttpResponse:
    """Asks for `members.edit`."""
    member = editable(request, pk)
    clear_private_field(member, name=name, by=caller_of(request))
    return MEMBERS.one(member)


@router.get("/tags", response=Page[TagTold], summary="Tags")
def list_tags(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """The words people are sorted by. Asks for `members.see`."""
    if not may_anywhere(caller_of(request), Permission.SEE_MEMBERS):
        raise NotAllowedError(_("The key may not see members. Give it “members.see”."))
    return page(request, Tag.objects.filter(archived_at__isnull=True).select_related("dimension"), TAGS, asked)


def editable(request: HttpRequest, pk: int) -> Member:
    """The member, where the key may change people."""
    key = caller_of(request)
    member = get_member_for(key, pk)
    check_may_with_member(key, Permission.EDIT_MEMBERS, member)
    return member
