"""A history reads like a year of real groups, and the same plan gives the same one."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING

import pytest

from qunying.doors.demo.episodes import What
from qunying.doors.demo.history import simulate
from qunying.doors.demo.plan import Plan
from qunying.ground.events.facts import Fact, check_fact
from tests.doors.demo.conftest import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.doors.demo.episodes import Episode
    from qunying.doors.demo.happenings import Happening, History


def _episode(history: History, what: What) -> Episode:
    return next(each for each in history.episodes if each.what is what)


def _spoken(history: History) -> list[Happening]:
    return [each for each in history.happenings if each.kind == "spoke" and each.person.number >= 0]


def _by_week(days: Iterable[date]) -> Counter[date]:
    return Counter(day - timedelta(days=day.weekday()) for day in days)


def _plain(history: History) -> list[tuple[object, ...]]:
    return [
        (each.kind, each.at, each.person.external_id, each.group, each.object_id, each.text, each.payload)
        for each in history.happenings
    ]


def test_the_same_plan_gives_the_same_history(history: History) -> None:
    again = simulate(SMALL)
    assert _plain(again) == _plain(history)
    assert [(order.number, order.at, order.amount) for order in again.orders] == [
        (order.number, order.at, order.amount) for order in history.orders
    ]


def test_another_seed_gives_another_history(history: History) -> None:
    assert _plain(simulate(Plan(SMALL.today, SMALL.days, SMALL.members, seed=21))) != _plain(history)


def test_a_year_has_enough_of_everything(year: History) -> None:
    kinds = Counter(each.kind for each in year.happenings)
    assert len(year.happenings) + len(year.orders) + len(year.stays) < 400_000
    assert {kind: count >= least for kind, (count, least) in _least(kinds).items()} == dict.fromkeys(kinds, True)


def _least(kinds: Counter[str]) -> dict[str, tuple[int, int]]:
    least = {"read": 60_000, "spoke": 30_000, "reacted": 3000, "checked_in": 3000, "answered": 1000, "signed_up": 700}
    return {kind: (count, least.get(kind, 30)) for kind, count in kinds.items()}


def test_few_talk_and_many_read(year: History) -> None:
    said = [count for _person, count in Counter(each.person.number for each in _spoken(year)).most_common()]
    total, people = sum(said), year.plan.members
    assert sum(said[: people // 100]) / total > 0.5
    assert sum(said[people // 10 :]) / total < 0.1
    readers = {each.person.number for each in year.happenings if each.kind == "read"}
    talkers = {number for number, count in Counter(each.person.number for each in _spoken(year)).items() if count >= 52}
    assert len(readers) > 900
    assert 0.05 < len(talkers) / people < 0.15


def test_evenings_are_busy_and_nights_are_not(year: History) -> None:
    hours = Counter(each.at.hour for each in _spoken(year))
    assert hours[20] + hours[21] > 0.15 * sum(hours.values())
    assert sum(hours[hour] for hour in (3, 4)) == 0


def test_everything_happens_in_the_planned_days(history: History) -> None:
    days = [each.at.date() for each in history.happenings] + [order.at.date() for order in history.orders]
    assert (min(days) >= SMALL.first, max(days)) == (True, SMALL.last)
    assert [each.at for each in history.happenings] == sorted(each.at for each in history.happenings)


def test_nobody_acts_before_joining_or_after_leaving(history: History) -> None:
    spans: dict[tuple[int, str], list[tuple[object, object]]] = {}
    for stay in history.stays:
        spans.setdefault((stay.person.number, stay.group), []).append((stay.joined_at, stay.left_at))
    outside = [
        each
        for each in history.happenings
        if not any(
            joined <= each.at and (left is None or each.at <= left)
            for joined, left in spans[each.person.number, each.group]
        )
    ]
    assert outside == []


def test_every_happening_is_a_fact_the_log_takes(history: History) -> None:
    for number, each in enumerate(history.happenings):
        check_fact(Fact(each.kind, each.at, (number,), payload=each.payload, text=each.text))


def test_messages_are_filled_and_varied(year: History) -> None:
    texts = Counter(each.text for each in year.happenings if each.kind == "spoke")
    assert [text for text in texts if "{" in text or not text] == []
    assert len(texts) > 5000
    assert texts.most_common(1)[0][1] < 0.02 * sum(texts.values())


@pytest.mark.parametrize("kind", ["spoke", "read"])
def test_the_bad_week_is_less_than_half_of_the_median_week(history: History, kind: str) -> None:
    acts = [each for each in history.happenings if each.kind == kind and each.person.number >= 0]
    weeks = _by_week(each.at.date() for each in acts)
    assert weeks[_episode(history, What.BAD_WEEK).first] < 0.5 * median(weeks.values())


@pytest.mark.parametrize("kind", ["spoke", "read"])
def test_a_quiet_history_has_no_bad_week(quiet_history: History, history: History, kind: str) -> None:
    acts = [each for each in quiet_history.happenings if each.kind == kind and each.person.number >= 0]
    weeks = _by_week(each.at.date() for each in acts)
    assert weeks[_episode(history, What.BAD_WEEK).first] > 0.75 * median(weeks.values())


def test_in_the_silent_group_only_the_bot_goes_on(history: History) -> None:
    silence = _episode(history, What.SILENT_GROUP)
    said = [
        each
        for each in history.happenings
        if each.kind == "spoke" and each.group == silence.group and silence.covers(each.at.date())
    ]
    assert {each.person.is_bot for each in said} == {True}
    before = [each for each in _spoken(history) if each.group == silence.group and each.at.date() < silence.first]
    assert len(before) > 50


def test_a_quiet_history_has_no_silent_group(quiet_history: History, history: History) -> None:
    silence = _episode(history, What.SILENT_GROUP)
    said = [each for each in _spoken(quiet_history) if each.group == silence.group and silence.covers(each.at.date())]
    assert len(said) > 20


def test_the_peak_brings_three_times_the_median_day(year: History) -> None:
    peak = _episode(year, What.FESTIVAL_PEAK)
    days = Counter(order.at.date() for order in year.orders)
    usual = median(days[SMALL.last - timedelta(days=back)] for back in range(60))
    assert min(days[peak.first + timedelta(days=day)] for day in range(3)) > 3 * usual


def test_a_quiet_history_has_no_peak(quiet_history: History) -> None:
    days = Counter(order.at.date() for order in quiet_history.orders)
    weeks = _by_week(order.at.date() for order in quiet_history.orders)
    assert max(weeks.values()) < 3 * median(weeks.values())
    assert days[date(2026, 8, 19)] < 3 * median(days.values())
