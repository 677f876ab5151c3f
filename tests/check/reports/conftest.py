"""A small stage for reports: facts in one line, and a report in one line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from qunying.check.reports.queries import build_report
from qunying.check.reports.spans import read_span
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.warehouse.services import catch_up

if TYPE_CHECKING:
    from qunying.check.reports.shapes import Report
    from qunying.ground.groups.models import Community


@dataclass
class Stage:
    """Records facts of one community and reads its reports."""

    community: Community
    keys: Any = field(default_factory=count)

    def tell(self, *facts: tuple[Any, ...]) -> None:
        """Record (who, kind, local time, {more}) and carry them into the lake."""
        made = []
        for who, kind, at, *more in facts:
            moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(self.community.timezone)).astimezone(UTC)
            made.append(Fact(kind, moment, (next(self.keys),), who=Who("test", who, who), **(more[0] if more else {})))
        record(made, community=self.community, source="test")
        catch_up()

    def speak(self, day: str, *, people: int, times: int = 1) -> None:
        """`people` persons speak `times` times each at noon of the day."""
        self.tell(
            *((f"p{number}", "spoke", f"{day}T12:{turn:02d}") for number in range(people) for turn in range(times))
        )

    def report(self, period: str, *, names: bool = False) -> Report:
        """The report of this week, month or quarter."""
        return build_report(self.community, span=read_span(period), names=names)


@pytest.fixture
def stage(community: Community) -> Stage:
    """A stage on the community of the cast."""
    return Stage(community)


@pytest.fixture
def shop(stage: Stage) -> Stage:
    """小美, 阿强 and 小丽 come on Monday 2 March 2026; 小丽 leaves on Wednesday; 小美 talks and buys for 66.00."""
    stage.tell(
        ("小美", "joined", "2026-03-02T09:00"),
        ("阿强", "joined", "2026-03-02T09:10"),
        ("小丽", "joined", "2026-03-02T09:20"),
        ("小美", "spoke", "2026-03-02T10:00"),
        ("小美", "spoke", "2026-03-02T10:01"),
        ("阿强", "reacted", "2026-03-03T10:00"),
        ("小美", "ordered", "2026-03-03T11:00", {"amount": 6600, "object_type": "order", "object_id": "1"}),
        ("小丽", "left", "2026-03-04T12:00"),
    )
    return stage
