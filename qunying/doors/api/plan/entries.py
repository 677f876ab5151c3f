"""Entries of the content plan for programs: proposed, planned, handed in, dropped, commented on."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, caller_of, made, page
from qunying.doors.api.plan.intents import owner_named
from qunying.doors.api.plan.themes import written
from qunying.doors.api.shapes import Clock, Day, Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Group
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError
from qunying.plan.content.models import Comment, Entry
from qunying.plan.content.queries import entries_of, get_entry_for, get_theme_of
from qunying.plan.content.services import (
    Planned,
    comment_on,
    drop_entry,
    hand_in,
    plan_entry,
    propose_entry,
    take_up_entry,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.groups.models import Community

router = Router(tags=["plan"])
FormName = Literal["text", "image", "video", "audio", "live", "h5"]
_State = Literal["topic", "draft", "first", "second", "approved", "back", "dropped"]
_Source = Literal["own", "member", "partner"]
_LONG = 2000
_Title = Annotated[Text, Field(min_length=1, max_length=Entry.TITLE_LENGTH, examples=["三月花期怎么养"])]
_Note = Annotated[Text, Field(max_length=_LONG, examples=["配店里的图"])]
_Owner = Annotated[Text, Field(max_length=60, description="A sign-in name; '' or null: nobody yet.", examples=["lili"])]
_Theme = Annotated[Id, Field(description="null: none.")]
_Groups = Annotated[list[Id], Field(max_length=200, description="Where it goes; none: everywhere.")]


class EntryTold(Told):
    """One thing to be said, from the topic to the approval. Days and the time are local to the community."""

    id: int
    title: str = Field(examples=["三月花期怎么养"])
    form: str = Field(examples=["text"])
    state: str = Field(
        examples=["draft"],
        description="topic, draft, first and second (waits for that review), approved, back, dropped.",
    )
    source: str = Field(examples=["own"])
    theme: int | None = Field(examples=[2])
    owner: str | None
    due: date | None = Field(description="By when it is to be approved.", examples=["2026-03-04"])
    slot_day: date | None = Field(description="When it is to go out.", examples=["2026-03-05"])
    slot_time: str | None = Field(examples=["19:30"])
    groups: list[int] = Field(description="Where it goes; none: everywhere.")
    version: int = Field(description="Number of the newest version; 0 for a topic.", examples=[2])
    note: str
    created_at: Moment
    changed_at: Moment


class EntryGiven(Given):
    """A topic for the plan."""

    title: _Title
    form: FormName = "text"
    source: _Source = "own"
    theme: _Theme | None = None
    owner: _Owner | None = None
    due: Day | None = None
    slot_day: Day | None = None
    slot_time: Clock | None = None
    groups: _Groups = Field(default_factory=list)
    note: _Note = ""


class EntryChange(Given):
    """What changes of when, where and whose; what is left out stays, null takes away. Its words change by a version."""

    source: _Source | None = None
    theme: _Theme | None = None
    owner: _Owner | None = None
    due: Day | None = None
    slot_day: Day | None = None
    slot_time: Clock | None = None
    groups: _Groups | None = None
    note: _Note | None = None


class EntryList(Paging):
    """Which entries."""

    state: Annotated[_State | None, Field(description="Only those that stand so.")] = None
    theme: Annotated[Id | None, Field(description="Only those of this theme.")] = None
    first: Annotated[Day | None, Field(description="Only those that go out on this day or later.")] = None
    last: Annotated[Day | None, Field(description="Only those that go out on this day or earlier.")] = None


class EntryDropped(Given):
    """Why it is dropped."""

    note: _Note = ""


class CommentTold(Told):
    """What was said about an entry; `version` is the number it then had."""

    id: int
    version: int = Field(examples=[2])
    words: str = Field(examples=["第二段可以短一点"])
    by: str | None = Field(examples=["lili"])
    at: Moment


class CommentGiven(Given):
    """Something to be said about an entry as it now stands."""

    words: Annotated[Text, Field(min_length=1, max_length=_LONG, examples=["第二段可以短一点"])]


def _entries(rows: Sequence[Entry]) -> Iterable[dict[str, Any]]:
    places: dict[int, list[int]] = {}
    tied = Entry.groups.through.objects.filter(entry__in=[one.pk for one in rows])
    for entry, group in tied.order_by("group").values_list("entry", "group"):
        places.setdefault(entry, []).append(group)
    plain = ("title", "form", "state", "source", "due", "slot_day", "version", "note", "created_at", "changed_at")
    for one in rows:
        time_of_day = f"{one.slot_time:%H:%M}" if one.slot_time else None
        told = {"id": one.pk, "theme": one.theme_id, "slot_time": time_of_day}
        told["owner"] = one.owner.username if one.owner else None
        yield told | {"groups": places.get(one.pk, [])} | {name: getattr(one, name) for name in plain}


def _comments(rows: Sequence[Comment]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told = {"id": one.pk, "version": one.number, "words": one.words}
        yield told | {"by": one.by and one.by.username, "at": one.at}


ENTRIES = Noun("entries", EntryTold, _entries)
COMMENTS = Noun("entry_comments", CommentTold, _comments)


@router.get("/communities/{slug}/entries", response=Page[EntryTold], summary="Entries of the content plan")
def list_entries(request: HttpRequest, slug: Path[Slug], asked: Query[EntryList]) -> HttpResponse:
    """Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    wanted = {"state": asked.state, "theme": asked.theme, "slot_day__gte": asked.first, "slot_day__lte": asked.last}
    found = entries_of(community).filter(**{name: value for name, value in wanted.items() if value is not None})
    return page(request, found, ENTRIES, asked, unit=community.unit)


@router.post("/communities/{slug}/entries", response={201: EntryTold}, summary="Propose a topic")
def make_entry(request: HttpRequest, slug: Path[Slug], given: Body[EntryGiven]) -> HttpResponse:
    """Asks for `content.write`."""
    community = written(request, slug)
    planned = Planned(
        theme=get_theme_of(community, given.theme) if given.theme else None,
        owner=owner_named(given.owner or None),
        due=given.due,
        slot_day=given.slot_day,
        slot_time=_time(given.slot_time),
        groups=groups_named(community, given.groups),
        source=given.source,
        note=given.note,
    )
    entry = propose_entry(given.title, community=community, form=given.form, planned=planned, by=caller_of(request))
    return made(request, ENTRIES, entry)


@router.get("/communities/{slug}/entries/{pk}", response=EntryTold, summary="One entry")
def show_entry(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return ENTRIES.one(get_entry_for(caller_of(request), slug, pk), fields=asked.fields)


@router.patch("/communities/{slug}/entries/{pk}", response=EntryTold, summary="Change the plan of an entry")
def change_entry(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[EntryChange]) -> HttpResponse:
    """What was approved stays approved. Asks for `content.write`."""
    community, entry = open_entry(request, slug, pk)
    planned = _changed(entry, community, given)
    plan_entry(entry, planned=planned, by=caller_of(request))
    return _as_it_stands(request, slug, pk)


def _changed(entry: Entry, community: Community, given: EntryChange) -> Planned:
    told = given.model_fields_set
    theme = entry.theme
    if "theme" in told:
        theme = get_theme_of(community, given.theme) if given.theme else None
    kept = tuple(entry.groups.all()) if given.groups is None else groups_named(community, given.groups)
    return Planned(
        theme=theme,
        owner=owner_named(given.owner or None) if "owner" in told else entry.owner,
        owner_role=entry.owner_role,
        due=given.due if "due" in told else entry.due,
        slot_day=given.slot_day if "slot_day" in told else entry.slot_day,
        slot_time=_time(given.slot_time) if "slot_time" in told else entry.slot_time,
        groups=kept,
        source=given.source or entry.source,
        note=entry.note if given.note is None else given.note,
    )


@router.post("/communities/{slug}/entries/{pk}/hand-in", response=EntryTold, summary="Hand an entry in for review")
def give_entry(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """It is checked first; what was found stands with its version. People review it. Asks for `content.write`."""
    _community, entry = open_entry(request, slug, pk)
    hand_in(entry, by=caller_of(request))
    return _as_it_stands(request, slug, pk)


@router.post("/communities/{slug}/entries/{pk}/drop", response=EntryTold, summary="Drop an entry")
def leave_entry(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[EntryDropped]) -> HttpResponse:
    """It stays and can be taken up again. Asks for `content.write`."""
    _community, entry = open_entry(request, slug, pk)
    drop_entry(entry, note=given.note, by=caller_of(request))
    return _as_it_stands(request, slug, pk)


@router.post("/communities/{slug}/entries/{pk}/take-up", response=EntryTold, summary="Take a dropped entry up again")
def resume_entry(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """As a draft, or the topic it was; an approval does not come back. Asks for `content.write`."""
    _community, entry = open_entry(request, slug, pk)
    take_up_entry(entry, by=caller_of(request))
    return _as_it_stands(request, slug, pk)


@router.get("/communities/{slug}/entries/{pk}/comments", response=Page[CommentTold], summary="Comments on an entry")
def list_comments(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """Asks for `plan.see`."""
    entry = get_entry_for(caller_of(request), slug, pk)
    return page(request, entry.comments.select_related("by"), COMMENTS, asked, unit=entry.community.unit)


@router.post("/communities/{slug}/entries/{pk}/comments", response={201: CommentTold}, summary="Comment on an entry")
def make_comment(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[CommentGiven]) -> HttpResponse:
    """In the name of whom the key belongs to. Asks for `content.write`."""
    _community, entry = open_entry(request, slug, pk)
    comment = comment_on(entry, words=given.words, by=caller_of(request))
    return made(request, COMMENTS, comment, at=request.path)


def open_entry(request: HttpRequest, slug: str, pk: int) -> tuple[Community, Entry]:
    """An entry that the key may write, with its community."""
    return written(request, slug), get_entry_for(caller_of(request), slug, pk)


def _as_it_stands(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return ENTRIES.one(get_entry_for(caller_of(request), slug, pk))


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def groups_named(community: Community, ids: Sequence[int]) -> tuple[Group, ...]:
    """The groups of these numbers; raises NotFoundError where one is not of the community."""
    found = tuple(Group.objects.filter(community=community, pk__in=ids).order_by("pk"))
    if len(found) != len(set(ids)):
        raise NotFoundError(_("One of the groups is not of this community."))
    return found
