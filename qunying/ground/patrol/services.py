"""Verbs: look every minute, make the daily round, keep the history short."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from qunying.ground.patrol.checks import State, examine
from qunying.ground.patrol.models import Fault, Patrol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.patrol.checks import Result

ROUND = timedelta(hours=24)
_KEEP = timedelta(days=400)


def watch() -> None:
    """Look at what answers at once, and open or close faults; a daily round where the last is a day old."""
    last = Patrol.objects.first()
    if last is None or timezone.now() - last.at >= ROUND:
        make_round()
        return
    note_faults(examine(slow=False))


@transaction.atomic
def make_round() -> Patrol:
    """Look at everything, keep what was seen, open and close faults."""
    results = examine()
    note_faults(results)
    now = timezone.now()
    Patrol.objects.filter(at__lt=now - _KEEP).delete()
    Fault.objects.filter(closed_at__lt=now - _KEEP).delete()
    return Patrol.objects.create(at=now, results=[result.plain for result in results])


@transaction.atomic
def note_faults(results: Iterable[Result]) -> None:
    """Open a fault for each check that is not well, move on those that stand, close those that went.

    Checks that were not looked at this time change nothing.
    """
    now = timezone.now()
    standing = {fault.check_name: fault for fault in Fault.objects.select_for_update().filter(closed_at=None)}
    for result in results:
        fault = standing.get(result.check)
        if result.state is State.WELL:
            if fault is not None:
                fault.closed_at = now
                fault.save(update_fields=["closed_at"])
        elif fault is None:
            Fault.objects.create(
                check_name=result.check, state=result.state, values=result.values, opened_at=now, seen_at=now
            )
        else:
            fault.state, fault.values, fault.seen_at = result.state, result.values, now
            fault.save(update_fields=["state", "values", "seen_at"])
