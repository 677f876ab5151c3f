"""What came back of content, for programs: figures of publications, pieces on other platforms, a month at one look."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.do.publishing.figures import Figures, figures_by_group, figures_of_entry, figures_of_pieces
from qunying.do.publishing.models import Piece, Sign
from qunying.do.publishing.month import month_of
from qunying.do.publishing.queries import get_publication_for, loose_pieces, publications_of
from qunying.do.publishing.rules import may_note
from qunying.do.publishing.services_figures import MOST, note_figures, tie_piece, untie_piece
from qunying.doors.api.paging import as_json, caller_of
from qunying.doors.api.plan.themes import MonthAsked, days_of_month
from qunying.doors.api.shapes import Day, Given, Id, Moment, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for, get_group_for
from qunying.kit.errors import NotAllowedError, NotFoundError
from qunying.plan.content.queries import get_entry_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.do.publishing.month import Share
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry

router = Router(tags=["do"])
_Count = Annotated[int, Field(ge=0, le=MOST, examples=[42])]
_Platform = Annotated[Text, Field(min_length=1, max_length=24, examples=["xiaohongshu"])]
_Number = Annotated[Text, Field(min_length=1, max_length=80, description="Its id there.", examples=["64a1f0"])]
_PLACE = "/communities/{slug}/publications/{pk}/figures"
_PIECES = "/communities/{slug}/entries/{pk}/pieces"


class SignTold(Told):
    """How often one thing was done; `rate` is `count` over `base`, null where it is a share of nothing known."""

    sign: str = Field(description="shown, read, liked, commented, shared, clicked, completed.", examples=["read"])
    count: int
    base: int = Field(description="Of so many people, showings, or reads.", examples=[128])
    rate: float | None = Field(examples=[0.33])
    by_hand: bool = Field(description="Read off by a person, all of it or a part.", examples=[False])


class CameBack(Told):
    """What is known to have come back; what nobody has told of stands nowhere, for silence is not zero."""

    groups: int = Field(description="In how many groups it arrived.", examples=[2])
    pieces: int = Field(description="How many pieces elsewhere are counted in.", examples=[1])
    reached: int = Field(description="People in these groups when it arrived.", examples=[128])
    signs: list[SignTold] = Field(description="Each thing anybody has told of.")


class GroupCameBack(Told):
    """The same of one group."""

    group: int
    figures: CameBack = Field(description="What came back from there.")


class PublicationFigures(Told):
    """What came back of a publication, altogether and group by group."""

    whole: CameBack = Field(description="Altogether.")
    groups: list[GroupCameBack] = Field(description="Group by group.")


class ReadOff(Given):
    """What a platform showed for one group altogether, as of a local day; at least one of the figures."""

    group: Id
    day: Day
    shown: _Count | None = None
    read: _Count | None = None
    liked: _Count | None = None
    commented: _Count | None = None
    shared: _Count | None = None
    clicked: _Count | None = None
    completed: _Count | None = None


class PieceTold(Told):
    """A piece on another platform that carries the entry, and what the newest imported table says of it."""

    id: int
    platform: str = Field(examples=["xiaohongshu"])
    object_id: str = Field(description="Its id there.", examples=["64a1f0"])
    title: str = Field(examples=["三月花期怎么养"])
    published_at: Moment
    figures: CameBack = Field(description="What came back of it.")


class LooseTold(Told):
    """A piece that belongs to no entry yet and could be this one."""

    platform: str = Field(examples=["xiaohongshu"])
    object_id: str = Field(description="Its id there.", examples=["64a1f0"])
    title: str = Field(examples=["三月花期怎么养"])
    published_at: Moment
    same: bool = Field(description="It is called as the entry.", examples=[True])


class PiecesTold(Told):
    """Where else an entry appeared, what came back of it everywhere, and pieces that could be it."""

    whole: CameBack = Field(description="Everything that came back of the entry.")
    pieces: list[PieceTold] = Field(description="What carries it, the oldest first.")
    loose: list[LooseTold] = Field(description="What could be it, the newest first.")


class PiecesAsked(Given):
    """By which words pieces are looked for."""

    q: Annotated[Text, Field(max_length=100, description="Words of the title; without, the entry's own.")] = ""


class PieceGiven(Given):
    """A piece of which an imported table told."""

    platform: _Platform
    object_id: _Number


class ShareTold(Told):
    """What went out of one theme, form or part of the day, and what came back of it."""

    name: str = Field(description="A theme, a form, or the hour at which a part of the day begins.", examples=["text"])
    entries: int = Field(description="Entries that went out, each once.", examples=[6])
    figures: CameBack = Field(description="What came back of them.")


class MonthTold(Told):
    """A month of publishing. Pieces elsewhere stand apart, for their figures are shares of something else."""

    first: date = Field(examples=["2026-03-01"])
    last: date = Field(examples=["2026-03-31"])
    whole: ShareTold = Field(description="Everything that reached a group.")
    themes: list[ShareTold] = Field(description="Theme by theme; '' without one.")
    forms: list[ShareTold] = Field(description="Form by form.")
    times: list[ShareTold] = Field(description="By the part of the day.")
    elsewhere: ShareTold = Field(description="Pieces on other platforms.")


@router.get(_PLACE, response=PublicationFigures, summary="What came back of a publication")
def show_figures(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Asks for `plan.see`."""
    publication = get_publication_for(caller_of(request), slug, pk)
    found = {group: figures for (_pk, group), figures in figures_by_group([publication]).items()}
    groups = [{"group": group, "figures": _told(figures)} for group, figures in sorted(found.items())]
    return as_json({"whole": _told(_sum(list(found.values()))), "groups": groups})


@router.post(_PLACE, response={204: None}, summary="Write figures of a publication down")
def write_figures(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[ReadOff]) -> HttpResponse:
    """Read off a platform that tells nothing itself. Asks for `content.write` or `reach.send`."""
    key = caller_of(request)
    publication = get_publication_for(key, slug, pk)
    _check_may_note(request, publication.community)
    values = given.dict(include=set(Sign.values), exclude_none=True)
    group = get_group_for(key, slug, given.group, Permission.SEE_PLAN)
    note_figures(publication, group=group, values=values, day=given.day, by=key)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get(_PIECES, response=PiecesTold, summary="Where else an entry appeared")
def show_pieces(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[PiecesAsked]) -> HttpResponse:
    """Asks for `plan.see`."""
    entry = get_entry_for(caller_of(request), slug, pk)
    tied = list(Piece.objects.filter(entry=entry))
    whole = figures_of_entry(list(publications_of(entry.community).filter(entry=entry)), tied)
    names = ("platform", "object_id", "title", "published_at", "same")
    loose = [{name: getattr(one, name) for name in names} for one in loose_pieces(entry, asked.q)]
    return as_json({"whole": _told(whole), "pieces": _pieces(tied), "loose": loose})


@router.post(_PIECES, response={201: PieceTold}, summary="Say that a piece carries an entry")
def make_piece(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[PieceGiven]) -> HttpResponse:
    """A piece carries one entry at most. Asks for `content.write` or `reach.send`."""
    entry = _notable(request, slug, pk)
    piece = tie_piece(entry, platform=given.platform, object_id=given.object_id, by=caller_of(request))
    return as_json(_pieces([piece])[0], status=HTTPStatus.CREATED)


@router.delete(f"{_PIECES}/{{piece}}", response={204: None}, summary="Take a piece off an entry")
def drop_piece(request: HttpRequest, slug: Path[Slug], pk: Path[Id], piece: Path[Id]) -> HttpResponse:
    """Asks for `content.write` or `reach.send`."""
    found = Piece.objects.filter(entry=_notable(request, slug, pk), pk=piece).first()
    if found is None:
        raise NotFoundError(_("This piece does not belong to the entry."))
    untie_piece(found, by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get("/communities/{slug}/publishing-month", response=MonthTold, summary="A month of publishing")
def show_month(request: HttpRequest, slug: Path[Slug], asked: Query[MonthAsked]) -> HttpResponse:
    """What went out and what came back, by theme, form and time of day. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    first, last = days_of_month(asked.month, today)
    month = month_of(community, first=first, last=last)
    told = {
        "first": first,
        "last": last,
        "whole": _share("", month.whole),
        "themes": [_share(getattr(one.key, "name", ""), one) for one in month.themes],
        "forms": [_share(str(one.key), one) for one in month.forms],
        "times": [_share(str(one.key), one) for one in month.times],
        "elsewhere": _share("", month.elsewhere),
    }
    return as_json(told)


def _share(name: str, share: Share) -> dict[str, Any]:
    return {"name": name, "entries": share.published, "figures": _told(share.figures)}


def _sum(found: Sequence[Figures]) -> Figures:
    whole = Figures()
    for one in found:
        whole.add(one)
    return whole


def _told(figures: Figures) -> dict[str, Any]:
    signs = [_sign(figures, name) for name in Sign.values if name in figures.known]
    return {"groups": figures.groups, "pieces": figures.pieces, "reached": figures.reached, "signs": signs}


def _sign(figures: Figures, name: str) -> dict[str, Any]:
    told = {"sign": name, "count": figures.counts[name], "base": figures.base_of(name)}
    return told | {"rate": figures.rate_of(name), "by_hand": name in figures.by_hand}


def _pieces(rows: Sequence[Piece]) -> list[dict[str, Any]]:
    counted, names = figures_of_pieces(rows), ("platform", "object_id", "title", "published_at")
    return [
        {"id": one.pk, "figures": _told(counted[one.pk])} | {name: getattr(one, name) for name in names} for one in rows
    ]


def _notable(request: HttpRequest, slug: str, pk: int) -> Entry:
    entry = get_entry_for(caller_of(request), slug, pk)
    _check_may_note(request, entry.community)
    return entry


def _check_may_note(request: HttpRequest, community: Community) -> None:
    if not may_note(caller_of(request), community):
        raise NotAllowedError(_("The key may not write content. Give it “content.write”."))
