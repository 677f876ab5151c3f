"""Suggestions and what is decided about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.queries import get_suggestion_for, suggestions_for
from qunying.act.suggestions.services import (
    accept_suggestion,
    dismiss_suggestion,
    look_now,
    reopen_suggestion,
)
from qunying.act.suggestions.words import sentence_of, title_of
from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.plan.intents import owner_named
from qunying.doors.api.shapes import Day, Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotAllowedError
from qunying.plan.schedule.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["act"])


class SuggestionTold(Told):
    """Something that was noticed, and what was decided about it."""

    id: int
    community: str
    detector: str
    title: str
    sentence: str
    state: str
    seen_first: str
    seen_last: str
    decided_at: Moment | None
    reason: str
    work: int | None


class Acceptance(Given):
    """What is to be done about it, by whom (a sign-in name; without one, the team), until when."""

    due: Day
    owner: Annotated[Text, Field(max_length=60)] | None = None
    title: Annotated[Text, Field(max_length=WorkItem.TITLE_LENGTH)] = ""


class Dismissal(Given):
    """Why it is left."""

    reason: Annotated[Text, Field(min_length=1, max_length=Suggestion.REASON_LENGTH)]


class NightTold(Told):
    """What a look did: how many questions were put to the figures, how many findings came of them."""

    questions: int
    found: int


class SuggestionList(Paging):
    """Which suggestions."""

    community: Slug | None = None
    state: Literal["open", "accepted", "dismissed", "expired"] | None = None


def _suggestions(rows: Sequence[Suggestion]) -> Iterable[dict[str, Any]]:
    for one in rows:
        yield {
            "id": one.pk,
            "community": one.community.slug,
            "detector": one.detector,
            "title": title_of(one),
            "sentence": sentence_of(one),
            "state": one.state,
            "seen_first": one.seen_first.isoformat(),
            "seen_last": one.seen_last.isoformat(),
            "decided_at": one.decided_at,
            "reason": one.reason,
            "work": one.work_id,
        }


SUGGESTIONS = Noun("suggestions", SuggestionTold, _suggestions, newest_first=True)


@router.get("/suggestions", response=Page[SuggestionTold], summary="Suggestions")
def list_suggestions(request: HttpRequest, asked: Query[SuggestionList]) -> HttpResponse:
    """What was noticed, the newest first. Asks for `figures.see`."""
    found = suggestions_for(caller_of(request))
    if asked.community is not None:
        found = found.filter(community__slug=asked.community)
    if asked.state is not None:
        found = found.filter(state=asked.state)
    return page(request, found, SUGGESTIONS, asked)


@router.get("/suggestions/{pk}", response=SuggestionTold, summary="One suggestion")
def show_suggestion(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `figures.see`."""
    return SUGGESTIONS.one(get_suggestion_for(caller_of(request), pk), fields=asked.fields)


@router.post("/suggestions/{pk}/accept", response=SuggestionTold, summary="Accept a suggestion")
def accept(request: HttpRequest, pk: Path[Id], given: Body[Acceptance]) -> HttpResponse:
    """It becomes work. Asks for `work.edit`."""
    row = _decidable(request, pk)
    owner = owner_named(given.owner)
    return SUGGESTIONS.one(accept_suggestion(row, due=given.due, owner=owner, title=given.title, by=caller_of(request)))


@router.post("/suggestions/{pk}/dismiss", response=SuggestionTold, summary="Dismiss a suggestion")
def dismiss(request: HttpRequest, pk: Path[Id], given: Body[Dismissal]) -> HttpResponse:
    """The same finding stays quiet for four weeks. Asks for `work.edit`."""
    return SUGGESTIONS.one(dismiss_suggestion(_decidable(request, pk), reason=given.reason, by=caller_of(request)))


@router.post("/suggestions/{pk}/reopen", response=SuggestionTold, summary="Take a decision back")
def reopen(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `work.edit`."""
    return SUGGESTIONS.one(reopen_suggestion(_decidable(request, pk), by=caller_of(request)))


@router.post("/communities/{slug}/suggestions", response=NightTold, summary="Look for suggestions")
def look(request: HttpRequest, slug: Path[Slug]) -> HttpResponse:
    """Now, instead of tonight. Asks for `work.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.WORK)
    night = look_now(community, by=key)
    return as_json({"questions": night.questions, "found": night.found})


def _decidable(request: HttpRequest, pk: int) -> Suggestion:
    key = caller_of(request)
    row = get_suggestion_for(key, pk)
    if not may(key, Permission.WORK, row.community.unit):
        raise NotAllowedError(_("The key may not decide on suggestions. Give it “work.edit”."))
    return row
