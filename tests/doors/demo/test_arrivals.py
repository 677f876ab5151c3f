"""Who joins and leaves, and where the leak is."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from qunying.doors.demo.people import Voice
from qunying.doors.demo.plan import CHANNELS, FLYER, REFERRAL

if TYPE_CHECKING:
    from qunying.doors.demo.happenings import History
    from qunying.doors.demo.people import Stay

_WEEK = timedelta(days=7)


def _firsts(history: History) -> list[Stay]:
    seen: set[int] = set()
    return [
        stay
        for stay in history.stays
        if stay.is_main and stay.channel and stay.person.number not in seen and not seen.add(stay.person.number)
    ]


def _leaves_early(history: History, channel: str) -> tuple[int, int]:
    ripe = [
        stay
        for stay in _firsts(history)
        if stay.channel == channel and stay.joined_at.date() < history.plan.last - _WEEK
    ]
    return sum(stay.left_at is not None and stay.left_at - stay.joined_at < _WEEK for stay in ripe), len(ripe)


def test_as_many_join_as_planned_each_by_its_channel(year: History) -> None:
    joined = Counter(stay.channel for stay in _firsts(year))
    assert joined == {channel: round(1000 * share) for channel, share in CHANNELS.items()}


def test_the_leaky_channel_loses_three_times_as_many_within_a_week(year: History) -> None:
    leaky, all_leaky = _leaves_early(year, FLYER)
    others = [_leaves_early(year, channel) for channel in CHANNELS if channel != FLYER]
    assert leaky / all_leaky == pytest.approx(0.24, abs=0.015)
    assert sum(left for left, _ in others) / sum(ripe for _, ripe in others) == pytest.approx(0.08, abs=0.01)


def test_nobody_comes_back_through_the_leak(year: History) -> None:
    stays = Counter(stay.person.number for stay in year.stays if stay.is_main and stay.channel == FLYER)
    assert max(stays.values()) == 1
    assert max(Counter(stay.person.number for stay in year.stays if stay.is_main and stay.channel).values()) == 2


def test_a_quiet_history_leaks_nowhere(quiet_history: History) -> None:
    shares = [_leaves_early(quiet_history, channel) for channel in CHANNELS]
    assert max(left / ripe for left, ripe in shares) < 0.12


def test_intervals_of_one_person_in_one_group_never_overlap(year: History) -> None:
    spans: dict[tuple[int, str], list[Stay]] = {}
    for stay in year.stays:
        spans.setdefault((stay.person.number, stay.group), []).append(stay)
    for stays in spans.values():
        for earlier, later in pairwise(stays):
            assert earlier.left_at is not None
            assert earlier.left_at < later.joined_at


def test_friends_are_brought_by_someone_of_the_same_group_who_came_before(year: History) -> None:
    first_seen = {(stay.person.number, stay.group): stay.joined_at for stay in reversed(year.stays)}
    brought = [stay for stay in _firsts(year) if stay.inviter is not None]
    assert {stay.channel for stay in brought} == {REFERRAL}
    assert all(first_seen[stay.inviter.number, stay.group] < stay.joined_at for stay in brought if stay.inviter)


def test_staff_and_the_bot_are_in_every_group_before_anyone_else(year: History) -> None:
    groups: dict[str, list[Stay]] = {}
    for stay in sorted(year.stays, key=lambda stay: stay.joined_at):
        groups.setdefault(stay.group, []).append(stay)
    for stays in groups.values():
        assert sum(stay.person.is_staff for stay in stays[:4]) == 3
        assert sum(stay.person.is_bot for stay in stays[:4]) == 1


def test_one_in_a_hundred_carries_the_talk_and_none_of_them_leaves(year: History) -> None:
    core = [stay for stay in _firsts(year) if stay.person.voice is Voice.CORE]
    assert len(core) == 10
    assert [stay.left_at for stay in core] == [None] * 10
