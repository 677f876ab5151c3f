"""Verbs on people on a journey: starting them by hand, stopping one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.journeys.beginning import Start, begin, places_of
from qunying.do.journeys.endings import end_these
from qunying.do.journeys.models import Journey, Traveller, Version
from qunying.do.journeys.rules import may_run
from qunying.do.journeys.watching import fitting
from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

START = declare_verb("journeys.start", gettext_lazy("Members were put on a journey by hand."))
_AT_ONCE = 500
STOP = declare_verb("journeys.stop", gettext_lazy("A member was taken off a journey."))


def start_members(journey: Journey, *, members: Iterable[int], by: Actor) -> int:
    """Put members (ids) on the journey now; how many began. Who is on it already, or may not go again, does not.

    Raises QunyingError where the journey does not run, or nobody of these is in the community.
    """
    _check_may(by, journey.community)
    running = journey.versions.filter(state=Version.State.RELEASED, journey__state=Journey.State.RUNNING)
    version = running.select_related("journey__community__unit").first()
    if version is None:
        raise QunyingError(_("“%(name)s” does not run. Release it, or let it go on.") % {"name": journey.name})
    now = timezone.now()
    places = places_of(journey.community, sorted(set(members)))
    if not places:
        raise QunyingError(_("None of them is in the community now."))
    starts = [Start(member, *place, f"manual:{now:%Y%m%d%H%M%S%f}") for member, place in places.items()]
    starts = fitting(version, starts)
    begun = 0
    for start in range(0, len(starts), _AT_ONCE):
        with transaction.atomic():
            fresh = len(begin(version, starts[start : start + _AT_ONCE], now=now))
            write_act(START, by=by, subject_type="journey", subject_id=journey.pk, details={"members": fresh})
        begun += fresh
    return begun


@transaction.atomic
def stop_traveller(traveller: Traveller, *, by: Actor, why: str = "") -> None:
    """Take one member off: nothing more comes to them; what has not left does not leave."""
    rows = Traveller.objects.select_for_update(of=("self",)).select_related("journey__community__unit")
    found = rows.get(pk=traveller.pk)
    _check_may(by, found.journey.community)
    if found.state != Traveller.State.UNDER_WAY:
        raise QunyingError(_("It is over for this member already: %(state)s.") % {"state": found.get_state_display()})
    end_these([found.pk], Traveller.State.STOPPED, why=why.strip(), now=timezone.now())
    write_act(STOP, by=by, subject_type="traveller", subject_id=found.pk, details={"journey": found.journey_id})


def _check_may(by: Actor, community: Community) -> None:
    if isinstance(by, Staff | ApiKey) and not may_run(by, community):
        words = _("Your roles do not include sending in “%(unit)s”.")
        raise NotAllowedError(words % {"unit": community.unit.name})
