"""What publishing would do as of now: each group with the way it gets it, and what a guard has against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.do.publishing.approval import ORIGIN
from qunying.do.publishing.models import Publication
from qunying.do.publishing.services import wanted_of
from qunying.do.reach.guards import judge
from qunying.do.reach.port import guards
from qunying.do.reach.services_planning import Origin, draft_deliveries
from qunying.ground.platforms.port import Way

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qunying.do.reach.models import Delivery
    from qunying.ground.groups.models import Group
    from qunying.plan.content.models import Entry, Version


@dataclass(frozen=True, slots=True)
class Preview:
    """One group: how it would get the entry, and in words what keeps it from that, or until when it waits ('')."""

    group: Group
    delivery: Delivery
    words: str

    @property
    def by_itself(self) -> bool:
        """Whether no person has to send it."""
        return self.delivery.way in {Way.OFFICIAL, Way.CONFIRM}


def preview_of(entry: Entry, version: Version, groups: Sequence[Group], *, due_at: datetime | None) -> list[Preview]:
    """What would become of it in each of these groups at that time (aware; None: now). Stores nothing."""
    now = timezone.now()
    made = Publication(
        entry=entry, version=version, community=entry.community, digest=version.digest, due_at=max(due_at or now, now)
    )
    drafted = draft_deliveries(wanted_of(made, groups), community=entry.community, origin=Origin(ORIGIN))
    verdicts = judge(drafted, now, only=[guard for guard in guards() if guard.name != "approval"])
    return [
        Preview(group, delivery, str(verdict.words) if verdict else "")
        for group, delivery, verdict in zip(groups, drafted, verdicts, strict=True)
    ]
