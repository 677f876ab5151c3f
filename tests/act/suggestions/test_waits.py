from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from qunying.act.suggestions.waits import Said, find_waits, read_waits
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday 2 March 2026, nine in the morning in Shanghai."""


def said(*rows: tuple[int, str], group: int = 1) -> list[Said]:
    """(minutes after nine, who): `m` is a member, `s` one of the staff."""
    return [Said(group, NINE + timedelta(minutes=minutes), who == "s") for minutes, who in rows]


def minutes(*rows: tuple[int, str]) -> list[float]:
    return [wait.minutes for wait in find_waits(said(*rows), SHANGHAI)]


@pytest.mark.parametrize(
    ("rows", "waited"),
    [
        ([(0, "m"), (7, "s")], [7.0]),
        ([(0, "m"), (3, "m"), (7, "s")], [7.0]),
        ([(0, "m"), (7, "s"), (9, "s")], [7.0]),
        ([(0, "m"), (7, "s"), (10, "m"), (15, "s")], [7.0, 5.0]),
        ([(0, "s"), (5, "m")], []),
        ([(0, "m"), (179, "m"), (200, "s")], [200.0]),
        ([(0, "m"), (181, "m"), (200, "s")], [19.0]),
        ([(0, "m"), (24 * 60, "s")], [1440.0]),
        ([(0, "m"), (24 * 60 + 1, "s")], []),
        ([(0, "m"), (24 * 60 + 1, "s"), (24 * 60 + 5, "m"), (24 * 60 + 6, "s")], [1.0]),
        ([], []),
    ],
    ids=[
        "one wait", "the first of several", "the first answer", "two waits", "nobody answered", "talk goes on",
        "three hours of quiet begin anew", "a day", "more than a day is none", "and the next counts again", "nothing",
    ],
)  # fmt: skip
def test_a_wait_runs_from_the_first_word_to_the_next_of_the_staff(
    rows: list[tuple[int, str]], waited: list[float]
) -> None:
    assert minutes(*rows) == waited


def test_groups_are_not_mixed_and_the_day_is_local() -> None:
    late = Said(1, datetime(2026, 3, 2, 16, 30, tzinfo=UTC), by_staff=False)
    messages = [late, *said((60 * 24, "s"), group=2), Said(2, NINE + timedelta(days=2), by_staff=False)]
    assert find_waits(messages, SHANGHAI) == []
    (wait,) = find_waits([late, Said(1, late.at + timedelta(minutes=4), by_staff=True)], SHANGHAI)
    assert (wait.day, wait.minutes) == (date(2026, 3, 3), 4.0)


@pytest.mark.django_db
def test_waits_are_read_from_the_log_without_bots_and_none_where_nobody_is_staff(
    community: Community, group: Group
) -> None:
    def spoke(who: str, after: int) -> Fact:
        at = NINE + timedelta(minutes=after)
        return Fact("spoke", at, ("w", who, after), who=Who("wechat", who, who), group_id=group.pk)

    record(
        [spoke("member", 0), spoke("bot", 2), spoke("boss", 12), spoke("member", 60 * 24 * 3)],
        community=community,
        source="tests",
    )
    span = (NINE, NINE + timedelta(days=1))
    assert read_waits(community, span, SHANGHAI) == []
    Member.objects.filter(identities__external_id="boss").update(is_staff=True)
    Member.objects.filter(identities__external_id="bot").update(is_bot=True)
    assert [(wait.day, wait.minutes) for wait in read_waits(community, span, SHANGHAI)] == [(date(2026, 3, 2), 12.0)]
    assert read_waits(community, (NINE + timedelta(minutes=1), span[1]), SHANGHAI) == []
