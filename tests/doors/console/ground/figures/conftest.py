"""A little history: 小美 talks every day, 阿强 twice, 小丽 reads once and buys once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from qunying.doors.console.ground.figures.scope import Choice, read_choice
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.kit.periods import Period

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member

FIRST = date(2026, 1, 5)
LAST = date(2026, 1, 25)
JANUARY = Period(date(2026, 1, 5), date(2026, 1, 25))


def at(day: date, hour: int = 12) -> datetime:
    """That hour in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def history(group: Group, members: list[Member]) -> Community:
    """The flower shop's community with three weeks of facts, 5 to 25 January 2026."""
    facts: list[Fact] = []

    def say(kind: str, who: str, day: date, hour: int, amount: int | None = None, order: str = "") -> None:
        key = ("history", kind, who, day.isoformat(), hour)
        person = Who("wechat", who)
        facts.append(
            Fact(
                kind,
                at(day, hour),
                key,
                who=person,
                group_id=group.pk,
                amount=amount,
                object_type="order" if order else "",
                object_id=order,
            )
        )

    for number in range(21):
        say("spoke", "xiaomei", FIRST + timedelta(days=number), 20)
    say("spoke", "aqiang", date(2026, 1, 6), 12)
    say("spoke", "aqiang", date(2026, 1, 12), 12)
    say("read", "xiaoli", date(2026, 1, 5), 13)
    say("liked", "xiaoli", date(2026, 1, 6), 13)
    say("ordered", "xiaoli", date(2026, 1, 10), 13, amount=9900, order="A1")
    record(facts, community=group.community, source="tests")
    return group.community


@pytest.fixture
def choose() -> Callable[..., Choice]:
    """`choose(staff, query="…", slug="…")`: what a page of this address shows."""

    def read(staff: Staff, query: str = "", slug: str = "", preset: str = "28d") -> Choice:
        request = RequestFactory().get(f"/?{query}")
        return read_choice(request, staff, slug, preset=preset)

    return read


@pytest.fixture
def asked() -> Callable[[str], QueryDict]:
    """A query as views get it."""
    return QueryDict
