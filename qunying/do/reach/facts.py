"""What left, told to the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.do.reach.kinds import DELIVERED
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.do.reach.models import Delivery

SOURCE = "reach"


def tell_delivered(delivery: Delivery, *, at: datetime, external_id: str = "") -> None:
    """Record that it reached its group or person at this moment (aware UTC); once, whoever tells it again."""
    identity = delivery.identity
    fact = Fact(
        DELIVERED.name,
        at,
        ("delivered", delivery.key),
        target=Who(identity.platform, identity.external_id) if identity is not None else None,
        group_id=delivery.group_id,
        object_type="message" if external_id else "",
        # Words and pictures are several messages there; the first stands for them.
        object_id=external_id.partition(" ")[0][:80],
        payload={
            "action": delivery.action,
            "way": delivery.way,
            "origin": delivery.origin,
            "origin_id": delivery.origin_id,
        },
    )
    record([fact], community=delivery.community, source=SOURCE)
