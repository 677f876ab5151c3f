"""Having a platform remind those who have to confirm something there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.reach.asking import laid_of
from qunying.do.reach.models import Delivery, HandTask
from qunying.do.reach.rules import may_send
from qunying.ground.audit.models import Act
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.platforms.nudges import nudge_of, nudging_platforms
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Holder

NUDGE = declare_verb(
    "sendings.nudge", gettext_lazy("Colleagues who have to confirm a sending on its platform were reminded there.")
)
EVERY = timedelta(days=1)
MOST = 3
"""A sending is called to mind once a day, and three times in all: then somebody has to be spoken to."""


def confirming(sending: Sending) -> QuerySet[HandTask]:
    """What of a sending people have yet to confirm on a platform that can remind them."""
    waiting = HandTask.objects.filter(
        delivery__sending=sending,
        delivery__state=Delivery.State.AWAITING,
        delivery__account__paused_at=None,
        delivery__account__platform__in=nudging_platforms(),
        end="",
    )
    parts = ("account", "group", "identity")
    open_now = waiting.exclude(delivery__external_id="").select_related(*(f"delivery__{part}" for part in parts))
    return open_now.order_by("pk")


def nudge_sending(sending: Sending, *, by: Holder) -> int:
    """Have everybody reminded who has yet to confirm a part of it; how many of the platform's tasks that were.

    Raises QunyingError where nobody has to, it was called to mind within a day or three times already, or the
    platform refuses. Takes seconds; never in a transaction.
    """
    if not may_send(by, sending.community):
        unit = sending.community.unit.name
        raise NotAllowedError(_("Your roles do not include sending in “%(unit)s”.") % {"unit": unit})
    tasks = {(row.delivery.account_id, row.delivery.external_id): row for row in confirming(sending)}
    if not tasks:
        raise QunyingError(_("Nobody has to confirm anything of it any more."))
    _note(sending, len(tasks), by=by)
    refusals = [error for task in tasks.values() if (error := _nudged(task)) is not None]
    if len(refusals) == len(tasks):
        raise refusals[0]
    return len(tasks) - len(refusals)


def _nudged(task: HandTask) -> QunyingError | None:
    """Nothing where the platform reminded; else what it said. One refusal does not keep it from the others."""
    account = task.delivery.account
    nudge = nudge_of(account.platform) if account is not None else None
    try:
        if account is not None and nudge is not None:
            nudge(account, laid_of(task))
    except QunyingError as error:
        return error
    return None


@transaction.atomic
def _note(sending: Sending, number: int, *, by: Holder) -> None:
    """Written before anybody is asked: of two who press at the same time, the second is refused."""
    type(sending).objects.select_for_update().get(pk=sending.pk)
    before = Act.objects.filter(verb=NUDGE, subject_type="sending", subject_id=str(sending.pk)).order_by("-at")
    times = list(before.values_list("at", flat=True)[:MOST])
    if len(times) >= MOST:
        raise QunyingError(_("They were reminded three times already. Speak to them."))
    if times and times[0] > timezone.now() - EVERY:
        raise QunyingError(_("They were reminded within the last 24 hours. Give them a little time."))
    write_act(NUDGE, by=by, subject_type="sending", subject_id=sending.pk, details={"tasks": number})
