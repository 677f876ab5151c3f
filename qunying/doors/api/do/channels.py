"""Channels: what they brought and cost, their links."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.do.recruitment.models import Channel, ChannelCost, JoinLink
from qunying.do.recruitment.queries import (
    Tally,
    channels_into,
    costs_of,
    get_channel_for,
    links_for,
    open_link_of,
    tallies,
)
from qunying.do.recruitment.rules import check_may_change_channel, check_may_keep_channels
from qunying.do.recruitment.services import About, book_cost, close_link, create_channel, edit_channel, open_link
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.shapes import Day, Given, Id, Name, Page, Paging, Slug, Text, Told
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError
from qunying.kit.periods import last_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.groups.models import Community

router = Router(tags=["do"])
_Kind = Literal["owned", "partner", "word", "advert", "offline"]
_Wanted = Annotated[Text, Field(max_length=Channel.WANTED_LENGTH, description="Who is wanted; visitors read it, too.")]
_DAYS = 30


class ChannelTold(Told):
    """A way by which people come. Without a community it serves every community of the unit and below."""

    id: int
    key: str
    name: str
    kind: str
    wanted: str
    unit: int
    community: str | None
    ended_at: datetime | None


class BroughtTold(Told):
    """What a channel brought one community on some local days; visits and joins come from different witnesses."""

    first: date
    last: date
    visits: int
    joins: int
    cost: int
    currency: str
    cost_per_join: float | None


class LinkTold(Told):
    """A link that leads into a community; `address` is whole where QUNYING_PUBLIC_URL is set."""

    id: int
    channel: int
    community: str
    address: str
    created_at: datetime
    closed_at: datetime | None


class CostTold(Told):
    """What a channel cost, in minor units of the community's currency."""

    id: int
    channel: int
    day: date
    amount: int
    note: str


class ChannelGiven(Given):
    """A channel of one community."""

    name: Annotated[Name, Field(max_length=Channel.NAME_LENGTH)]
    kind: _Kind = "owned"
    wanted: _Wanted = ""
    key: Annotated[Text, Field(max_length=Channel.KEY_LENGTH, description="Without one, the name.")] = ""


class ChannelChange(Given):
    """What may change of a channel; what is left out stays."""

    name: Annotated[Name, Field(max_length=Channel.NAME_LENGTH)] | None = None
    kind: _Kind | None = None
    wanted: _Wanted | None = None


class CostGiven(Given):
    """What a channel cost on a local day."""

    day: Day
    amount: Annotated[int, Field(ge=1, lt=10**15, description="In minor units of the currency.", examples=[32000])]
    note: Annotated[Text, Field(max_length=ChannelCost.NOTE_LENGTH)] = ""


class BroughtAsked(Given):
    """Over how many days up to today."""

    days: Annotated[int, Field(ge=1, le=3660)] = _DAYS


def _channels(rows: Sequence[Channel]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = {name: getattr(one, name) for name in ("key", "name", "kind", "wanted", "ended_at")}
        yield {"id": one.pk, "unit": one.unit_id, "community": one.community and one.community.slug} | plain


def _links(rows: Sequence[JoinLink]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = {"created_at": one.created_at, "closed_at": one.closed_at}
        yield {
            "id": one.pk,
            "channel": one.channel_id,
            "community": one.community.slug,
            "address": address_of(one),
        } | plain


def _costs(rows: Sequence[ChannelCost]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = {"day": one.day.isoformat(), "amount": one.amount, "note": one.note}
        yield {"id": one.pk, "channel": one.channel_id} | plain


def address_of(link: JoinLink) -> str:
    """Where a link is opened; whole where the house has a public address."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("landing", args=[link.code])


CHANNELS = Noun("channels", ChannelTold, _channels)
LINKS = Noun("join_links", LinkTold, _links)
COSTS = Noun("channel_costs", CostTold, _costs)


@router.get("/communities/{slug}/channels", response=Page[ChannelTold], summary="Channels")
def list_channels(request: HttpRequest, slug: Path[Slug], asked: Query[Paging]) -> HttpResponse:
    """Its own and those of the units above it, ended ones, too. Asks for `figures.see`."""
    community = get_community_for(caller_of(request), slug)
    return page(request, channels_into(community), CHANNELS, asked, unit=community.unit)


@router.post("/communities/{slug}/channels", response={201: ChannelTold}, summary="Make a channel")
def make_channel(request: HttpRequest, slug: Path[Slug], given: Body[ChannelGiven]) -> HttpResponse:
    """With its link. Asks for `channels.edit`."""
    key, community = caller_of(request), _kept(request, slug)
    about = About(given.name, given.kind, given.wanted)
    return made(request, CHANNELS, create_channel(community, about=about, key=given.key, by=key))


@router.get("/communities/{slug}/channels/{pk}", response=ChannelTold, summary="One channel")
def show_channel(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Asks for `figures.see`."""
    return CHANNELS.one(get_channel_for(caller_of(request), slug, pk)[1])


@router.patch("/communities/{slug}/channels/{pk}", response=ChannelTold, summary="Change a channel")
def change_channel(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[ChannelChange]) -> HttpResponse:
    """Its key stays. Asks for `channels.edit` in the unit it is of."""
    key = caller_of(request)
    _community, channel = get_channel_for(key, slug, pk)
    check_may_change_channel(key, channel)
    told = given.dict(exclude_none=True)
    about = About(**({name: getattr(channel, name) for name in ("name", "kind", "wanted")} | told))
    return CHANNELS.one(edit_channel(channel, about=about, by=key))


@router.get("/communities/{slug}/channels/{pk}/brought", response=BroughtTold, summary="What a channel brought")
def show_brought(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[BroughtAsked]) -> HttpResponse:
    """Visits of its link, people known to have joined by it, its cost. Asks for `figures.see`."""
    community, channel = get_channel_for(caller_of(request), slug, pk)
    period = last_days(asked.days, until=timezone.localdate(timezone=ZoneInfo(community.timezone)))
    tally = tallies(community, period).get(channel.key, Tally())
    return as_json(
        {
            "first": period.start.isoformat(),
            "last": period.end.isoformat(),
            "visits": tally.visits,
            "joins": tally.joins,
            "cost": tally.cost,
            "currency": community.currency,
            "cost_per_join": tally.cost / tally.joins if tally.joins and tally.cost else None,
        }
    )


@router.post("/communities/{slug}/channels/{pk}/costs", response={201: CostTold}, summary="Book a cost of a channel")
def make_cost(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[CostGiven]) -> HttpResponse:
    """Asks for `channels.edit`."""
    community, channel = get_channel_for(caller_of(request), slug, pk)
    check_may_keep_channels(caller_of(request), community)
    cost = book_cost(
        channel, community=community, day=given.day, amount=given.amount, note=given.note, by=caller_of(request)
    )
    return made(request, COSTS, cost)


@router.get("/communities/{slug}/join-links", response=Page[LinkTold], summary="Join links")
def list_links(request: HttpRequest, slug: Path[Slug], asked: Query[Paging]) -> HttpResponse:
    """Links into the community, closed ones, too. Asks for `figures.see`."""
    community = get_community_for(caller_of(request), slug)
    return page(request, links_for(caller_of(request), community), LINKS, asked, unit=community.unit)


@router.post("/communities/{slug}/channels/{pk}/link", response=LinkTold, summary="Open a channel's link")
def make_link(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """The one that is open already, where there is one. Asks for `channels.edit`."""
    community, channel = get_channel_for(caller_of(request), slug, pk)
    check_may_keep_channels(caller_of(request), community)
    link = open_link_of(channel, community) or open_link(channel, community=community, by=caller_of(request))
    return LINKS.one(link, status=HTTPStatus.OK)


@router.get("/communities/{slug}/channels/{pk}/costs", response=Page[CostTold], summary="Costs of a channel")
def list_costs(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """In this community, without those that were taken back. Asks for `figures.see`."""
    community, channel = get_channel_for(caller_of(request), slug, pk)
    return page(request, costs_of(channel, community), COSTS, asked, unit=community.unit)


@router.delete("/communities/{slug}/channels/{pk}/link", response=LinkTold, summary="Close a channel's link")
def shut_link(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """For good: whatever was printed with it leads nowhere. Asks for `channels.edit`."""
    community, channel = get_channel_for(caller_of(request), slug, pk)
    check_may_keep_channels(caller_of(request), community)
    link = open_link_in(channel, community)
    return LINKS.one(close_link(link, by=caller_of(request)))


def open_link_in(channel: Channel, community: Community) -> JoinLink:
    """The open link of a channel into the community; raises NotFoundError where there is none."""
    link = open_link_of(channel, community)
    if link is None:
        raise NotFoundError(_("The channel has no open link here."))
    return link


def _kept(request: HttpRequest, slug: str) -> Community:
    community = get_community_for(caller_of(request), slug)
    check_may_keep_channels(caller_of(request), community)
    return community
