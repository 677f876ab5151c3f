"""A small stage for figures: facts in one line, and a question in one line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.figures.results import Figure, Scope
from qunying.ground.figures.services import measure, members_behind
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.ground.warehouse.services import catch_up
from qunying.kit.periods import Period

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community


@dataclass
class Stage:
    """Records facts of one community and asks for its figures."""

    community: Community
    keys: Any = field(default_factory=count)

    def at(self, text: str) -> datetime:
        """A local time of the community, as 2026-03-02 or 2026-03-02T12:00."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.community.timezone)).astimezone(UTC)

    def fact(self, who: str, kind: str, at: str, **more: Any) -> Fact:
        """One fact of the account `who`."""
        return Fact(kind, self.at(at), (next(self.keys),), who=Who("test", who, who), **more)

    def tell(self, *facts: tuple[Any, ...], move: bool = True) -> None:
        """Record (who, kind, local time, {more}) and carry them into the lake."""
        made = [self.fact(*fact[:3], **(fact[3] if len(fact) > 3 else {})) for fact in facts]
        record(made, community=self.community, source="test")
        if move:
            catch_up()

    @property
    def scope(self) -> Scope:
        """The whole community."""
        return Scope((self.community.pk,))

    def ask(self, name: str, start: str, end: str, **params: Any) -> Figure:
        """The figure of these local days."""
        return measure(name, scope=self.scope, period=days(start, end), **params)

    def behind(self, name: str, start: str, end: str, cell: dict[str, Any] | None = None, **params: Any) -> list[str]:
        """Names of the people behind the figure."""
        ids = members_behind(name, scope=self.scope, period=days(start, end), cell=cell, **params)
        return sorted(Member.objects.filter(pk__in=ids).values_list("display_name", flat=True))


def days(start: str, end: str) -> Period:
    """A period of local days."""
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.fixture
def stage(community: Community) -> Stage:
    """A stage on the community of the cast."""
    return Stage(community)
