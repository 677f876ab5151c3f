"""Verbs on followers: send one back in the log, hand it once more what it could not digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.followers import follower_named, retry_parked

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.events.models import ParkedEvent

REPLAY = declare_verb("followers.replay", gettext_lazy("A follower was sent back in the log."))
RETRY = declare_verb("followers.retry", gettext_lazy("A fact that was set aside was handed to its follower again."))


@transaction.atomic
def replay_follower(name: str, *, from_id: int, by: Actor) -> None:
    """Send a follower back to a fact (0: the beginning); raises NotFoundError where there is none of this name."""
    follower_named(name).replay(from_id=from_id)
    write_act(REPLAY, by=by, subject_type="follower", subject_id=name, details={"from": from_id})


@transaction.atomic
def retry_fact(parked: ParkedEvent, *, by: Actor) -> bool:
    """Hand a fact that was set aside to its follower once more; whether it went through."""
    follower, event = parked.follower, parked.event_id
    through = retry_parked(parked)
    write_act(RETRY, by=by, subject_type="follower", subject_id=follower, details={"event": event, "ok": through})
    return through
