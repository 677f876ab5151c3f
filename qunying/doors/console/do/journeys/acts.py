"""What the buttons of a journey do: hand in, release, pause, go on, end, rename, put away; start and stop members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunying.do.journeys.models import Journey, Traveller
from qunying.do.journeys.queries import draft_of, get_journey_for, get_traveller_for
from qunying.do.journeys.services import (
    archive_journey,
    discard_draft,
    end_journey,
    give_back_version,
    hand_in_version,
    pause_journey,
    release_version,
    rename_journey,
    resume_journey,
    unarchive_journey,
)
from qunying.do.journeys.services_travellers import start_members, stop_traveller
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.do.journeys.editing import writer_of
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.segments.queries import members_of_segment, segments_at
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qunying.do.journeys.models import Version


def _draft(journey: Journey) -> Version:
    found = draft_of(journey)
    if found is None:
        raise QunyingError(_("There is no draft of this journey any more. Load the page again."))
    return found


def _back(request: HttpRequest, pk: int, act: Callable[[], object], *, done: str) -> HttpResponse:
    return act_and_return(request, act, done=done, back=reverse("journey", args=[pk]))


@require_POST
@login_required
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """It is ready, just as it was looked at: somebody else reads it."""
    staff, journey = writer_of(request, pk)

    def act() -> None:
        draft = _draft(journey)
        if request.POST.get("seen") != draft.content_hash:
            raise QunyingError(_("“%(title)s” was changed since you looked. Read it again.") % {"title": journey.name})
        hand_in_version(draft, by=staff)

    done = _("Handed in. Somebody else who gives second reviews can release it now.")
    return _back(request, pk, act, done=done)


@require_POST
@login_required
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not ready after all."""
    staff = staff_of(request)
    journey = get_journey_for(staff, pk)
    done = _("It is a draft again.")
    return _back(request, pk, lambda: give_back_version(_draft(journey), by=staff), done=done)


@require_POST
@login_required
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it run as it was looked at."""
    staff = staff_of(request)
    journey = get_journey_for(staff, pk)
    seen = request.POST.get("seen", "")
    done = _("Released. Whoever sets it off from now on goes this way.")
    return _back(request, pk, lambda: release_version(_draft(journey), by=staff, seen=seen), done=done)


@require_POST
@login_required
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold everything."""
    staff, journey = writer_of(request, pk)
    done = _("Paused. Nobody begins and nobody goes on until you let it.")
    return _back(request, pk, lambda: pause_journey(journey, by=staff), done=done)


@require_POST
@login_required
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on."""
    staff, journey = writer_of(request, pk)
    done = _("It goes on. What fell due meanwhile is due now.")
    return _back(request, pk, lambda: resume_journey(journey, by=staff), done=done)


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End it for everybody, once its name was typed."""
    staff, journey = writer_of(request, pk)

    def act() -> None:
        if request.POST.get("typed", "").strip() != journey.name:
            raise QunyingError(_("Type the name of the journey to end it for everybody."))
        end_journey(journey, by=staff)

    return _back(request, pk, act, done=_("Ended for everybody."))


@require_POST
@login_required
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it something else."""
    staff, journey = writer_of(request, pk)
    name = request.POST.get("name", "")
    return _back(request, pk, lambda: rename_journey(journey, name=name, by=staff), done=_("Renamed."))


@require_POST
@login_required
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away, once the name was typed; a journey that never ran is gone with it."""
    staff, journey = writer_of(request, pk)
    stays = journey.state != Journey.State.DRAFT

    def act() -> None:
        if request.POST.get("typed", "").strip() != journey.name:
            raise QunyingError(_("Type the name of the journey to throw its draft away."))
        discard_draft(journey, by=staff)

    if stays:
        return _back(request, pk, act, done=_("The draft is gone. What runs goes on as it is."))
    done, there = _("The draft is gone, and the journey with it."), reverse("journey", args=[pk])
    back = reverse("community_journeys", args=[journey.community.slug])
    return act_and_return(request, act, done=done, back=back, refused=there)


@require_POST
@login_required
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one that has ended away."""
    staff, journey = writer_of(request, pk)
    done = _("Put away. Choose “Put away” in the list to find it again.")
    return _back(request, pk, lambda: archive_journey(journey, by=staff), done=done)


@require_POST
@login_required
def unarchive(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it stand in the list again."""
    staff, journey = writer_of(request, pk)
    return _back(request, pk, lambda: unarchive_journey(journey, by=staff), done=_("It stands in the list again."))


@require_POST
@login_required
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the people of a segment on the journey now."""
    staff, journey = writer_of(request, pk)
    back = reverse("journey_travellers", args=[pk])

    def act() -> None:
        chosen = segments_at(staff, community=journey.community, unit=None)
        segment = chosen.filter(pk=to_id(request.POST.get("segment", "")) or 0).first()
        if segment is None:
            raise QunyingError(_("Choose the segment whose people are to begin."))
        people = members_of_segment(segment, [journey.community])
        if not start_members(journey, members=people, by=staff):
            words = _("Nobody of “%(name)s” begins: they were on it before, or it is not for them.")
            raise QunyingError(words % {"name": segment.name})

    done = _("They have begun. Who was on it before, or for whom it is not, was left out.")
    return act_and_return(request, act, done=done, back=back)


@require_POST
@login_required
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one member off, for a reason."""
    staff = staff_of(request)
    traveller = get_traveller_for(staff, pk)
    refusal = _("Your roles do not include writing journeys here. Ask the lead of the unit.")
    check_may(staff, Permission.SEND, traveller.journey.community.unit, refusal=refusal)

    def act() -> None:
        why = " ".join(request.POST.get("why", "").split())[: Traveller.WHY_LENGTH]
        if not why:
            raise QunyingError(_("Say why: whoever looks later wants to know."))
        stop_traveller(traveller, by=staff, why=why)

    done = _("Stopped. They hear nothing more of this journey.")
    return act_and_return(request, act, done=done, back=reverse("journey_traveller", args=[pk]))
