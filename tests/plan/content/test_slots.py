"""Clashes: the same people within half an hour, and nothing else."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from qunying.plan.content.queries import entries_of, planned
from qunying.plan.content.services import Planned, drop_entry, propose_entry
from qunying.plan.content.slots import clashes
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group
    from qunying.plan.content.models import Entry
    from tests.support.cast import MakeCommunity

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)


def put(community: Community, title: str, at: time | None, *groups: Group, day: date = DAY) -> Entry:
    planned = Planned(slot_day=day, slot_time=at, groups=groups)
    return propose_entry(title, community=community, planned=planned, by=TESTS)


def found(community: Community) -> list[tuple[str, str, tuple[str, ...]]]:
    entries = planned(entries_of(community), DAY, date(2026, 3, 31)).prefetch_related("groups")
    return [(one.first.title, one.second.title, one.groups) for one in clashes(entries)]


def test_one_group_at_nearly_one_time_is_a_clash(make_community: MakeCommunity) -> None:
    community, (first, second) = make_community()
    put(community, "一", time(19, 45), first)
    put(community, "二", time(19, 30), first, second)
    put(community, "三", time(19, 30), second, day=date(2026, 3, 7))
    put(community, "四", time(20, 15), first)
    put(community, "五", None, first)
    assert found(community) == [("二", "一", ("甲",))]


def test_what_goes_everywhere_clashes_with_every_group(make_community: MakeCommunity) -> None:
    community, (first, second) = make_community()
    put(community, "一", time(9), first)
    put(community, "二", time(9), second)
    assert found(community) == []
    third = put(community, "三", time(9, 29))
    assert found(community) == [("一", "三", ("甲",)), ("二", "三", ("乙",))]
    put(community, "四", time(9, 40))
    assert found(community)[-1] == ("三", "四", ())
    drop_entry(third, by=TESTS)
    assert found(community) == []
