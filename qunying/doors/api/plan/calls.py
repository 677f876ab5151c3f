"""Pages by which members send things in, and deciding about what they sent, for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.plan.entries import ENTRIES, EntryTold
from qunying.doors.api.plan.submissions import SUBMISSIONS, SubmissionTold
from qunying.doors.api.plan.themes import written
from qunying.doors.api.shapes import Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.kit.errors import NotAllowedError, NotFoundError
from qunying.plan.content.models import Call, Entry, Submission
from qunying.plan.content.queries import calls_of, get_entry_for, get_submission_for, get_theme_of
from qunying.plan.content.services_submissions import (
    accept_submission,
    close_call,
    decline_submission,
    look_at_contact,
    open_call,
)
from qunying.plan.materials.services_pictures import picture_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["plan"])
_Answer = Annotated[Text, Field(max_length=Submission.REASON_LENGTH)]
_Place = Annotated[int, Field(ge=1, le=99, description="Which of its pictures.", examples=[1])]
_PLACE = "/communities/{slug}/submissions/{pk}"
_PICTURES = {200: {"content": {kind: {"schema": {"type": "string"}} for kind in ("image/png", "image/jpeg")}}}


class CallTold(Told):
    """A page by which members send things in; `address` is whole where QUNYING_PUBLIC_URL is set."""

    id: int
    theme: int | None = Field(examples=[2])
    title: str = Field(examples=["晒晒你的玫瑰"])
    words: str = Field(examples=["拍一张你家的玫瑰，说说怎么养的。"])
    address: str = Field(examples=["https://example.com/s/k7m2w9xq4ab"])
    sent: int = Field(description="How many things came by it.", examples=[5])
    made_at: Moment
    closed_at: Moment | None


class CallGiven(Given):
    """A page: what is wanted, and of which theme."""

    title: Annotated[Text, Field(min_length=1, max_length=Call.TITLE_LENGTH, examples=["晒晒你的玫瑰"])]
    words: Annotated[Text, Field(max_length=Call.WORDS_LENGTH, examples=["拍一张你家的玫瑰，说说怎么养的。"])] = ""
    theme: Annotated[Id, Field(description="null: none.")] | None = None


class AcceptGiven(Given):
    """What the entry is called, and what the sender reads."""

    title: Annotated[Text, Field(min_length=1, max_length=Entry.TITLE_LENGTH, examples=["小美家的玫瑰"])]
    thanks: Annotated[_Answer, Field(description="Without, a plain thank you.", examples=["谢谢你的玫瑰！"])] = ""


class DeclineGiven(Given):
    """The sentence that the sender reads."""

    reason: Annotated[_Answer, Field(min_length=1, examples=["照片有点暗，白天再拍一张好吗？"])]


class ContactTold(Told):
    """How to reach a sender; '' where they did not say."""

    contact: str = Field(examples=["微信xm"])


def _calls(rows: Sequence[Call]) -> Iterable[dict[str, Any]]:
    for one in rows:
        address = settings.PUBLIC_URL.rstrip("/") + reverse("send_in", args=[one.code])
        plain = {name: getattr(one, name) for name in ("title", "words", "sent", "made_at", "closed_at")}
        yield {"id": one.pk, "theme": one.theme_id, "address": address} | plain


CALLS = Noun("submission_calls", CallTold, _calls)


@router.get("/communities/{slug}/calls", response=Page[CallTold], summary="Pages by which members send things in")
def list_calls(request: HttpRequest, slug: Path[Slug], asked: Query[Paging]) -> HttpResponse:
    """Closed ones, too. Asks for `content.write`."""
    community = written(request, slug)
    return page(request, calls_of(community), CALLS, asked, unit=community.unit)


@router.post("/communities/{slug}/calls", response={201: CallTold}, summary="Open a page by which members send in")
def make_call(request: HttpRequest, slug: Path[Slug], given: Body[CallGiven]) -> HttpResponse:
    """Asks for `content.write`."""
    community = written(request, slug)
    theme = get_theme_of(community, given.theme) if given.theme else None
    call = open_call(given.title, community=community, theme=theme, words=given.words, by=caller_of(request))
    return made(request, CALLS, calls_of(community).get(pk=call.pk))


@router.post("/communities/{slug}/calls/{pk}/close", response=CallTold, summary="Close a page by which members send in")
def shut_call(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """What was sent in stays. Asks for `content.write`."""
    calls = calls_of(written(request, slug)).filter(pk=pk)
    call = calls.first()
    if call is None:
        raise NotFoundError(_("There is no such page in this community."))
    close_call(call, by=caller_of(request))
    return CALLS.one(calls.get())


@router.post(f"{_PLACE}/accept", response={201: EntryTold}, summary="Make an entry of what a member sent in")
def take_in(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[AcceptGiven]) -> HttpResponse:
    """A draft with its pictures; two others review it. Asks for `content.write`."""
    written(request, slug)
    key = caller_of(request)
    found = get_submission_for(key, slug, pk)
    entry = accept_submission(found, title=given.title, thanks=given.thanks, by=key)
    at = f"/api/v1/communities/{slug}/entries/{entry.pk}"
    return made(request, ENTRIES, get_entry_for(key, slug, entry.pk), at=at)


@router.post(f"{_PLACE}/decline", response=SubmissionTold, summary="Decline what a member sent in")
def turn_down(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[DeclineGiven]) -> HttpResponse:
    """The sender reads why. Asks for `content.write`."""
    written(request, slug)
    key = caller_of(request)
    decline_submission(get_submission_for(key, slug, pk), reason=given.reason, by=key)
    return SUBMISSIONS.one(get_submission_for(key, slug, pk))


@router.post(f"{_PLACE}/contact", response=ContactTold, summary="How to reach who sent something in")
def show_contact(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """In plain; that it was looked at is written down. Asks for `content.write` and `members.unmask`."""
    community, key = written(request, slug), caller_of(request)
    found = get_submission_for(key, slug, pk)
    if not may(key, Permission.UNMASK, community.unit):
        raise NotAllowedError(_("Your role may not see how to reach senders. Ask the lead of the unit."))
    return as_json({"contact": look_at_contact(found, by=key)}, status=HTTPStatus.OK)


@router.get(
    f"{_PLACE}/pictures/{{place}}",
    response={200: None},
    summary="A picture that was sent in",
    openapi_extra={"responses": _PICTURES},
)
def show_sent_picture(request: HttpRequest, slug: Path[Slug], pk: Path[Id], place: Path[_Place]) -> HttpResponse:
    """As PNG or JPEG. Asks for `content.write`."""
    written(request, slug)
    submission = get_submission_for(caller_of(request), slug, pk)
    shown = submission.pictures.filter(place=place).select_related("file").first()
    if shown is None:
        raise NotFoundError(_("There is no such picture here."))
    raw, media_type = picture_bytes(shown.file)
    return HttpResponse(raw, content_type=media_type)
