"""The list of publications of a community, and one of them: how each group fared."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from qunying.do.publishing.figures import Figures, figures_by_group
from qunying.do.publishing.models import Publication, Sign
from qunying.do.publishing.queries import deliveries_of, get_publication_for, publications_of
from qunying.do.publishing.rules import may_note, may_publish
from qunying.do.publishing.services import again_in
from qunying.do.publishing.wording import words_of
from qunying.do.reach.models import Delivery
from qunying.doors.console.do.publishing.card import Line, lines_of
from qunying.doors.console.do.publishing.figures import told
from qunying.doors.console.do.publishing.words import LOOKS
from qunying.doors.console.do.reach.views import TONES
from qunying.doors.console.lists import Column, Listing, in_chunks
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

_PAGE = 50


def _known(row: Line, sign: Sign) -> int | None:
    return row.figures.counts[sign] if sign in row.figures.known else None


def _count(sign: Sign, *, shown: bool) -> Column[Line]:
    """A column of a figure; in the file stand all of them."""
    return Column(sign.value, sign.label, lambda row: _known(row, sign), css="number", shown=shown)


PUBLICATIONS: Listing[Line] = Listing(
    "publications",
    _("Publications"),
    (
        Column("entry", _("Title"), lambda row: row.publication.entry.title, order="entry__title"),
        Column("state", _("State"), lambda row: row.publication.get_state_display(), order="state"),
        Column("due", pgettext_lazy("publication", "Goes out"), lambda row: row.publication.due_at, order="due_at"),
        Column("theme", _("Theme"), lambda row: _theme(row.publication), order="entry__theme__name"),
        Column("arrived", pgettext_lazy("publication", "Groups that have it"), lambda row: row.arrived, css="number"),
        Column("groups", _("Groups"), lambda row: row.groups, shown=False),
        Column("reached", pgettext_lazy("content figure", "Reached"), lambda row: row.figures.reached, css="number"),
        *(_count(sign, shown=sign in {Sign.READ, Sign.CLICKED}) for sign in Sign),
        Column(
            "by", pgettext_lazy("publication", "Published by"), lambda row: row.publication.by.name, order="by__name"
        ),
    ),
    default="-due",
)


def _theme(publication: Publication) -> str:
    return publication.entry.theme.label if publication.entry.theme else ""


def _found(request: HttpRequest, community: Community) -> QuerySet[Publication]:
    found, words = publications_of(community), request.GET.get("q", "").strip()[:100]
    if words:
        found = found.filter(entry__title__icontains=words)
    if request.GET.get("state") in Publication.State.values:
        found = found.filter(state=request.GET["state"])
    return PUBLICATIONS.sort(found, request.GET)


@require_GET
@login_required
def publications(request: HttpRequest, slug: str) -> HttpResponse:
    """The publications of a community that fit the filters, the newest first."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    page = Paginator(_found(request, community), _PAGE).get_page(request.GET.get("page"))
    held = permissions_in(staff, community.unit)
    context = {
        "community": community,
        "page": page,
        "rows": lines_of(page.object_list),
        "states": Publication.State.choices,
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "state")),
        "may_export": Permission.EXPORT in held,
        "zone": ZoneInfo(community.timezone),
        **PUBLICATIONS.table(request.GET),
    }
    return render(request, "console/publishing/list.html", context)


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The list as it is filtered and sorted, as a file."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    refusal = str(_("Your role may not take lists out. Ask the lead of the unit."))
    check_may(staff, Permission.EXPORT, community.unit, refusal=refusal)
    found, zone = _found(request, community), ZoneInfo(community.timezone)
    return PUBLICATIONS.export(request, in_chunks(found, lines_of), count=found.count(), zone=zone, by=staff, of=slug)


@require_GET
@login_required
def one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One publication: how each group fared, and what can be done about it."""
    staff = staff_of(request)
    publication = get_publication_for(staff, slug, pk)
    return render(request, "console/publishing/one.html", _portrait(publication, staff))


def _portrait(publication: Publication, staff: Staff) -> dict[str, object]:
    style, icon = LOOKS[publication.state]
    rows = [(row, TONES.get(Delivery.State(row.state), "")) for row in deliveries_of(publication)]
    sends = may_publish(staff, publication.community)
    going = publication.state == Publication.State.GOING
    waiting = any(row.state == Delivery.State.WAITING for row, _tone in rows)
    open_now = waiting or any(row.state == Delivery.State.HAND for row, _tone in rows)
    return {
        "publication": publication,
        "community": publication.community,
        "entry": publication.entry,
        "version": publication.version,
        "words": words_of(publication.version),
        "pictures": list(publication.version.pictures.select_related("file")),
        "style": style,
        "icon_name": icon,
        "rows": rows,
        "pins": list(deliveries_of(publication, action="pin")),
        "zone": ZoneInfo(publication.community.timezone),
        "may_send": sends,
        "may_stop": sends and going and open_now,
        "may_move": sends and going and waiting,
        "again": again_in(publication).count() if sends and publication.state in _TRIABLE else 0,
        **_came_back(publication, staff),
        "lost": publication.state == Publication.State.HELD,
    }


def _came_back(publication: Publication, staff: Staff) -> dict[str, object]:
    """What came back, altogether and of each group, and where figures may be typed in."""
    groups = {target.group_id: target.group for target in publication.targets.select_related("group")}
    found = {group: figures for (_pk, group), figures in figures_by_group([publication]).items()}
    whole = Figures()
    for one in found.values():
        whole.add(one)
    zone = ZoneInfo(publication.community.timezone)
    return {
        "whole": whole,
        "told": told(whole),
        "signs": Sign.choices,
        "figure_rows": [(groups[pk], figures.reached, told(figures)) for pk, figures in found.items()],
        "figure_groups": [groups[pk] for pk in found],
        "may_note": may_note(staff, publication.community) and bool(found),
        "today": timezone.localdate(timezone=zone),
        "first_day": publication.due_at.astimezone(zone).date(),
        "noted": list(publication.noted.select_related("group", "by").order_by("-pk")[:_NOTED]),
    }


_NOTED = 20
_TRIABLE = (Publication.State.GOING, Publication.State.DONE)
