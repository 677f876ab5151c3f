"""Verbs on being away: saying so, coming back, and what goes by hand going to the deputy meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qunying.do.reach.models import Absence, HandTask
from qunying.do.reach.queries import open_tasks
from qunying.do.reach.rules import beyond_deputy, may_carry
from qunying.ground.audit.actors import System
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.access.models import Staff

GO_AWAY = declare_verb("absences.say", gettext_lazy("Somebody said that they are away, and who stands in for them."))
COME_BACK = declare_verb("absences.end", gettext_lazy("Somebody is back earlier than they had said, or did not go."))
PASS_ON = declare_verb("hand_tasks.pass_on", gettext_lazy("Things to be sent by hand went to a deputy."))
GIVE_BACK = declare_verb("hand_tasks.give_back", gettext_lazy("Things to be sent by hand came back from a deputy."))

_CHORE = System("chores")
_NAMED = 3


@transaction.atomic
def go_away(staff: Staff, *, deputy: Staff, begins_at: datetime, ends_at: datetime, by: Staff) -> Absence:
    """Say that they are away between these times (aware), and who does meanwhile what they were to send by hand.

    Raises QunyingError where the deputy may not send everywhere where they may, or is away then, too.
    """
    if by.pk != staff.pk:
        raise NotAllowedError(_("Everybody says for themselves when they are away."))
    if ends_at <= max(begins_at, timezone.now()):
        raise QunyingError(_("The end lies before the beginning, or has passed. Choose a later one."))
    _check_deputy(staff, deputy)
    overlapping = Absence.objects.filter(ended_at=None, begins_at__lt=ends_at, ends_at__gt=begins_at)
    if overlapping.filter(staff=staff).exists():
        raise QunyingError(_("You have said already that you are away then. End that first."))
    if overlapping.filter(staff=deputy).exists():
        raise QunyingError(_("%(name)s is away then, too. Choose somebody else.") % {"name": deputy.name})
    standing = overlapping.filter(deputy=staff).select_related("staff").first()
    if standing is not None:
        words = _("You stand in for %(name)s then. Have them choose somebody else first.")
        raise QunyingError(words % {"name": standing.staff.name})
    made = Absence.objects.create(staff=staff, deputy=deputy, begins_at=begins_at, ends_at=ends_at)
    told = {"deputy": deputy.pk, "from": begins_at.isoformat(), "until": ends_at.isoformat()}
    write_act(GO_AWAY, by=by, subject_type="staff", subject_id=staff.pk, details=told)
    _pass_on(made)
    return made


def _check_deputy(staff: Staff, deputy: Staff) -> None:
    if deputy.pk == staff.pk or not deputy.is_active:
        raise QunyingError(_("Choose somebody else to stand in."))
    beyond = [unit.name for unit in beyond_deputy(deputy, staff)[:_NAMED]]
    if beyond:
        words = _("%(name)s may not send in: %(units)s. Choose somebody who may send everywhere where you may.")
        raise QunyingError(words % {"name": deputy.name, "units": pgettext("names", ", ").join(beyond)})


@transaction.atomic
def come_back(absence: Absence, *, by: Staff) -> None:
    """They are here again, or do not go after all: what is still open comes back to them."""
    if by.pk != absence.staff_id:
        raise NotAllowedError(_("Everybody says for themselves when they are away."))
    found = Absence.objects.select_for_update().get(pk=absence.pk)
    if found.ended_at is not None or found.ends_at <= timezone.now():
        raise QunyingError(_("That absence is over already."))
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    write_act(COME_BACK, by=by, subject_type="staff", subject_id=found.staff_id, details={"absence": found.pk})
    _give_back(HandTask.objects.filter(stands_in_for=found.staff_id))


def stand_in() -> int:
    """Give what falls to somebody who is away to their deputy, and back what is open when they return; how many."""
    now = timezone.now()
    running = Absence.objects.filter(ended_at=None, ends_at__gt=now).select_related("staff", "deputy")
    passed = sum(_pass_on(absence) for absence in running)
    here_again = HandTask.objects.filter(end="", stands_in_for__isnull=False)
    return passed + _give_back(here_again.exclude(stands_in_for__in=running.values("staff")))


@transaction.atomic
def _pass_on(absence: Absence) -> int:
    """What is theirs and due while they are away, and once they are gone what was late already."""
    now = timezone.now()
    falls = Q(due_at__gte=absence.begins_at) if absence.begins_at > now else Q()
    theirs = open_tasks().filter(falls, owner=absence.staff, due_at__lt=absence.ends_at)
    tasks = list(theirs.select_for_update(of=("self",)))
    for task in tasks:
        carries = may_carry(absence.deputy, task.delivery.community)
        # Who lost the right since goes without: then it is the team's.
        task.owner, task.stands_in_for = (absence.deputy if carries else None), absence.staff
        task.save(update_fields=["owner", "stands_in_for"])
    _write(PASS_ON, tasks, to=absence.deputy_id)
    return len(tasks)


@transaction.atomic
def _give_back(tasks: QuerySet[HandTask]) -> int:
    found = open_tasks().filter(pk__in=tasks.values("pk")).select_related("stands_in_for")
    theirs = list(found.select_for_update(of=("self",)))
    for task in theirs:
        home = task.stands_in_for
        task.owner = home if home is not None and may_carry(home, task.delivery.community) else None
        task.stands_in_for = None
        task.save(update_fields=["owner", "stands_in_for"])
    for person in sorted({task.owner_id for task in theirs if task.owner_id}):
        _write(GIVE_BACK, [task for task in theirs if task.owner_id == person], to=person)
    return len(theirs)


def _write(verb: str, tasks: Collection[HandTask], *, to: int) -> None:
    if tasks:
        details = {"tasks": [task.pk for task in tasks]}
        write_act(verb, by=_CHORE, subject_type="staff", subject_id=to, details=details)
