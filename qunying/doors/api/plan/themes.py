"""Themes for programs, and how far a month is from their shares."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.shapes import Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotAllowedError, NotFoundError
from qunying.plan.content.matrix import matrix_of
from qunying.plan.content.models import Theme
from qunying.plan.content.rules import may_write
from qunying.plan.content.services_themes import archive_theme, set_theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.groups.models import Community

router = Router(tags=["plan"])
_Name = Annotated[Text, Field(min_length=1, max_length=Theme.NAME_LENGTH, examples=["品牌故事"])]
_NameEn = Annotated[Text, Field(max_length=Theme.NAME_LENGTH, examples=["Brand story"])]
_Share = Annotated[int, Field(ge=0, le=100, description="Per cent of a month's entries.", examples=[15])]


class ThemeTold(Told):
    """What a community talks about, and how much of it; `share` null: no matter."""

    id: int
    name: str = Field(examples=["品牌故事"])
    name_en: str = Field(examples=["Brand story"])
    share: int | None = Field(examples=[15])
    archived_at: Moment | None


class ThemeGiven(Given):
    """A theme. A name that was put away comes back."""

    name: _Name
    name_en: _NameEn = ""
    share: _Share | None = None


class ThemeChange(Given):
    """What changes; what is left out stays. `share` null: it no longer matters how much."""

    name: _Name | None = None
    name_en: _NameEn | None = None
    share: _Share | None = None


class CellTold(Told):
    """A theme in a month; `theme` null: entries without one that is in use."""

    theme: int | None = Field(examples=[2])
    count: int = Field(description="How many entries it has.", examples=[4])
    wanted: int | None = Field(description="Its share as planned, in per cent.", examples=[15])
    actual: float | None = Field(
        description="Its share as it is, in per cent; null in an empty month.", examples=[20.0]
    )


class MatrixTold(Told):
    """A month of entries by theme, dropped ones left out."""

    first: date = Field(examples=["2026-03-01"])
    last: date = Field(examples=["2026-03-31"])
    total: int = Field(description="Entries of the month.", examples=[20])
    themes: list[CellTold] = Field(description="Theme by theme.")


class MonthAsked(Given):
    """Which month."""

    month: Annotated[
        str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="Without one, this one.", examples=["2026-03"])
    ] = ""


def _themes(rows: Sequence[Theme]) -> Iterable[dict[str, Any]]:
    for one in rows:
        yield {"id": one.pk} | {name: getattr(one, name) for name in ("name", "name_en", "share", "archived_at")}


THEMES = Noun("themes", ThemeTold, _themes)


@router.get("/communities/{slug}/themes", response=Page[ThemeTold], summary="Themes")
def list_themes(request: HttpRequest, slug: Path[Slug], asked: Query[Paging]) -> HttpResponse:
    """Those that were put away, too. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    return page(request, Theme.objects.filter(community=community), THEMES, asked, unit=community.unit)


@router.post("/communities/{slug}/themes", response={201: ThemeTold}, summary="Make a theme")
def make_theme(request: HttpRequest, slug: Path[Slug], given: Body[ThemeGiven]) -> HttpResponse:
    """The shares of a community together may not pass 100 per cent. Asks for `content.write`."""
    community = written(request, slug)
    theme = set_theme(given.name, community=community, share=given.share, name_en=given.name_en, by=caller_of(request))
    return made(request, THEMES, theme)


@router.patch("/communities/{slug}/themes/{pk}", response=ThemeTold, summary="Change a theme")
def change_theme(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[ThemeChange]) -> HttpResponse:
    """Its names and its share. One that was put away comes back. Asks for `content.write`."""
    community = written(request, slug)
    theme = _theme(community, pk)
    wanted = {"name": theme.name, "name_en": theme.name_en} | given.dict(include={"name", "name_en"}, exclude_none=True)
    share = given.share if "share" in given.model_fields_set else theme.share
    return THEMES.one(set_theme(**wanted, share=share, community=community, theme=theme, by=caller_of(request)))


@router.post("/communities/{slug}/themes/{pk}/archive", response=ThemeTold, summary="Put a theme away")
def put_theme_away(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Its entries keep it; new ones cannot choose it. Asks for `content.write`."""
    return THEMES.one(archive_theme(_theme(written(request, slug), pk), by=caller_of(request)))


@router.get("/communities/{slug}/content-matrix", response=MatrixTold, summary="Themes and their shares of a month")
def show_matrix(request: HttpRequest, slug: Path[Slug], asked: Query[MonthAsked]) -> HttpResponse:
    """How much each theme was to have, and how much it has. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    first, last = days_of_month(asked.month, timezone.localdate(timezone=ZoneInfo(community.timezone)))
    cells = matrix_of(community, first=first, last=last)
    told = [
        {"theme": one.theme and one.theme.pk, "count": one.count, "wanted": one.wanted, "actual": one.actual}
        for one in cells
    ]
    return as_json({"first": first, "last": last, "total": cells[0].total if cells else 0, "themes": told})


def days_of_month(month: str, today: date) -> tuple[date, date]:
    """The first and the last day of a month such as 2026-03; '' is that of `today`."""
    first = date.fromisoformat(f"{month}-01") if month else today.replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def written(request: HttpRequest, slug: str) -> Community:
    """The community, where the key may write content in it; raises NotAllowedError where it only sees it."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    if not may_write(caller_of(request), community):
        raise NotAllowedError(_("The key may not write content. Give it “content.write”."))
    return community


def _theme(community: Community, pk: int) -> Theme:
    found = Theme.objects.filter(community=community, pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such theme in this community."))
    return found
