"""The shelf of playbooks: those that come with Qunying and one's own; what stands in a community as one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Path, Router
from pydantic import Field

from qunying.doors.api.paging import as_json, caller_of
from qunying.doors.api.shapes import Given, Id, Slug, Text, Told
from qunying.ground.access.queries import get_unit_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotAllowedError
from qunying.plan.playbooks.exports import export_playbook
from qunying.plan.playbooks.models import Book
from qunying.plan.playbooks.own import books_for, get_book_for, get_playbook_for, newest_of, playbook_of
from qunying.plan.playbooks.services_shelf import keep_export, put_playbook, remove_book, restore_book
from qunying.plan.playbooks.shelf import all_playbooks

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.shelf import Playbook

router = Router(tags=["plan"])
_Yaml = Annotated[Text, Field(min_length=1, max_length=1_000_000, description="The YAML text of a playbook.")]


class PlaybookTold(Told):
    """A ready plan on the shelf; `unit` is the one an own playbook belongs to, null for those of Qunying."""

    name: str
    version: str
    title: str
    unit: int | None


class PlaybookTextTold(PlaybookTold):
    """A playbook with its text (YAML)."""

    text: str


class PlanTold(Told):
    """What stands in a community as a playbook (YAML)."""

    text: str


class PlaybookGiven(Given):
    """A playbook of one's own for the shelf of a unit."""

    text: _Yaml
    unit: Id


def _told(book: Playbook, own: Book | None = None) -> dict[str, Any]:
    return {"name": book.name, "version": book.version, "title": book.title, "unit": own.unit_id if own else None}


@router.get("/playbooks", response=list[PlaybookTold], summary="The shelf of playbooks")
def list_playbooks(request: HttpRequest) -> HttpResponse:
    """Those that come with Qunying, and with `plan.see` those on the shelves of the key's units."""
    key = caller_of(request)
    own = [_told(playbook_of(newest_of(book)), book) for book in books_for(key)]
    return as_json([*(_told(one) for one in all_playbooks()), *own])


@router.get("/playbooks/{name}", response=PlaybookTextTold, summary="A playbook of the shelf")
def show_playbook(request: HttpRequest, name: Path[Slug]) -> HttpResponse:
    """With its text. Asks for `plan.see`."""
    key = caller_of(request)
    if not may_anywhere(key, Permission.SEE_PLAN):
        raise NotAllowedError(_("The key may not see plans. Give it “plan.see”."))
    book, own = get_playbook_for(key, name), books_for(key).filter(name=name).first()
    return as_json(_told(book, own) | {"text": book.text})


@router.post("/playbooks", response={201: PlaybookTextTold}, summary="Put a playbook on the shelf")
def put(request: HttpRequest, given: Body[PlaybookGiven]) -> HttpResponse:
    """A new playbook or a new version; the same one again changes nothing. Asks for `plan.edit` in the unit."""
    key = caller_of(request)
    row = put_playbook(given.text, unit=get_unit_for(key, given.unit, Permission.EDIT_PLAN), by=key)
    answer = as_json(_told(playbook_of(row), row.book) | {"text": row.text}, status=HTTPStatus.CREATED)
    answer["Location"] = f"{request.path}/{row.book.name}"
    return answer


@router.delete("/playbooks/{name}", response={204: None}, summary="Take a playbook off the shelf")
def take_off(request: HttpRequest, name: Path[Slug]) -> HttpResponse:
    """One that was never used; it can be put back. Asks for `plan.edit` in its unit."""
    remove_book(_own_book(request, name), by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.post("/playbooks/{name}/restore", response=PlaybookTold, summary="Put a playbook back")
def put_back(request: HttpRequest, name: Path[Slug]) -> HttpResponse:
    """With all its versions. Asks for `plan.edit` in its unit."""
    book = restore_book(_own_book(request, name), by=caller_of(request))
    return as_json(_told(playbook_of(newest_of(book)), book))


@router.get("/communities/{slug}/plan", response=PlanTold, summary="What stands, as a playbook")
def show_plan(request: HttpRequest, slug: Path[Slug]) -> HttpResponse:
    """As the text of a playbook. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    return as_json({"text": export_playbook(community, today=_today(community))})


@router.post("/communities/{slug}/plan/keep", response={201: PlaybookTextTold}, summary="Keep what stands")
def keep(request: HttpRequest, slug: Path[Slug]) -> HttpResponse:
    """What stands in the community goes on the shelf of its unit as a playbook. Asks for `plan.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_PLAN)
    row = keep_export(community, today=_today(community), by=key)
    return as_json(_told(playbook_of(row), row.book) | {"text": row.text}, status=HTTPStatus.CREATED)


def _today(community: Community) -> date:
    return timezone.localdate(timezone=ZoneInfo(community.timezone))


def _own_book(request: HttpRequest, name: str) -> Book:
    key = caller_of(request)
    book = get_book_for(key, name, removed=True)
    get_unit_for(key, book.unit_id, Permission.EDIT_PLAN)
    return book
