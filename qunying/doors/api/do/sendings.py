"""Sendings for programs: drafted, handed in, released, called off."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.do.reach.models import Sending, SendingGroup
from qunying.do.reach.queries import get_sending_for, preview_of, sendings_for, tally
from qunying.do.reach.rules import may_send
from qunying.do.reach.services import Draft, cancel_sending, give_back, hand_in, release_sending, write_sending
from qunying.do.reach.services_outcomes import send_refused_again
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.problems import wrong
from qunying.doors.api.shapes import Fields, Given, Id, Instant, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.models import Group
from qunying.ground.groups.queries import get_community_for
from qunying.ground.segments.queries import segments_at
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from qunying.ground.groups.models import Community
    from qunying.ground.segments.models import Segment

router = Router(tags=["do"])
_State = Literal["drafted", "checked", "going", "done", "cancelled"]
_Title = Annotated[Text, Field(min_length=1, max_length=Sending.TITLE_LENGTH, examples=["周五晒花"])]
_Words = Annotated[Text, Field(min_length=1, max_length=Sending.WORDS_LENGTH, examples=["今晚七点半，来晒花吧。"])]
_Groups = Annotated[list[Id], Field(max_length=500, description="To which groups; or a segment.")]
_Segment = Annotated[Id, Field(description="To the people of this segment, one by one; or groups.")]
_Platform = Annotated[Text, Field(max_length=24, examples=["wechat"])]
_Platforms = Annotated[
    list[_Platform], Field(max_length=20, description="People are reached there only; none: anywhere.")
]
_Advert = Annotated[
    bool, Field(description="It wants to sell: it needs consent, and the mark 「广告」.", examples=[False])
]
_Clicks = Annotated[bool, Field(description="Links in it become short ones that count clicks.", examples=[True])]


class SendingTold(Told):
    """Words for groups or for the people of a segment. `digest` names what was handed in, '' for a draft."""

    id: int
    community: str
    title: str = Field(examples=["周五晒花"])
    words: str = Field(examples=["今晚七点半，来晒花吧。"])
    state: str = Field(description="drafted, checked (waits for release), going, done, cancelled.", examples=["going"])
    groups: list[int] = Field(description="To which groups.")
    segment: int | None = Field(examples=[None])
    platforms: list[str] = Field(examples=[[]])
    due_at: Moment | None = Field(description="When it leaves; null: as soon as it is released.")
    advert: bool = Field(examples=[False])
    counts_clicks: bool = Field(examples=[True])
    digest: str = Field(examples=["9f2c"])
    author: str = Field(examples=["lili"])
    released_by: str | None = Field(examples=["wang"])
    released_at: Moment | None
    ended_at: Moment | None


class SendingGiven(Given):
    """A sending: to groups, or to the people of a segment."""

    title: _Title
    words: _Words
    groups: _Groups = Field(default_factory=list)
    segment: _Segment | None = None
    platforms: _Platforms = Field(default_factory=list)
    due_at: Instant | None = None
    advert: _Advert = False
    counts_clicks: _Clicks = False


class SendingChange(Given):
    """What changes; what is left out stays, null takes away."""

    title: _Title | None = None
    words: _Words | None = None
    groups: _Groups | None = None
    segment: _Segment | None = None
    platforms: _Platforms | None = None
    due_at: Instant | None = None
    advert: _Advert | None = None
    counts_clicks: _Clicks | None = None


class SendingList(Paging):
    """Which sendings."""

    community: Annotated[Slug | None, Field(description="Only those of this community.")] = None
    state: Annotated[_State | None, Field(description="Only those that stand so.")] = None


class ReleaseGiven(Given):
    """What was looked at: anything else is not released."""

    digest: Annotated[
        Text, Field(min_length=1, max_length=64, description="`digest` of the sending.", examples=["9f2c"])
    ]


class HeldTold(Told):
    """How many get nothing, for which reason."""

    guard: str = Field(examples=["consent"])
    why: str = Field(examples=["这个人不想收到优惠和广告。"])
    count: int


class PreviewTold(Told):
    """Who would get a sending as of now."""

    total: int
    by_itself: int = Field(description="Through an account of ours.", examples=[12])
    by_hand: int = Field(description="By a person.", examples=[3])
    held: list[HeldTold] = Field(description="Reason by reason.")
    waits: str = Field(description="Why it would leave later; '' where it would not.", examples=[""])


class LeavingTold(Told):
    """How many deliveries of a sending the act was about, and how they all stand now, by state."""

    deliveries: int = Field(examples=[3])
    outcome: dict[str, int] = Field(examples=[{"sent": 10, "waiting": 2}])


class OutcomeTold(Told):
    """How the deliveries of a sending stand, by state, and how often its links were followed."""

    outcome: dict[str, int] = Field(examples=[{"sent": 10, "waiting": 2}])
    clicks: int = Field(examples=[37])


def _sendings(rows: Sequence[Sending]) -> Iterable[dict[str, Any]]:
    groups: dict[int, list[int]] = {}
    targets = SendingGroup.objects.filter(sending__in=rows).order_by("group")
    for sending, group in targets.values_list("sending", "group"):
        groups.setdefault(sending, []).append(group)
    plain = ("title", "words", "state", "platforms", "due_at", "advert", "counts_clicks", "released_at", "ended_at")
    for one in rows:
        told = {"id": one.pk, "community": one.community.slug, "groups": groups.get(one.pk, [])}
        told |= {"segment": one.segment_id, "digest": one.checked_hash, "author": one.author.username}
        told["released_by"] = one.released_by and one.released_by.username
        yield told | {name: getattr(one, name) for name in plain}


SENDINGS = Noun("sendings", SendingTold, _sendings, newest_first=True)


@router.get("/sendings", response=Page[SendingTold], summary="Sendings")
def list_sendings(request: HttpRequest, asked: Query[SendingList]) -> HttpResponse:
    """Those of the key's units, the newest first. Asks for `plan.see`."""
    key = caller_of(request)
    if not may_anywhere(key, Permission.SEE_PLAN):
        raise NotAllowedError(_("The key may not see plans. Give it “plan.see”."))
    wanted = {"community__slug": asked.community, "state": asked.state}
    found = sendings_for(key).filter(**{name: value for name, value in wanted.items() if value is not None})
    return page(request, found, SENDINGS, asked)


@router.post("/communities/{slug}/sendings", response={201: SendingTold}, summary="Draft a sending")
def make_sending(request: HttpRequest, slug: Path[Slug], given: Body[SendingGiven]) -> HttpResponse:
    """Whoever the key belongs to has written it. Asks for `reach.send`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.SEE_PLAN)
    check_may_send(request, community)
    _check_due(given.due_at)
    sending = write_sending(community, _draft(request, community, given.dict()), by=key)
    return made(request, SENDINGS, sending, at=f"/api/v1/sendings/{sending.pk}")


@router.get("/sendings/{pk}", response=SendingTold, summary="One sending")
def show_sending(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return SENDINGS.one(get_sending_for(caller_of(request), pk), fields=asked.fields)


@router.patch("/sendings/{pk}", response=SendingTold, summary="Change a sending")
def change_sending(request: HttpRequest, pk: Path[Id], given: Body[SendingChange]) -> HttpResponse:
    """One that was not released; it is a draft again. Asks for `reach.send`."""
    sending = _writable(request, pk)
    _check_due(given.due_at)
    nulls = given.model_fields_set & {"segment", "due_at"}
    wanted = _stands(sending) | given.dict(exclude_none=True) | {name: getattr(given, name) for name in nulls}
    write_sending(sending.community, _draft(request, sending.community, wanted), by=caller_of(request), sending=sending)
    return _as_it_stands(request, pk)


def _stands(sending: Sending) -> dict[str, Any]:
    plain = {name: getattr(sending, name) for name in ("title", "words", "platforms", "due_at", "advert")}
    groups = list(sending.targets.values_list("group", flat=True))
    return plain | {"groups": groups, "segment": sending.segment_id, "counts_clicks": sending.counts_clicks}


@router.get("/sendings/{pk}/preview", response=PreviewTold, summary="Who would get a sending")
def show_preview(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """As of now; nothing is stored. Asks for `plan.see`."""
    seen = preview_of(get_sending_for(caller_of(request), pk), most=0)
    held = [{"guard": guard, "why": why, "count": count} for guard, why, count in seen.held]
    told = {name: getattr(seen, name) for name in ("total", "by_itself", "by_hand", "waits")}
    return as_json(told | {"held": held})


@router.post("/sendings/{pk}/hand-in", response=SendingTold, summary="Hand a sending in for release")
def give_sending(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """What it says, to whom and when is fixed. Asks for `reach.send`."""
    hand_in(_writable(request, pk), by=caller_of(request))
    return _as_it_stands(request, pk)


@router.post("/sendings/{pk}/give-back", response=SendingTold, summary="Make a draft of what was handed in")
def return_sending(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `reach.send`, or `content.review_second`."""
    give_back(get_sending_for(caller_of(request), pk), by=caller_of(request))
    return _as_it_stands(request, pk)


@router.post("/sendings/{pk}/release", response=LeavingTold, summary="Release a sending")
def let_go(request: HttpRequest, pk: Path[Id], given: Body[ReleaseGiven]) -> HttpResponse:
    """What leaves then, leaves when it is due. Asks for `content.review_second`, by a key of who did not write it."""
    key = caller_of(request)
    sending = get_sending_for(key, pk)
    count = release_sending(sending, by=key, seen=given.digest)
    return as_json({"deliveries": count, "outcome": tally(sending)})


@router.post("/sendings/{pk}/cancel", response=LeavingTold, summary="Call a sending off")
def call_off(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """What has not left does not leave. Asks for `reach.send`."""
    sending = _writable(request, pk)
    count = cancel_sending(sending, by=caller_of(request))
    return as_json({"deliveries": count, "outcome": tally(sending)})


@router.post("/sendings/{pk}/again", response=LeavingTold, summary="Try again what was refused")
def try_again(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Nothing arrives twice: nothing was done for these. Asks for `reach.send`."""
    sending = _writable(request, pk)
    count = send_refused_again(sending, by=caller_of(request))
    return as_json({"deliveries": count, "outcome": tally(sending)})


@router.get("/sendings/{pk}/outcome", response=OutcomeTold, summary="What became of a sending")
def show_outcome(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `plan.see`."""
    sending = get_sending_for(caller_of(request), pk)
    clicks = sum(sending.links.values_list("clicks", flat=True))
    return as_json({"outcome": tally(sending), "clicks": clicks})


def check_may_send(request: HttpRequest, community: Community) -> None:
    """Raise NotAllowedError unless the key may send in the community."""
    if not may_send(caller_of(request), community):
        raise NotAllowedError(_("The key may not send. Give it “reach.send”."))


def _writable(request: HttpRequest, pk: int) -> Sending:
    sending = get_sending_for(caller_of(request), pk)
    check_may_send(request, sending.community)
    return sending


def _as_it_stands(request: HttpRequest, pk: int) -> HttpResponse:
    return SENDINGS.one(get_sending_for(caller_of(request), pk), status=HTTPStatus.OK)


def _check_due(due: datetime | None) -> None:
    if due is not None and due < timezone.now():
        raise wrong("due_at", _("That time has passed. Choose a later one, or leave it empty."))


def _draft(request: HttpRequest, community: Community, wanted: dict[str, Any]) -> Draft:
    groups = list(Group.objects.filter(community=community, pk__in=wanted["groups"]).order_by("pk"))
    if len(groups) != len(set(wanted["groups"])):
        raise NotFoundError(_("One of the groups is not of this community."))
    counts = wanted["counts_clicks"] and bool(settings.PUBLIC_URL)
    segment = _segment(request, community, wanted["segment"])
    return Draft(**wanted | {"groups": groups, "segment": segment, "counts_clicks": counts})


def _segment(request: HttpRequest, community: Community, pk: int | None) -> Segment | None:
    if pk is None:
        return None
    found = segments_at(caller_of(request), community=community, unit=None).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such segment that you may open."))
    return found
