"""Playbooks: the shelf, drafts to look through, applying, undoing, newer versions."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, caller_of, made, page
from qunying.doors.api.problems import wrong
from qunying.doors.api.shapes import Day, Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.plan.playbooks.drafts import draft_parts
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.offers import offer_for, update_parts
from qunying.plan.playbooks.own import get_playbook_for
from qunying.plan.playbooks.queries import applications_of, get_application_for
from qunying.plan.playbooks.services import discard_draft, draft_playbook, revise_draft, undo_playbook, what_stays
from qunying.plan.playbooks.services_versions import apply_draft, decline_offer, draft_update

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.plan.playbooks.drafts import Drafted

router = Router(tags=["plan"])
_LineName = Annotated[Text, Field(max_length=200, examples=["goals/first-month"])]
_State = Application.State


class LineTold(Told):
    """One line of a draft. `values` may be edited; `stays` says why a line of an update will not be done."""

    name: str
    section: str
    title: str
    wanted: bool
    values: dict[str, str]
    difference: str | None
    stays: str


class ApplicationTold(Told):
    """A playbook in a community: drafted, applied, undone or replaced by a newer version."""

    id: int
    community: str
    playbook: str
    version: str
    state: str
    start: str
    drafted_at: Moment
    applied_at: Moment | None
    undone_at: Moment | None
    follows: int | None


class ApplicationWhole(ApplicationTold):
    """With the lines of a draft, what an applied one made, what undoing leaves and which version is offered."""

    lines: list[LineTold]
    made: list[dict[str, Any]]
    stays: list[dict[str, Any]]
    offered: str | None


class DraftGiven(Given):
    """Which playbook, and the local day from which its lengths of time count."""

    playbook: Annotated[Text, Field(min_length=1, max_length=60, examples=["club-150"])]
    start: Day


class DraftChange(Given):
    """What changes of a draft; what is left out stays. Lines and values are called as the draft tells them."""

    start: Day | None = None
    left_out: (
        Annotated[list[_LineName], Field(max_length=1000, description="The lines that are not wanted.")] | None
    ) = None
    values: (
        Annotated[
            dict[_LineName, Annotated[Text, Field(max_length=5000)]],
            Field(max_length=1000, examples=[{"goals/first-month/target": "60%"}]),
        ]
        | None
    ) = None


def _applications(rows: Sequence[Application]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = {name: getattr(one, name) for name in ("playbook", "version", "state", "drafted_at", "applied_at")}
        yield plain | {
            "id": one.pk,
            "community": one.community.slug,
            "start": one.start.isoformat(),
            "undone_at": one.undone_at,
            "follows": one.follows_id,
        }


def _wholes(rows: Sequence[Application]) -> Iterable[dict[str, Any]]:
    for one, told in zip(rows, _applications(rows), strict=True):
        offer = offer_for(one)
        yield told | {
            "lines": [_line(line, section) for section, line in _lines(one)],
            "made": [{name: row[name] for name in ("section", "key", "title")} for row in one.made],
            "stays": what_stays(one) if one.state == _State.APPLIED else one.kept,
            "offered": offer.playbook.version if offer else None,
        }


def _line(drafted: Drafted, section: str) -> dict[str, Any]:
    return {
        "name": drafted.name,
        "section": section,
        "title": drafted.line.title,
        "wanted": drafted.wanted,
        "values": {value.name: value.text for value in drafted.values},
        "difference": drafted.difference.kind.value if drafted.difference else None,
        "stays": drafted.stays,
    }


def _lines(one: Application) -> list[tuple[str, Drafted]]:
    """The lines to look through: all of a first draft, the difference of one that follows."""
    if one.state != _State.DRAFT:
        return []
    parts = update_parts(one, one.follows) if one.follows else draft_parts(one)
    return [(part.name, line) for part in parts for line in part.lines]


APPLICATIONS = Noun("applications", ApplicationTold, _applications, newest_first=True)
WHOLE = Noun("applications", ApplicationWhole, _wholes)


@router.get("/communities/{slug}/playbooks", response=Page[ApplicationTold], summary="Playbooks of a community")
def list_applications(request: HttpRequest, slug: Path[Slug], asked: Query[Paging]) -> HttpResponse:
    """What was drafted, applied and undone, the newest first. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    found = applications_of(community).select_related("community")
    return page(request, found, APPLICATIONS, asked, unit=community.unit)


@router.post("/communities/{slug}/playbooks", response={201: ApplicationWhole}, summary="Draft a playbook")
def draft(request: HttpRequest, slug: Path[Slug], given: Body[DraftGiven]) -> HttpResponse:
    """Nothing is made yet: look through its lines, then apply it. Asks for `plan.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_PLAN)
    drafted = draft_playbook(community, playbook=get_playbook_for(key, given.playbook), start=given.start, by=key)
    return made(request, WHOLE, drafted)


@router.get("/communities/{slug}/playbooks/{pk}", response=ApplicationWhole, summary="One playbook")
def show_application(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return WHOLE.one(get_application_for(caller_of(request), slug, pk), fields=asked.fields)


@router.patch("/communities/{slug}/playbooks/{pk}", response=ApplicationWhole, summary="Change a draft")
def change_draft(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[DraftChange]) -> HttpResponse:
    """Its first day (not of an update), the lines left out, texts of its lines. Asks for `plan.edit`."""
    found = _editable(request, slug, pk)
    drafted = [line for _section, line in _lines(found)]
    changed = revise_draft(
        found,
        start=found.start if given.start is None or found.follows else given.start,
        left_out=set(found.left_out) if given.left_out is None else _left_out(found, drafted, given.left_out),
        values=_values(drafted, given.values or {}),
        by=caller_of(request),
    )
    return WHOLE.one(changed)


@router.delete("/communities/{slug}/playbooks/{pk}", response={204: None}, summary="Throw a draft away")
def discard(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """What was applied is undone instead. Asks for `plan.edit`."""
    discard_draft(_editable(request, slug, pk), by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.post("/communities/{slug}/playbooks/{pk}/apply", response=ApplicationWhole, summary="Apply a playbook")
def apply(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """All of the draft becomes real, or nothing. Asks for `plan.edit`."""
    return WHOLE.one(apply_draft(_editable(request, slug, pk), by=caller_of(request)))


@router.post("/communities/{slug}/playbooks/{pk}/undo", response=ApplicationWhole, summary="Undo a playbook")
def undo(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """What people have changed since stays and is named in `stays`. Asks for `plan.edit`."""
    return WHOLE.one(undo_playbook(_editable(request, slug, pk), by=caller_of(request)))


@router.post("/communities/{slug}/playbooks/{pk}/update", response={201: ApplicationWhole}, summary="Draft an update")
def update(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """What is `offered` to one that stands, as a draft of the difference. Asks for `plan.edit`."""
    drafted = draft_update(_editable(request, slug, pk), by=caller_of(request))
    return made(request, WHOLE, drafted, at=f"/api/v1/communities/{slug}/playbooks/{drafted.pk}")


@router.post("/communities/{slug}/playbooks/{pk}/decline", response=ApplicationWhole, summary="Decline an update")
def decline(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """A later version is offered again. Asks for `plan.edit`."""
    return WHOLE.one(decline_offer(_editable(request, slug, pk), by=caller_of(request)))


def _editable(request: HttpRequest, slug: str, pk: int) -> Application:
    return get_application_for(caller_of(request), slug, pk, Permission.EDIT_PLAN)


def _left_out(found: Application, drafted: Sequence[Drafted], wanted: Sequence[str]) -> set[str]:
    """The lines left out: those named, and of an update those it does not show."""
    known = {line.name for line in drafted}
    if strange := sorted(set(wanted) - known):
        raise wrong("left_out", _("There is no line “%(name)s” in this draft.") % {"name": strange[0]})
    return (set(found.left_out) - known) | set(wanted)


def _values(drafted: Sequence[Drafted], given: dict[str, str]) -> dict[str, dict[str, str]]:
    """The texts by line and field, those left out as they stand."""
    known = {value.name for line in drafted for value in line.values}
    if strange := sorted(set(given) - known):
        raise wrong("values", _("There is no line “%(name)s” in this draft.") % {"name": strange[0]})
    return {
        line.name: {value.name.rsplit("/", 1)[1]: given[value.name] for value in line.values if value.name in given}
        for line in drafted
    }
