from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.doors.console.ground.figures.days import Reach, choose_period, reach_of
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group

SHANGHAI = ZoneInfo("Asia/Shanghai")
OLD = Reach(date(2020, 1, 1), date(2020, 12, 31), date(2020, 12, 31))


def test_an_old_history_ends_where_its_facts_end(history: Community) -> None:
    reach = reach_of([history.pk], SHANGHAI)
    assert (reach.first, reach.last, reach.until, reach.empty) == (
        date(2026, 1, 5),
        date(2026, 1, 25),
        date(2026, 1, 25),
        False,
    )


def test_a_living_history_ends_yesterday(group: Group) -> None:
    now = timezone.now()
    for days in (0, 3):
        fact = Fact("spoke", now - timedelta(days=days), ("t", days), who=Who("wechat", "x"), group_id=group.pk)
        record([fact], community=group.community, source="tests")
    today = timezone.localdate(timezone=SHANGHAI)
    assert reach_of([group.community.pk], SHANGHAI).until == today - timedelta(days=1)


def test_facts_of_today_alone_show_today(group: Group) -> None:
    fact = Fact("spoke", timezone.now(), ("t",), who=Who("wechat", "x"), group_id=group.pk)
    record([fact], community=group.community, source="tests")
    assert reach_of([group.community.pk], SHANGHAI).until == timezone.localdate(timezone=SHANGHAI)


def test_nothing_recorded_is_empty(community: Community) -> None:
    assert reach_of([community.pk], SHANGHAI).empty
    assert reach_of([], SHANGHAI).empty


@pytest.mark.parametrize(
    ("query", "period", "preset"),
    [
        ({}, Period(date(2020, 12, 4), date(2020, 12, 31)), "28d"),
        ({"period": "7d"}, Period(date(2020, 12, 25), date(2020, 12, 31)), "7d"),
        ({"period": "month"}, Period(date(2020, 12, 1), date(2020, 12, 31)), "month"),
        ({"period": "all"}, Period(date(2020, 1, 1), date(2020, 12, 31)), "all"),
        ({"period": "nonsense"}, Period(date(2020, 12, 4), date(2020, 12, 31)), "28d"),
        ({"from": "2020-05-01", "to": "2020-05-03"}, Period(date(2020, 5, 1), date(2020, 5, 3)), ""),
        ({"from": "2020-05-01"}, Period(date(2020, 5, 1), date(2020, 5, 1)), ""),
    ],
)
def test_the_address_names_the_days(query: dict[str, str], period: Period, preset: str) -> None:
    assert choose_period(query, OLD) == (period, preset)


def test_it_says_how_a_day_is_written() -> None:
    with pytest.raises(QunyingError, match="Write it as 2026-03-02"):
        choose_period({"from": "yesterday"}, OLD)


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(QunyingError, match="Swap the two dates"):
        choose_period({"from": "2020-05-03", "to": "2020-05-01"}, OLD)
