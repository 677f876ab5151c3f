"""The page of dimensions and tags: what there is, how many carry it, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_may_anywhere, check_may_export, staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import holds_everywhere
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import communities_for
from qunying.ground.members.models import MemberTag, Tag, TagDimension
from qunying.ground.members.services_vocabulary import (
    add_tag,
    archive_words,
    merge_tags,
    rename_dimension,
    rename_tag,
    ship_dimensions,
)
from qunying.ground.members.shipped import ASPECTS, SHIPPED
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.kit.numerals import to_id
from qunying.kit.plans import only_among

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

    from qunying.ground.access.models import Staff


@dataclass(frozen=True, slots=True)
class TagRow:
    """One tag and how many members of one's own communities carry it."""

    tag: Tag
    members: int


@dataclass(frozen=True, slots=True)
class DimensionCard:
    """One dimension with its tags."""

    dimension: TagDimension
    tags: list[TagRow]


TAGS: Listing[TagRow] = Listing(
    "tags",
    gettext_lazy("Tags"),
    (
        Column("aspect", gettext_lazy("Aspect"), lambda row: ASPECTS[row.tag.dimension.aspect]),
        Column("dimension", gettext_lazy("Dimension"), lambda row: row.tag.dimension.label),
        Column("tag", gettext_lazy("Tag"), lambda row: row.tag.label, order=True),
        Column("members", gettext_lazy("Members"), lambda row: row.members, order=True, css="number"),
        Column("archived", gettext_lazy("Archived"), lambda row: row.tag.archived_at is not None),
    ),
    default="tag",
)


def _seer(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    refusal = _("Your role may not see members. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.SEE_MEMBERS, refusal=refusal)
    return staff


def _rows(staff: Staff) -> list[TagRow]:
    """Shipped tags and those that members of one's own communities carry; who answers for everyone sees all."""
    visible = list(communities_for(staff, Permission.SEE_MEMBERS).values_list("pk", flat=True))
    here = Membership.objects.filter(only_among("community_id", visible), identity__member=OuterRef("member"))
    carried = MemberTag.objects.filter(Exists(here)).order_by().values_list("tag").annotate(n=Count("member"))
    counts = dict(carried)
    tags = Tag.objects.select_related("dimension").order_by("dimension__name", "pk")
    everything = holds_everywhere(staff, Permission.EDIT_MEMBERS)
    return [TagRow(tag, counts.get(tag.pk, 0)) for tag in tags if everything or tag.key or tag.pk in counts]


@require_GET
@login_required
def tags(request: HttpRequest) -> HttpResponse:
    """Dimensions by the four aspects of a profile, each with its tags."""
    staff = _seer(request)
    archived = request.GET.get("archived") == "1"
    by_dimension: dict[int, list[TagRow]] = {}
    for row in _rows(staff):
        if archived or row.tag.archived_at is None:
            by_dimension.setdefault(row.tag.dimension_id, []).append(row)
    cards = [
        DimensionCard(one, by_dimension.get(one.pk, []))
        for one in TagDimension.objects.order_by("pk")
        if (archived or one.archived_at is None) and (one.key or one.pk in by_dimension)
    ]
    context = {
        "aspects": _by_aspect(cards),
        "archived": archived,
        "may_edit": holds_everywhere(staff, Permission.EDIT_MEMBERS),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "missing": len(SHIPPED) - sum(bool(card.dimension.key) for card in cards) if not archived else 0,
    }
    return render(request, "console/tags/list.html", context)


def _by_aspect(cards: list[DimensionCard]) -> list[tuple[_StrPromise, list[DimensionCard]]]:
    found: dict[str, list[DimensionCard]] = {aspect: [] for aspect in ASPECTS}
    for card in cards:
        found[card.dimension.aspect].append(card)
    return [(label, found[aspect]) for aspect, label in ASPECTS.items() if found[aspect]]


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """Every tag with how many carry it, as a file."""
    staff = _seer(request)
    check_may_export(staff)
    rows = TAGS.sort_rows(_rows(staff), request.GET)
    return TAGS.export(request, rows, count=len(rows), zone=zone_of(staff), by=staff)


def _keeper(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    if not holds_everywhere(staff, Permission.EDIT_MEMBERS):
        raise NotAllowedError(_("These words are everyone's. Ask a director of the whole organisation."))
    return staff


def _and_back(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    return act_and_return(request, act, done=done, back=reverse("tags"))


@require_POST
@login_required
def ship(request: HttpRequest) -> HttpResponse:
    """Put in the shipped dimensions that are missing."""
    staff = _keeper(request)
    return _and_back(request, lambda: ship_dimensions(by=staff), _("The shipped dimensions are there."))


@require_POST
@login_required
def change_dimension(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or archive a dimension, or add a tag to it."""
    staff = _keeper(request)
    dimension = get_object_or_404(TagDimension, pk=pk)
    act, name = request.POST.get("act", ""), request.POST.get("name", "")
    acts: dict[str, Callable[[], object]] = {
        "rename": lambda: rename_dimension(dimension, name=name, by=staff),
        "add": lambda: add_tag(dimension, name=name, by=staff),
        "archive": lambda: archive_words(dimension, on=True, by=staff),
        "restore": lambda: archive_words(dimension, on=False, by=staff),
    }
    return _and_back(request, acts.get(act, _unknown), _("The changes are saved."))


@require_POST
@login_required
def change_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or archive a tag, or merge it into another one of its dimension."""
    staff = _keeper(request)
    tag = get_object_or_404(Tag.objects.select_related("dimension"), pk=pk)
    act, into = request.POST.get("act", ""), request.POST.get("into", "")
    acts: dict[str, Callable[[], object]] = {
        "rename": lambda: rename_tag(tag, name=request.POST.get("name", ""), by=staff),
        "archive": lambda: archive_words(tag, on=True, by=staff),
        "restore": lambda: archive_words(tag, on=False, by=staff),
        "merge": lambda: merge_tags(tag, into=_other(tag, into), by=staff),
    }
    return _and_back(request, acts.get(act, _unknown), _("The changes are saved."))


def _other(tag: Tag, pk: str) -> Tag:
    found = Tag.objects.filter(dimension=tag.dimension_id, pk=to_id(pk) or 0).first()
    if found is None:
        raise QunyingError(_("Choose the tag it becomes."))
    return found


def _unknown() -> None:
    raise QunyingError(_("Choose what to do."))
