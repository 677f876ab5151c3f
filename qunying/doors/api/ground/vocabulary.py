"""The words people are sorted by: dimensions, tags, and segments that set a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.ground.members import TAGS, TagTold
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.problems import wrong
from qunying.doors.api.shapes import Given, Id, Page, Paging, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_everywhere
from qunying.ground.members.models import Tag, TagDimension
from qunying.ground.members.services_vocabulary import (
    add_tag,
    archive_words,
    merge_tags,
    rename_dimension,
    rename_tag,
    ship_dimensions,
)
from qunying.ground.segments.queries import get_segment_for
from qunying.ground.segments.services_tagging import keep_in_step, set_segment_tag
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.access.models import ApiKey

router = Router(tags=["members"])
_DimensionName = Annotated[Text, Field(min_length=1, max_length=60, examples=["城市"])]
_TagName = Annotated[Text, Field(min_length=1, max_length=80, examples=["上海"])]
_Archived = Annotated[bool, Field(description="true: no longer offered; who carries it keeps it.")]


class DimensionTold(Told):
    """A dimension; `shipped` ones come with Qunying."""

    id: int
    name: str
    aspect: str
    shipped: bool
    archived: bool


class ShippedTold(Told):
    """How many rows were put in or recognised by name."""

    rows: int


class StepTold(Told):
    """How many members got the tag of the segment, how many lost it."""

    tag: int | None
    given: int
    taken: int


class DimensionChange(Given):
    """What changes; what is left out stays."""

    name: _DimensionName | None = None
    archived: _Archived | None = None


class TagChange(Given):
    """What changes; what is left out stays."""

    name: _TagName | None = None
    archived: _Archived | None = None


class NewTag(Given):
    """A new tag of a dimension."""

    name: _TagName


class TagMerge(Given):
    """The tag of the same dimension it becomes."""

    into: Id


class SegmentTag(Given):
    """The tag that those who fit are given, null for none."""

    tag: Id | None


def _dimensions(rows: Sequence[TagDimension]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told = {"id": one.pk, "name": one.label, "aspect": one.aspect}
        yield told | {"shipped": bool(one.key), "archived": one.archived_at is not None}


DIMENSIONS = Noun("dimensions", DimensionTold, _dimensions)


@router.get("/dimensions", response=Page[DimensionTold], summary="Dimensions of tags")
def list_dimensions(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """Asks for `members.see`."""
    if not may_anywhere(caller_of(request), Permission.SEE_MEMBERS):
        raise NotAllowedError(_("The key may not see members. Give it “members.see”."))
    return page(request, TagDimension.objects.all(), DIMENSIONS, asked)


@router.post("/dimensions/ship", response=ShippedTold, summary="Put in the shipped dimensions")
def ship(request: HttpRequest) -> HttpResponse:
    """Those that are missing. Asks for `members.edit` everywhere."""
    return as_json({"rows": ship_dimensions(by=_keeper(request))})


@router.patch("/dimensions/{pk}", response=DimensionTold, summary="Change a dimension")
def change_dimension(request: HttpRequest, pk: Path[Id], given: Body[DimensionChange]) -> HttpResponse:
    """Its name, and whether it is offered. Asks for `members.edit` everywhere."""
    key, dimension = _keeper(request), _dimension(pk)
    if given.name is not None:
        rename_dimension(dimension, name=given.name, by=key)
    if given.archived is not None:
        archive_words(dimension, on=given.archived, by=key)
    return DIMENSIONS.one(dimension)


@router.post("/dimensions/{pk}/tags", response={201: TagTold}, summary="Add a tag to a dimension")
def make_tag(request: HttpRequest, pk: Path[Id], given: Body[NewTag]) -> HttpResponse:
    """Asks for `members.edit` everywhere."""
    key = _keeper(request)
    return made(request, TAGS, add_tag(_dimension(pk), name=given.name, by=key), at="/api/v1/tags")


@router.patch("/tags/{pk}", response=TagTold, summary="Change a tag")
def change_tag(request: HttpRequest, pk: Path[Id], given: Body[TagChange]) -> HttpResponse:
    """Its name, and whether it is offered. Asks for `members.edit` everywhere."""
    key, tag = _keeper(request), _tag(pk)
    if given.name is not None:
        rename_tag(tag, name=given.name, by=key)
    if given.archived is not None:
        archive_words(tag, on=given.archived, by=key)
    return TAGS.one(tag)


@router.post("/tags/{pk}/merge", response=TagTold, summary="Merge two tags")
def merge(request: HttpRequest, pk: Path[Id], given: Body[TagMerge]) -> HttpResponse:
    """Everyone who carries this tag carries the other one instead. Asks for `members.edit` everywhere."""
    key, tag = _keeper(request), _tag(pk)
    into = Tag.objects.filter(dimension=tag.dimension_id, pk=given.into).select_related("dimension").first()
    if into is None:
        raise wrong("into", _("Choose the tag it becomes."))
    merge_tags(tag, into=into, by=key)
    return TAGS.one(into)


@router.post("/segments/{pk}/tag", response=StepTold, summary="Have a segment set a tag", tags=["segments"])
def tag_segment(request: HttpRequest, pk: Path[Id], given: Body[SegmentTag]) -> HttpResponse:
    """From now on, kept in step every night; null takes back what it gave. Asks for `members.edit`."""
    key = caller_of(request)
    segment = get_segment_for(key, pk, Permission.EDIT_MEMBERS)
    tag = None if given.tag is None else _tag(given.tag)
    set_segment_tag(segment, tag=tag, by=key)
    got, lost = keep_in_step(segment, by=key) if tag else (0, 0)
    return as_json({"tag": given.tag, "given": got, "taken": lost})


def _keeper(request: HttpRequest) -> ApiKey:
    key = caller_of(request)
    if not may_everywhere(key, Permission.EDIT_MEMBERS):
        raise NotAllowedError(_("These words are everyone's. Ask a director of the whole organisation."))
    return key


def _dimension(pk: int) -> TagDimension:
    found = TagDimension.objects.filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such dimension."))
    return found


def _tag(pk: int) -> Tag:
    found = Tag.objects.select_related("dimension").filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such tag."))
    return found
