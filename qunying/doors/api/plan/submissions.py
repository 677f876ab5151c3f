"""What members send in, taken from other programs: a mini program, a form of another site."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, caller_of, made, page
from qunying.doors.api.shapes import Given, Id, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for, get_member_for
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.content.models import Submission
from qunying.plan.content.queries import get_submission_for, get_theme_of, submissions_of
from qunying.plan.content.rules import may_write
from qunying.plan.content.services_submissions import MOST_PICTURES, MOST_WORDS, Sent, take_submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.groups.models import Community

router = Router(tags=["plan"])
_MOST_BASE64 = 2_800_000
"""About 2 MB of picture; larger ones come by the page."""


class SubmissionTold(Told):
    """What was sent in and what came of it; how to reach the sender is not told."""

    id: int
    community: str
    theme: int | None
    member: int | None
    name: str
    words: str
    pictures: int
    state: str
    answer: str
    entry: int | None
    at: datetime
    decided_at: datetime | None


class SentPicture(Given):
    """A PNG, JPEG or WebP."""

    name: Annotated[Text, Field(max_length=200)] = "picture"
    content: Annotated[str, Field(max_length=_MOST_BASE64, description="Base64.")]


class SubmissionGiven(Given):
    """What somebody sends in. `agreed` is true where they agreed that the community shows it under that name."""

    name: Annotated[Text, Field(min_length=1, max_length=Submission.NAME_LENGTH)]
    words: Annotated[Text, Field(max_length=MOST_WORDS)] = ""
    right: Annotated[Literal["own", "allowed"], Field(description="Made by the sender, or its maker allows it.")]
    agreed: bool
    contact: Annotated[Text, Field(max_length=Submission.CONTACT_LENGTH, description="Kept encrypted.")] = ""
    theme: Id | None = None
    member: Annotated[Id | None, Field(description="Who sends it in, where that is known.")] = None
    pictures: Annotated[list[SentPicture], Field(max_length=MOST_PICTURES, default_factory=list)]


def _rows(found: Sequence[Submission]) -> Iterable[dict[str, Any]]:
    for one in found:
        plain = {name: getattr(one, name) for name in ("name", "words", "state", "answer", "at", "decided_at")}
        ids = {"theme": one.theme_id, "member": one.member_id, "entry": one.entry_id}
        yield {"id": one.pk, "community": one.community.slug, "pictures": one.shown} | ids | plain  # type: ignore[attr-defined]


SUBMISSIONS = Noun("submissions", SubmissionTold, _rows, newest_first=True)


@router.get("/communities/{slug}/submissions", response=Page[SubmissionTold], summary="What members sent in")
def list_submissions(request: HttpRequest, slug: Path[Slug], asked: Query[Paging]) -> HttpResponse:
    """The newest first. Asks for `content.write`."""
    community = _writable(request, slug)
    return page(request, submissions_of(community), SUBMISSIONS, asked, unit=community.unit)


@router.get("/communities/{slug}/submissions/{pk}", response=SubmissionTold, summary="One thing a member sent in")
def show_submission(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """With the thanks or the reason, to be told to the sender. Asks for `content.write`."""
    return SUBMISSIONS.one(get_submission_for(caller_of(request), slug, pk))


@router.post("/communities/{slug}/submissions", response={201: SubmissionTold}, summary="Send something in")
def send_in(request: HttpRequest, slug: Path[Slug], given: Body[SubmissionGiven]) -> HttpResponse:
    """It waits for a colleague, who takes it or declines it. Asks for `content.write`."""
    key, community = caller_of(request), _writable(request, slug)
    sent = Sent(
        name=given.name,
        right=given.right,
        agreed=given.agreed,
        words=given.words,
        contact=given.contact,
        pictures=tuple((one.name, _raw(one)) for one in given.pictures),
    )
    theme = get_theme_of(community, given.theme) if given.theme else None
    member = get_member_for(key, given.member) if given.member else None
    taken = take_submission(sent, community=community, by=key, theme=theme, member=member)
    return made(request, SUBMISSIONS, get_submission_for(key, slug, taken.pk))


def _raw(picture: SentPicture) -> bytes:
    try:
        return base64.b64decode(picture.content, validate=True)
    except (binascii.Error, ValueError):
        raise QunyingError(_("“%(name)s” is no Base64.") % {"name": picture.name}) from None


def _writable(request: HttpRequest, slug: str) -> Community:
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    if not may_write(caller_of(request), community):
        raise NotAllowedError(_("Your role may not write content. Ask the lead of the unit."))
    return community
