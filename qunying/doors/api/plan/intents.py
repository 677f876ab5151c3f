"""Work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.shapes import Day, Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.models import Staff
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.kit.errors import NotFoundError
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.services import (
    add_work,
    drop_work,
    finish_work,
    hand_over_work,
    put_off_work,
    reopen_work,
    skip_missed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from qunying.ground.access.models import ApiKey

router = Router()


class WorkTold(Told):
    """Something to be done, by whom, until which local day."""

    id: int
    title: str
    community: str | None
    unit: int | None
    owner: str | None
    due: str
    priority: int
    done_at: Moment | None
    dropped_at: Moment | None
    skipped: Annotated[bool, Field(description="Dropped because its time was missed; counts as not done.")]
    note: str


class WorkGiven(Given):
    """New work in a community. `owner` is a sign-in name; without one it is the team's."""

    title: Annotated[Text, Field(min_length=1, max_length=WorkItem.TITLE_LENGTH, examples=["联系三位流失会员"])]
    community: Slug
    due: Day
    owner: Annotated[Text, Field(max_length=60)] | None = None


class WorkChange(Given):
    """What changes; what is left out stays. `owner` is a sign-in name, '' for the team."""

    due: Day | None = None
    owner: Annotated[Text, Field(max_length=60)] | None = None


class WorkDone(Given):
    """What is to be said about it."""

    note: Annotated[Text, Field(max_length=WorkItem.NOTE_LENGTH)] = ""


class SkippedTold(Told):
    """The ids of the missed times that were skipped, the earliest first."""

    skipped: Annotated[list[int], Field(description="Ids of work.", examples=[[41, 42]])]


class WorkList(Paging):
    """Which work."""

    community: Slug | None = None
    open: bool | None = Field(None, description="true: what is still to be done; false: what is done or dropped.")


def _works(works: Sequence[WorkItem]) -> Iterable[dict[str, Any]]:
    for one in works:
        yield {
            "id": one.pk,
            "title": one.title,
            "community": one.community.slug if one.community else None,
            "unit": one.community.unit_id if one.community else one.unit_id,
            "owner": one.owner.username if one.owner else None,
            "due": one.due.isoformat(),
            "priority": one.priority,
            "done_at": one.done_at,
            "dropped_at": one.dropped_at,
            "skipped": one.skipped,
            "note": one.done_note,
        }


WORK = Noun("work", WorkTold, _works)


@router.get("/work", response=Page[WorkTold], summary="Work", tags=["plan"])
def list_work(request: HttpRequest, asked: Query[WorkList]) -> HttpResponse:
    """Work of the key's units. Asks for `plan.see`."""
    found = _work_for(caller_of(request), Permission.SEE_PLAN)
    if asked.community is not None:
        found = found.filter(community__slug=asked.community)
    if asked.open is not None:
        undone = {"done_at__isnull": True, "dropped_at__isnull": True}
        found = found.filter(**undone) if asked.open else found.exclude(**undone)
    return page(request, found, WORK, asked)


@router.post("/work", response={201: WorkTold}, summary="Add work", tags=["plan"])
def make_work(request: HttpRequest, given: Body[WorkGiven]) -> HttpResponse:
    """Asks for `work.edit`."""
    key = caller_of(request)
    community = get_community_for(key, given.community, Permission.WORK)
    work = add_work(given.title, place=community, due=given.due, by=key, owner=owner_named(given.owner))
    return made(request, WORK, work)


@router.get("/work/{pk}", response=WorkTold, summary="One piece of work", tags=["plan"])
def show_work(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return WORK.one(_work(request, pk, Permission.SEE_PLAN), fields=asked.fields)


@router.patch("/work/{pk}", response=WorkTold, summary="Change work", tags=["plan"])
def change_work(request: HttpRequest, pk: Path[Id], given: Body[WorkChange]) -> HttpResponse:
    """The day and the owner. Asks for `work.edit`."""
    key, work = caller_of(request), _work(request, pk, Permission.WORK)
    if given.due is not None:
        work = put_off_work(work, due=given.due, by=key)
    if given.owner is not None:
        work = hand_over_work(work, owner=owner_named(given.owner or None), by=key)
    return WORK.one(work)


@router.post("/work/{pk}/finish", response=WorkTold, summary="Tick work off", tags=["plan"])
def end_work(request: HttpRequest, pk: Path[Id], given: Body[WorkDone]) -> HttpResponse:
    """Asks for `work.edit`."""
    return WORK.one(finish_work(_work(request, pk, Permission.WORK), note=given.note, by=caller_of(request)))


@router.post("/work/{pk}/reopen", response=WorkTold, summary="Take work up again", tags=["plan"])
def open_work(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `work.edit`."""
    return WORK.one(reopen_work(_work(request, pk, Permission.WORK), by=caller_of(request)))


@router.post("/work/{pk}/skip-missed", response=SkippedTold, summary="Skip missed times of work", tags=["plan"])
def skip_times(request: HttpRequest, pk: Path[Id], given: Body[WorkDone]) -> HttpResponse:
    """Its earlier times that nobody did leave the list and still count as not done. Asks for `work.edit`."""
    found = skip_missed(_work(request, pk, Permission.WORK), note=given.note, by=caller_of(request))
    return as_json({"skipped": found})


@router.post("/work/{pk}/drop", response=WorkTold, summary="Drop work", tags=["plan"])
def leave_work(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `work.edit`."""
    return WORK.one(drop_work(_work(request, pk, Permission.WORK), by=caller_of(request)))


def _work_for(key: ApiKey, permission: Permission) -> QuerySet[WorkItem]:
    """Work where the key holds the permission; a key owns none itself."""
    here = WorkItem.objects.filter(community__in=communities_for(key, permission))
    there = WorkItem.objects.filter(unit__in=units_for(key, permission))
    return (here | there).select_related("community__unit", "unit", "owner", "done_by")


def _work(request: HttpRequest, pk: int, permission: Permission) -> WorkItem:
    found = _work_for(caller_of(request), permission).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such work that you may open."))
    return found


def owner_named(username: str | None) -> Staff | None:
    """The colleague of this sign-in name; whether work may be theirs is checked by the verb."""
    if username is None:
        return None
    found = Staff.objects.filter(username__iexact=username, is_active=True).first()
    if found is None:
        raise NotFoundError(_("There is no colleague “%(name)s”.") % {"name": username})
    return found
