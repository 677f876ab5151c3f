"""Definitions are read back as they were written, each fault is said with its place, and waits end when they should."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from qunying.do.journeys.conditions import read_asked, words_of_asked
from qunying.do.journeys.definition import Trigger, Wait
from qunying.do.journeys.reading import StepError, hash_of_definition, read_definition
from qunying.do.journeys.wayfinding import wait_over, way_of
from qunying.ground.segments.conditions import Names
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.do.journeys.definition import Definition

SPOKE = {"all": True, "parts": [{"is": "since", "not": False, "deed": "spoke", "times": 1}]}
WHOLE: dict[str, Any] = {
    "trigger": {"on": "date", "days": ["02-14", "2027-02-06"], "at": "08:30"},
    "again": 300,
    "only_if": {"all": False, "parts": [{"is": "segment", "not": True, "segment": 4}, *SPOKE["parts"]]},
    "goal": SPOKE,
    "exits": [SPOKE],
    "steps": [
        {"id": "hello", "do": "welcome", "words": "欢迎", "if_held": "wait"},
        {"id": "w", "do": "wait", "days": 1, "hours": 2, "at": "10:00", "on": "saturday"},
        {"id": "fork", "do": "branch", "if": SPOKE, "then": [{"id": "stop", "do": "end"}], "else": []},
        {"id": "u", "do": "until", "days": 3, "if": SPOKE, "then": [], "else": [
            {"id": "tag", "do": "tag", "dimension": "阶段", "name": "新人", "remove": True},
        ]},
        {"id": "say", "do": "say", "to": "group", "words": "广告 退订", "advert": True, "if_held": "end"},
        {"id": "task", "do": "task", "title": "问候", "days": 0, "note": "慢慢来", "role": "specialist"},
        {"id": "more", "do": "again", "to": "w", "most": 2},
    ],
}  # fmt: skip


def read(*steps: dict[str, Any], **more: Any) -> Definition:
    return read_definition({"trigger": {"on": "joined"}, "steps": list(steps), **more})


def test_what_was_read_is_written_back_the_same() -> None:
    assert read_definition(WHOLE).plain() == WHOLE
    turned = dict(reversed(WHOLE.items()))
    assert hash_of_definition(turned) == hash_of_definition(WHOLE)
    assert hash_of_definition(WHOLE | {"again": 301}) != hash_of_definition(WHOLE)


@pytest.mark.parametrize(
    ("wrong", "step", "words"),
    [
        ({"trigger": {"on": "rain"}}, "", "Choose what sets the journey off"),
        ({"trigger": {"on": "event", "kind": "rained"}}, "", "There is no event kind “rained”"),
        ({"trigger": {"on": "event", "kind": "published"}}, "", "nothing a member does"),
        ({"trigger": {"on": "date", "days": ["2-30"]}}, "", "“2-30” is not a day"),
        ({"trigger": {"on": "date"}}, "", "one of the two"),
        ({"again": -1}, "", "not a whole number between 0 and 730"),
        ({"goal": {"parts": []}}, "", "needs at least one part"),
        ({"steps": [{"id": "Big", "do": "end"}]}, "Big", "cannot name a step"),
        ({"steps": [{"id": "a", "do": "end"}, {"id": "a", "do": "end"}]}, "a", "Two steps are named “a”"),
        ({"steps": [{"id": "a", "do": "sing"}]}, "a", "Step “a”: There is no kind of step “sing”"),
        ({"steps": [{"id": "a", "do": "wait"}]}, "a", "Step “a”: Say how long to wait"),
        ({"steps": [{"id": "a", "do": "wait", "at": "25:00"}]}, "a", "not a time of day"),
        ({"steps": [{"id": "a", "do": "again", "to": "a"}]}, "a", "does not stand before it"),
        ({"steps": [{"id": "a", "do": "say", "words": "x", "to": "moon"}]}, "a", "to the person or to the group"),
        ({"steps": [{"id": "a", "do": "task", "title": "x", "role": "king"}]}, "a", "no role “king”"),
        ({"steps": [{"id": "a", "do": "until", "days": 1, "if": {"parts": [{"is": "segment"}]}}]}, "a", "a segment"),
    ],
)
def test_a_fault_is_said_with_its_place(wrong: dict[str, Any], step: str, words: str) -> None:
    with pytest.raises(StepError, match=words) as caught:
        read_definition({"trigger": {"on": "joined"}, "steps": []} | wrong)
    assert caught.value.step == step


def test_the_last_step_of_a_fork_leads_behind_it_and_forks_are_by_traits() -> None:
    fork = {"id": "fork", "do": "branch", "if": SPOKE, "then": [{"id": "a", "do": "end"}], "else": []}
    way = way_of(read(fork, {"id": "b", "do": "end"}))
    assert way.after == {"fork": "b", "a": "b", "b": None}
    assert way.by_traits == {"a"}
    assert way_of(read(fork, only_if=SPOKE)).by_traits == {"fork", "a"}


@pytest.mark.parametrize(
    ("step", "over"),
    [
        (Wait("w", hours=5), "2026-11-20 20:00"),
        (Wait("w", days=2), "2026-11-22 15:00"),
        (Wait("w", days=1, at=time(10)), "2026-11-21 10:00"),
        (Wait("w", at=time(19, 30)), "2026-11-20 19:30"),
        (Wait("w", at=time(10)), "2026-11-21 10:00"),
        (Wait("w", at=time(10), on="workday"), "2026-11-23 10:00"),
        (Wait("w", on="saturday"), "2026-11-21 15:00"),
    ],
)
def test_a_wait_is_over_by_the_clock_of_the_community(step: Wait, over: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    friday = datetime(2026, 11, 20, 15, tzinfo=zone)
    assert wait_over(step, friday.astimezone(UTC), zone).strftime("%Y-%m-%d %H:%M") == over


def test_a_day_comes_every_year_or_once() -> None:
    trigger = Trigger("date", days=("02-14", "2027-02-06"))
    asked = [date(2026, 2, 14), date(2027, 2, 14), date(2027, 2, 6), date(2028, 2, 6)]
    assert [trigger.falls_on(day) for day in asked] == [True, True, True, False]


def test_conditions_are_said_in_words_and_hold_no_group_within_a_group() -> None:
    group = read_asked(WHOLE["only_if"])
    assert words_of_asked(group, Names(), {4: "老客户"}) == (
        "not in the segment “老客户”, or did since it began: “Sent a message”"
    )
    with pytest.raises(QunyingError, match="cannot hold another group"):
        read_asked({"parts": [{"parts": [{"parts": [SPOKE]}]}]})
