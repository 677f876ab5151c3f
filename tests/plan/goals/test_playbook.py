from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from qunying.kit.durations import parse_duration
from qunying.kit.errors import QunyingError
from qunying.plan.goals.models import Goal
from qunying.plan.goals.playbook import SCHEMA, changed, check, draft, export, make, remove
from qunying.plan.goals.services import revise_goal
from qunying.plan.playbooks.sections import Occasion, section_named
from tests.support.goals import TESTS, today

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

YEAR: dict[str, Any] = {
    "key": "members",
    "title": {"zh": "一年到500人", "en": "500 members in a year"},
    "dimension": "user",
    "term": "long",
    "due": "12m",
    "metric": {"name": "members_present"},
    "target": 500,
    "flexibility": "15%",
    "benchmark": {"value": 400, "source": "同行"},
    "owner": "lead",
}
MONTH: dict[str, Any] = {
    "key": "active",
    "title": {"zh": "首月活跃60%"},
    "dimension": "interaction",
    "term": "middle",
    "start": "1w",
    "due": "30d",
    "metric": {"name": "active_rate", "params": {"grade": "interactive"}},
    "target": "60%",
    "parent": "members",
}
SALON: dict[str, Any] = {
    "key": "salon",
    "title": {"zh": "沙龙满意度"},
    "dimension": "brand",
    "term": "middle",
    "due": "90d",
    "manual": True,
    "unit": "share",
    "target": "80%",
}
ITEMS = [MONTH, YEAR, SALON]


def occasion(community: Community) -> Occasion:
    return Occasion(community, today(community), "测试方案")


def test_the_section_is_registered_and_its_items_fit_the_schema() -> None:
    assert section_named("goals") is not None
    for item in ITEMS:
        jsonschema.validate(item, SCHEMA)
    assert list(check(ITEMS)) == []


@pytest.mark.parametrize("more", [{"manual": True, "unit": "share"}, {"luck": 1}, {"dimension": "luck"}])
def test_the_schema_refuses_what_does_not_belong(more: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(YEAR | more, SCHEMA)


@pytest.mark.parametrize(
    ("item", "path"),
    [
        (YEAR | {"metric": {"name": "luck"}}, (0, "metric", "name")),
        (YEAR | {"metric": {"name": "members_present", "params": {"grade": "x"}}}, (0, "metric", "params")),
        (YEAR | {"target": "viel"}, (0, "target")),
        (YEAR | {"benchmark": {"value": "viel", "source": ""}}, (0, "benchmark", "value")),
        (YEAR | {"flexibility": "viel"}, (0, "flexibility")),
        (YEAR | {"unit": "share"}, (0, "unit")),
        (YEAR | {"parent": "nobody"}, (0, "parent")),
        (YEAR | {"start": "13m"}, (0, "start")),
    ],
)
def test_what_a_schema_cannot_see_is_found_at_its_place(item: dict[str, Any], path: tuple[object, ...]) -> None:
    assert [problem.path for problem in check([item])] == [path]


def test_a_parent_runs_longer_and_holds_the_days() -> None:
    assert [problem.path for problem in check([YEAR | {"due": "30d"}, MONTH])] == [(1, "parent")]
    late = MONTH | {"start": "12m", "due": "13m"}
    assert [problem.path for problem in check([YEAR, late])] == [(1, "due")]


def test_the_review_shows_what_by_when(community: Community) -> None:
    line = draft([MONTH], occasion(community))[0]
    start = today(community)
    assert (line.key, line.title, line.parent) == ("active", "首月活跃60%", "members")
    assert line.day == start + timedelta(days=29)
    assert line.detail.startswith("Activity rate: 60.0%, from ")


def test_goals_are_made_with_their_tree_and_written_out_again(community: Community) -> None:
    made = make(draft(ITEMS, occasion(community)), occasion(community), by=TESTS)
    assert sorted(one.key for one in made) == ["active", "members", "salon"]
    active = Goal.objects.get(key="active")
    assert active.parent is not None
    assert (active.parent.key, active.playbook) == ("members", "测试方案")
    assert (active.target, active.parent.flexibility) == (Decimal("0.6"), Decimal("0.15"))
    again = {item["key"]: item for item in export(community, today(community))}
    assert list(check(list(again.values()))) == []
    for item in again.values():
        jsonschema.validate(item, SCHEMA)
    due = parse_duration(again["active"].pop("due")).after(today(community))
    assert due == today(community) + timedelta(days=30)
    written = {"start": "7d", "direction": "up", "flexibility": "10%"}
    assert again["active"] == {name: value for name, value in (MONTH | written).items() if name != "due"}
    assert again["members"] == YEAR | {
        "target": "500", "direction": "up", "benchmark": {"value": "400", "source": "同行"},
    }  # fmt: skip
    assert (again["salon"]["manual"], again["salon"]["unit"]) == (True, "share")


def test_where_a_target_comes_from_goes_round(community: Community) -> None:
    make(draft([YEAR | {"source": "P3 M"}, SALON], occasion(community)), occasion(community), by=TESTS)
    written = {item["key"]: item.get("source") for item in export(community, today(community))}
    assert written == {"members": "P3 M", "salon": None}


def test_weeks_stand_under_their_month_and_go_round(community: Community) -> None:
    month = MONTH | {"start": "0d", "due": "4w"}
    del month["parent"]
    weeks = [
        MONTH | {"key": f"week-{number}", "term": "short", "parent": "active", "start": f"{number}w", "due": due}
        for number, due in ((0, "1w"), (1, "2w"))
    ]
    items = [*weeks, month]
    assert list(check(items)) == []
    make(draft(items, occasion(community)), occasion(community), by=TESTS)
    found = Goal.objects.filter(parent__key="active").order_by("start")
    start = today(community)
    assert [(goal.horizon, goal.start, goal.due) for goal in found] == [
        (Goal.Horizon.WEEK, start + timedelta(days=days), start + timedelta(days=days + 6)) for days in (0, 7)
    ]
    again = {item["key"]: item for item in export(community, start)}
    spans = [(again[key].get("start"), again[key]["due"], again[key]["parent"]) for key in ("week-0", "week-1")]
    assert spans == [(None, "7d", "active"), ("7d", "14d", "active")]


def test_a_goal_whose_parent_was_left_out_stands_on_its_own(community: Community) -> None:
    make(draft([MONTH], occasion(community)), occasion(community), by=TESTS)
    assert Goal.objects.get().parent is None


def test_the_same_key_is_not_made_twice(community: Community) -> None:
    make(draft([YEAR], occasion(community)), occasion(community), by=TESTS)
    with pytest.raises(QunyingError, match="a goal “members” from a playbook already"):
        make(draft([YEAR], occasion(community)), occasion(community), by=TESTS)


def test_what_nobody_changed_is_taken_back_and_the_rest_stays(community: Community) -> None:
    made = make(draft(ITEMS, occasion(community)), occasion(community), by=TESTS)
    assert changed(made, community) == {}
    revise_goal(Goal.objects.get(key="active"), by=TESTS, reason="照旧")
    assert changed(made, community) == {"active": "It was revised since."}
    remove(made, community, by=TESTS)
    assert sorted(Goal.objects.values_list("key", flat=True)) == ["active", "members"]
