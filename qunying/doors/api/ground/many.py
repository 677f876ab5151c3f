"""Many members at once: tags given and taken, marks, and who may be a bot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router, Schema
from pydantic import Field

from qunying.doors.api.paging import as_json, caller_of
from qunying.doors.api.problems import wrong
from qunying.doors.api.shapes import Day, Given, Id, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.events.bots import suspects_in
from qunying.ground.events.selection import Marked, Selection, State, select_members
from qunying.ground.events.services_bots import deny_bots
from qunying.ground.groups.queries import get_community_for, members_of
from qunying.ground.members.models import Tag
from qunying.ground.members.services_many import mark_many_members, tag_many_members, untag_many_members
from qunying.ground.members.services_people import Mark
from qunying.ground.segments.queries import get_segment_for, members_of_segment, seen_by
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from qunying.ground.access.models import ApiKey
    from qunying.ground.events.bots import Suspect
    from qunying.ground.groups.models import Community

router = Router(tags=["members"])
_MOST = 10_000
_Days = Annotated[int, Field(ge=1, le=3650, examples=[30])]


class Where(Given):
    """Members by the filters of the list, all of which must fit; what is left out does not narrow."""

    q: Annotated[Text, Field(max_length=100, examples=["小美"])] = ""
    tags: list[Id] = Field(default_factory=list, max_length=20, description="Tags they all carry.")
    group: Id | None = None
    channel: Annotated[Text, Field(max_length=64)] = ""
    state: Literal["present", "left"] | None = None
    marked: Literal["none", "staff", "bot"] | None = None
    joined_from: Day | None = None
    joined_until: Day | None = None
    seen_within: _Days | None = None
    silent_for: _Days | None = None
    segment: Id | None = None


class Many(Given):
    """Whom it concerns: members by number, or those who fit `where`; `{}` means everyone."""

    members: Annotated[list[Id], Field(min_length=1, max_length=_MOST, examples=[[7, 8]])] | None = None
    where: Where | None = Field(None, description="The filters of the list of members.")


class ManyTagged(Many):
    """The tag to give, by the names of its dimension and itself."""

    dimension: Annotated[Text, Field(min_length=1, max_length=60)]
    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["上海"])]


class ManyUntagged(Many):
    """The tag to take."""

    tag: Id


class ManyMarked(Many):
    """Which mark, and whether it is given or taken."""

    mark: Literal["staff", "bot"]
    on: bool


class ManyTold(Told):
    """How many were meant, and those it is new of: name them to take it back."""

    chosen: int
    changed: list[int]
    tag: int | None


class ReasonTold(Schema):
    """What speaks for a bot: in how many of how many messages (for `clock`, hours), and what was seen there."""

    sign: Literal["name", "notices", "pattern", "clock"]
    seen: str
    count: int
    of: int


class SuspectTold(Told):
    """A member who looks like a bot, with all messages they ever wrote."""

    member: int
    name: str
    messages: int
    reasons: list[ReasonTold]


class SuspectList(Schema):
    """How many at most."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many things at most.")] = 100


class PeopleGiven(Given):
    """Members who are people, by number."""

    members: Annotated[list[Id], Field(min_length=1, max_length=200, examples=[[7, 8]])]


class PeopleTold(Told):
    """Those it is new of."""

    members: list[int]


@router.post("/communities/{slug}/members/tag", response=ManyTold, summary="Tag many members")
def tag_many(request: HttpRequest, slug: Path[Slug], given: Body[ManyTagged]) -> HttpResponse:
    """Those who carry it keep it. Asks for `members.edit`."""
    key, ids = _meant(request, slug, given)
    tag, changed = tag_many_members(ids, dimension=given.dimension, name=given.name, by=key)
    return _told(ids, changed, tag.pk)


@router.post("/communities/{slug}/members/untag", response=ManyTold, summary="Take a tag from many members")
def untag_many(request: HttpRequest, slug: Path[Slug], given: Body[ManyUntagged]) -> HttpResponse:
    """Those who do not carry it stay as they are. Asks for `members.edit`."""
    key, ids = _meant(request, slug, given)
    tag = Tag.objects.filter(pk=given.tag).first()
    if tag is None:
        raise NotFoundError(_("There is no such tag."))
    return _told(ids, untag_many_members(ids, tag=tag, by=key), tag.pk)


@router.post("/communities/{slug}/members/mark", response=ManyTold, summary="Mark many members")
def mark_many(request: HttpRequest, slug: Path[Slug], given: Body[ManyMarked]) -> HttpResponse:
    """As colleagues or bots, whom no figure counts; or take the mark away. Asks for `members.edit`."""
    key, ids = _meant(request, slug, given)
    return _told(ids, mark_many_members(ids, mark=Mark(given.mark), on=given.on, by=key))


@router.get("/communities/{slug}/suspects", response=list[SuspectTold], summary="Who may be a bot")
def list_suspects(request: HttpRequest, slug: Path[Slug], asked: Query[SuspectList]) -> HttpResponse:
    """Those with more signs first; none is a proof, so nobody is marked by itself. Asks for `members.edit`."""
    _key, community = _editable(request, slug)
    return as_json([_suspect(one) for one in suspects_in(community)[: asked.limit]])


@router.post("/communities/{slug}/suspects/deny", response=PeopleTold, summary="Say that they are people")
def deny(request: HttpRequest, slug: Path[Slug], given: Body[PeopleGiven]) -> HttpResponse:
    """They are not suggested again. Bots are marked as many members are. Asks for `members.edit`."""
    key, community = _editable(request, slug)
    return as_json({"members": deny_bots(given.members, community=community, by=key)})


def _editable(request: HttpRequest, slug: str) -> tuple[ApiKey, Community]:
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.SEE_MEMBERS)
    if not may(key, Permission.EDIT_MEMBERS, community.unit):
        raise NotAllowedError(_("The key may not change members. Give it “members.edit”."))
    return key, community


def _meant(request: HttpRequest, slug: str, given: Many) -> tuple[ApiKey, list[int]]:
    """The key, and the members of the community that are meant (ids); raises ProblemError where it is not clear."""
    key, community = _editable(request, slug)
    if (given.members is None) == (given.where is None):
        raise wrong("members", _("Name members by number, or say where: one of the two."))
    if given.where is None:
        found = members_of(community).filter(pk__among=given.members)
    else:
        found = select_members(community, _selection(key, given.where))
    return key, sorted(found.order_by().values_list("pk", flat=True).distinct())


def _selection(key: ApiKey, where: Where) -> Selection:
    selection = Selection(
        words=where.q,
        tags=tuple(dict.fromkeys(where.tags)),
        group=where.group,
        channel=where.channel,
        state=State(where.state) if where.state else None,
        marked=Marked(where.marked) if where.marked else None,
        joined_from=where.joined_from,
        joined_until=where.joined_until,
        seen_within=where.seen_within,
        silent_for=where.silent_for,
    )
    if where.segment is None:
        return selection
    segment = get_segment_for(key, where.segment)
    return replace(selection, among=tuple(members_of_segment(segment, seen_by(key, segment))))


def _told(ids: list[int], changed: list[int], tag: int | None = None) -> HttpResponse:
    return as_json({"chosen": len(ids), "changed": changed, "tag": tag})


def _suspect(one: Suspect) -> dict[str, Any]:
    reasons = [{"sign": why.sign, "seen": why.seen, "count": why.count, "of": why.of} for why in one.reasons]
    return {"member": one.member, "name": one.name, "messages": one.messages, "reasons": reasons}
