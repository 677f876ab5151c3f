"""Typing in figures of a publication, and tying pieces on other platforms to an entry."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.do.publishing.figures import figures_of_entry, figures_of_pieces
from qunying.do.publishing.models import Piece, Sign
from qunying.do.publishing.queries import get_publication_for, loose_pieces, publications_of
from qunying.do.publishing.rules import may_note
from qunying.do.publishing.services_figures import note_figures, tie_piece, untie_piece
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.do.publishing.figures import told
from qunying.doors.console.people import staff_of
from qunying.ground.groups.queries import get_group_for
from qunying.ground.platforms.names import platform_label
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from qunying.kit.numerals import to_count, to_id
from qunying.plan.content.queries import get_entry_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry


@require_POST
@login_required
def note(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write down what somebody read off the platform for one group."""
    staff = staff_of(request)
    publication = get_publication_for(staff, slug, pk)
    _check_may(staff, publication.community)

    def act() -> None:
        group = get_group_for(staff, slug, to_id(request.POST.get("group", "")) or 0)
        values, day = _values(request.POST), _day(request.POST.get("day", ""))
        note_figures(publication, group=group, values=values, day=day, by=staff)

    back = f"{reverse('publication', args=[slug, pk])}#figures"
    return act_and_return(request, act, done=_("Written down."), back=back)


def _values(posted: QueryDict) -> dict[str, int]:
    found: dict[str, int] = {}
    for sign in Sign:
        text = posted.get(sign.value, "").strip()
        if not text:
            continue
        try:
            value = to_count(text)
        except ValueError:
            value = None
        if value is None:
            raise QunyingError(_("“%(text)s” is no number.") % {"text": text[:40]})
        found[sign.value] = value
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QunyingError(_("Choose the day on which the figures were so.")) from None


@require_GET
@login_required
def pieces(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where else an entry appeared, what came back altogether, and pieces that could be it."""
    staff = staff_of(request)
    entry = get_entry_for(staff, slug, pk)
    tied = list(Piece.objects.filter(entry=entry))
    counted = figures_of_pieces(tied)
    whole = figures_of_entry(list(publications_of(entry.community).filter(entry=entry)), tied)
    context = {
        "entry": entry,
        "community": entry.community,
        "whole": whole,
        "told": told(whole),
        "pieces": [(one, platform_label(one.platform), told(counted[one.pk])) for one in tied],
        "loose": [(one, platform_label(one.platform)) for one in loose_pieces(entry, request.GET.get("q", ""))],
        "words": request.GET.get("q", ""),
        "may_note": may_note(staff, entry.community),
    }
    return render(request, "console/publishing/pieces.html", context)


@require_POST
@login_required
def tie(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that a piece carries this entry."""
    staff, entry = _noter(request, slug, pk)
    platform, number = request.POST.get("platform", ""), request.POST.get("piece", "")
    return act_and_return(
        request,
        lambda: tie_piece(entry, platform=platform, object_id=number, by=staff),
        done=_("It belongs to this entry now."),
        back=reverse("entry_pieces", args=[slug, pk]),
    )


@require_POST
@login_required
def untie(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a piece off the entry."""
    staff, entry = _noter(request, slug, pk)
    piece = Piece.objects.filter(entry=entry, pk=to_id(request.POST.get("piece", "")) or 0).first()
    if piece is None:
        raise NotFoundError(_("This piece does not belong to the entry."))
    back = reverse("entry_pieces", args=[slug, pk])
    return act_and_return(request, lambda: untie_piece(piece, by=staff), done=_("Taken off."), back=back)


def _noter(request: HttpRequest, slug: str, pk: int) -> tuple[Staff, Entry]:
    staff = staff_of(request)
    entry = get_entry_for(staff, slug, pk)
    _check_may(staff, entry.community)
    return staff, entry


def _check_may(staff: Staff, community: Community) -> None:
    if not may_note(staff, community):
        raise NotAllowedError(_("Your roles do not include figures of content here. Ask the lead of the unit."))
