"""Acts on channels for programs: ending, costs taken back, links closed and printed, pictures for joining."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Path, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from qunying.do.recruitment.bounds import choose, state_of
from qunying.do.recruitment.queries import (
    get_channel_for,
    get_cost,
    picture_of,
    standings,
)
from qunying.do.recruitment.rules import check_may_change_channel, check_may_keep_channels
from qunying.do.recruitment.services import end_channel, resume_channel, withdraw_cost
from qunying.do.recruitment.services_pictures import put_picture, remove_picture, show_first
from qunying.doors.api.do.channels import CHANNELS, ChannelTold, address_of, open_link_in
from qunying.doors.api.paging import as_json, caller_of
from qunying.doors.api.shapes import Day, Given, Id, Moment, Slug, Told
from qunying.ground.groups.queries import get_community_for, get_group_for
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from qunying.do.recruitment.models import Channel, GroupPicture
    from qunying.ground.groups.models import Community, Group

router = Router(tags=["do"])
_Form = Literal["png", "svg"]
_MOST_READ = 5_000_001
_CHANNEL = "/communities/{slug}/channels/{pk}"
_PICTURE = "/communities/{slug}/groups/{pk}/join-picture"
_CODES = {200: {"content": {kind: {"schema": {"type": "string"}} for kind in ("image/png", "image/svg+xml")}}}
_JPEG = {200: {"content": {"image/jpeg": {"schema": {"type": "string"}}}}}


class JoinPictureTold(Told):
    """The picture by which people join a group, and how it stands."""

    group: int
    state: str = Field(description="shown, waiting (for the one before it), full, expired.", examples=["shown"])
    people: int = Field(description="So many may be in the group by now.", examples=[120])
    places: int = Field(description="So many it takes in by scanning.", examples=[200])
    uploaded_at: Moment
    expires_at: Moment | None


class JoinPictureAsked(Given):
    """What is known about a picture that is put up."""

    until: Annotated[
        Day | None, Field(description="The local day before which it is valid; without, as long as is allowed.")
    ] = None
    people: Annotated[int | None, Field(ge=0, le=100_000, description="How many are in the group now.")] = None


@router.post(f"{_CHANNEL}/end", response=ChannelTold, summary="End a channel")
def stop_channel(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Its links lead nowhere, what it brought stays. Asks for `channels.edit` in the unit it is of."""
    return CHANNELS.one(end_channel(_changeable(request, slug, pk), by=caller_of(request)))


@router.post(f"{_CHANNEL}/resume", response=ChannelTold, summary="Take a channel up again")
def take_up_channel(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Its open links lead on as before. Asks for `channels.edit` in the unit it is of."""
    return CHANNELS.one(resume_channel(_changeable(request, slug, pk), by=caller_of(request)))


@router.delete(f"{_CHANNEL}/costs/{{cost}}", response={204: None}, summary="Take a cost of a channel back")
def drop_cost(request: HttpRequest, slug: Path[Slug], pk: Path[Id], cost: Path[Id]) -> HttpResponse:
    """It counts no more and stays on record. Asks for `channels.edit`."""
    community, channel = _kept(request, slug, pk)
    withdraw_cost(get_cost(channel, community, cost), by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get(
    f"{_CHANNEL}/code.{{form}}",
    response={200: None},
    summary="The code of a channel's link",
    openapi_extra={"responses": _CODES},
)
def show_code(request: HttpRequest, slug: Path[Slug], pk: Path[Id], form: Path[_Form]) -> HttpResponse:
    """To be printed, as PNG or SVG, with the names under it. Asks for `figures.see`."""
    from qunying.do.recruitment.printing import FORMS, draw_code

    community, channel = get_channel_for(caller_of(request), slug, pk)
    link = open_link_in(channel, community)
    drawn = draw_code(address_of(link), title=f"{community.name} · {channel.name}", form=form)
    return HttpResponse(drawn, content_type=FORMS[form])


@router.get(
    "/communities/{slug}/join-pictures", response=list[JoinPictureTold], summary="Pictures by which people join"
)
def list_pictures(request: HttpRequest, slug: Path[Slug]) -> HttpResponse:
    """Those that are up, in the order in which they are shown. Asks for `figures.see`."""
    return as_json(_told(get_community_for(caller_of(request), slug)))


@router.get(
    _PICTURE,
    response={200: None},
    summary="The picture by which people join a group",
    openapi_extra={"responses": _JPEG},
)
def show_picture(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """As JPEG. Asks for `figures.see`."""
    picture = _up(get_group_for(caller_of(request), slug, pk))
    return HttpResponse(bytes(picture.picture), content_type="image/jpeg")


@router.post(_PICTURE, response=list[JoinPictureTold], summary="Put a picture up by which people join a group")
def put_up(
    request: HttpRequest,
    slug: Path[Slug],
    pk: Path[Id],
    asked: Query[JoinPictureAsked],
    picture: File[UploadedFile],
) -> HttpResponse:
    """In the place of the one that was up; tells all that are. Asks for `channels.edit`."""
    group = _group(request, slug, pk)
    put_picture(group, raw=picture.read(_MOST_READ), until=asked.until, people=asked.people, by=caller_of(request))
    return as_json(_told(group.community))


@router.post(f"{_PICTURE}/first", response=list[JoinPictureTold], summary="Show a group's picture before the others")
def put_first(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """As long as it serves. Asks for `channels.edit`."""
    group = _group(request, slug, pk)
    show_first(_up(group), by=caller_of(request))
    return as_json(_told(group.community))


@router.delete(_PICTURE, response={204: None}, summary="Take the picture of a group down")
def take_down(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Nobody is led into the group any more. Asks for `channels.edit`."""
    remove_picture(_up(_group(request, slug, pk)), by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _told(community: Community) -> list[dict[str, Any]]:
    up = standings([community])
    chosen = choose(up)
    return [
        {
            "group": one.picture.group_id,
            "state": state_of(one, chosen).value,
            "people": one.people,
            "places": one.places,
            "uploaded_at": one.picture.uploaded_at,
            "expires_at": one.picture.expires_at,
        }
        for one in up
    ]


def _changeable(request: HttpRequest, slug: str, pk: int) -> Channel:
    _community, channel = get_channel_for(caller_of(request), slug, pk)
    check_may_change_channel(caller_of(request), channel)
    return channel


def _kept(request: HttpRequest, slug: str, pk: int) -> tuple[Community, Channel]:
    community, channel = get_channel_for(caller_of(request), slug, pk)
    check_may_keep_channels(caller_of(request), community)
    return community, channel


def _group(request: HttpRequest, slug: str, pk: int) -> Group:
    group = get_group_for(caller_of(request), slug, pk)
    check_may_keep_channels(caller_of(request), group.community)
    return group


def _up(group: Group) -> GroupPicture:
    picture = picture_of(group)
    if picture is None:
        raise NotFoundError(_("No picture is up for “%(group)s”.") % {"group": group.name})
    return picture
