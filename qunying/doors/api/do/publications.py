"""Publications for programs: approved entries on their way into groups, put off, called off, tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.do.publishing.models import PublicationGroup
from qunying.do.publishing.queries import deliveries_of, get_publication_for, publications_of, tallies_of
from qunying.do.publishing.services import (
    cancel_publication,
    move_publication,
    publish_entry,
    publish_refused_again,
)
from qunying.doors.api.do.deliveries import DeliveryTold, deliveries_noun
from qunying.doors.api.do.sendings import check_may_send
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.plan.entries import groups_named
from qunying.doors.api.problems import wrong
from qunying.doors.api.shapes import Fields, Given, Id, Instant, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import QunyingError
from qunying.plan.content.queries import approved_version, get_entry_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.do.publishing.models import Publication

router = Router(tags=["do"])
_State = Literal["going", "done", "held", "cancelled"]
_Digest = Annotated[Text, Field(min_length=1, max_length=64, description="`digest` of the version.", examples=["9f2c"])]


class PublicationTold(Told):
    """An approved version of an entry on its way into groups; `outcome` counts its deliveries by state."""

    id: int
    community: str
    entry: int
    version: int = Field(description="Number of the version of the entry.", examples=[2])
    digest: str = Field(description="Names exactly what was approved.", examples=["9f2c"])
    state: str = Field(
        description="going, done, held (its approval was lost before all of it had left), cancelled.", examples=["done"]
    )
    groups: list[int] = Field(description="To which groups.", examples=[[3, 4]])
    due_at: Moment
    pinned: bool = Field(description="It is pinned where a platform can.", examples=[False])
    counts_clicks: bool = Field(examples=[True])
    outcome: dict[str, int] = Field(examples=[{"sent": 2}])
    by: str = Field(examples=["lili"])
    ended_at: Moment | None


class PublicationGiven(Given):
    """Which groups an approved entry goes to, and when; without a time at once."""

    digest: _Digest
    groups: Annotated[list[Id], Field(min_length=1, max_length=500, description="To which groups.")]
    due_at: Instant | None = None
    pinned: bool = Field(default=False, description="Pin it where a platform can.")
    counts_clicks: bool = Field(default=False, description="Links in it become short ones that count clicks.")


class PublicationMoved(Given):
    """The new time of what has not left; one that has passed: now."""

    due_at: Instant


class PublicationList(Paging):
    """Which publications."""

    state: Annotated[_State | None, Field(description="Only those that stand so.")] = None
    entry: Annotated[Id | None, Field(description="Only those of this entry.")] = None


class MovedTold(Told):
    """How many deliveries the act was about."""

    deliveries: int = Field(examples=[3])


def _publications(rows: Sequence[Publication]) -> Iterable[dict[str, Any]]:
    outcomes, groups = tallies_of(rows), dict[int, list[int]]()
    targets = PublicationGroup.objects.filter(publication__in=rows).order_by("group")
    for publication, group in targets.values_list("publication", "group"):
        groups.setdefault(publication, []).append(group)
    plain = ("digest", "state", "due_at", "pinned", "counts_clicks", "ended_at")
    for one in rows:
        told = {"id": one.pk, "community": one.community.slug, "entry": one.entry_id, "version": one.version.number}
        told |= {"groups": groups.get(one.pk, []), "outcome": dict(outcomes[one.pk]), "by": one.by.username}
        yield told | {name: getattr(one, name) for name in plain}


PUBLICATIONS = Noun("publications", PublicationTold, _publications, newest_first=True)
_PLACE = "/communities/{slug}/publications"


@router.get(_PLACE, response=Page[PublicationTold], summary="Publications")
def list_publications(request: HttpRequest, slug: Path[Slug], asked: Query[PublicationList]) -> HttpResponse:
    """Those of a community, the newest first. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    wanted = {"state": asked.state, "entry": asked.entry}
    found = publications_of(community).filter(**{name: value for name, value in wanted.items() if value is not None})
    return page(request, found, PUBLICATIONS, asked, unit=community.unit)


@router.post(
    "/communities/{slug}/entries/{pk}/publications", response={201: PublicationTold}, summary="Publish an entry"
)
def make_publication(
    request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[PublicationGiven]
) -> HttpResponse:
    """What two people have approved, exactly as it was looked at, to each group once. Asks for `reach.send`."""
    key, entry = caller_of(request), get_entry_for(caller_of(request), slug, pk)
    check_may_send(request, entry.community)
    if given.due_at is not None and given.due_at < timezone.now():
        raise wrong("due_at", _("That time has passed. Choose a later one, or leave it empty."))
    version = approved_version(entry)
    if version is not None and version.digest != given.digest:
        raise QunyingError(_("It was changed since you looked at it. Look again, then publish."))
    publication = publish_entry(
        entry,
        groups=groups_named(entry.community, given.groups),
        due_at=given.due_at,
        pinned=given.pinned,
        counts_clicks=given.counts_clicks and bool(settings.PUBLIC_URL),
        by=key,
    )
    at = f"/api/v1/communities/{slug}/publications/{publication.pk}"
    return made(request, PUBLICATIONS, publication, at=at)


@router.get(f"{_PLACE}/{{pk}}", response=PublicationTold, summary="One publication")
def show_publication(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return PUBLICATIONS.one(get_publication_for(caller_of(request), slug, pk), fields=asked.fields)


@router.get(f"{_PLACE}/{{pk}}/deliveries", response=Page[DeliveryTold], summary="Deliveries of a publication")
def list_of_publication(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """How each group fared; one that is unknown is settled as any delivery is. Asks for `plan.see`."""
    key = caller_of(request)
    publication = get_publication_for(key, slug, pk)
    found = deliveries_of(publication).select_related("community", "identity")
    return page(request, found, deliveries_noun(key), asked, unit=publication.community.unit)


@router.post(f"{_PLACE}/{{pk}}/move", response=MovedTold, summary="Put a publication off")
def put_off(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[PublicationMoved]) -> HttpResponse:
    """What has not left goes at the new time. Asks for `reach.send`."""
    publication = _sendable(request, slug, pk)
    return as_json({"deliveries": move_publication(publication, due_at=given.due_at, by=caller_of(request))})


@router.post(f"{_PLACE}/{{pk}}/cancel", response=MovedTold, summary="Call a publication off")
def stop_publication(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """What has not left does not leave, and its groups may be chosen again. Asks for `reach.send`."""
    return as_json({"deliveries": cancel_publication(_sendable(request, slug, pk), by=caller_of(request))})


@router.post(f"{_PLACE}/{{pk}}/again", response=MovedTold, summary="Try again what a platform refused")
def publish_again(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Nothing was done for these, so nothing arrives twice. Asks for `reach.send`."""
    return as_json({"deliveries": publish_refused_again(_sendable(request, slug, pk), by=caller_of(request))})


def _sendable(request: HttpRequest, slug: str, pk: int) -> Publication:
    publication = get_publication_for(caller_of(request), slug, pk)
    check_may_send(request, publication.community)
    return publication
