"""Goals for programs: set, changed, revised with a reason, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.audit.models import Act
from qunying.plan.goals.models import Goal, HandValue
from tests.support.goals import make_goal

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/goals"
NEW = {
    "title": "每天有人说话",
    "dimension": "content",
    "term": "middle",
    "metric": "messages",
    "direction": "up",
    "start": "2026-03-01",
    "due": "2026-03-31",
    "target": "60",
}
BY_HAND = NEW | {"metric": "", "unit": "share", "target": "0.6", "baseline": "0.4", "owner": "lead"}


@pytest.fixture
def goal(community: Community) -> Goal:
    return make_goal(community)


def test_a_goal_is_set_once_under_a_name(program: Program, community: Community) -> None:
    answers = [program.post(PLACE, NEW, Idempotency_Key="a") for _n in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    made = Goal.objects.get()
    assert answers[1]["Location"] == f"/api/v1/{PLACE}/{made.pk}"
    told = program.get(f"{PLACE}/{made.pk}")
    assert told == answers[0].json()
    assert (told["title"], told["target"], told["unit"], told["due"]) == ("每天有人说话", "60", "facts", "2026-03-31")
    assert Act.objects.get(verb="goals.create").actor.startswith("key:")


def test_a_goal_measured_by_hand_takes_values(program: Program, community: Community, lead: Staff) -> None:
    made = program.post(PLACE, BY_HAND | {"owner": lead.username}).json()
    assert (made["owner"], made["baseline"], made["unit"]) == (lead.username, "0.4", "share")
    answer = program.post(f"{PLACE}/{made['id']}/values", {"day": "2026-03-05", "value": "0.5"})
    assert answer.status_code == 201
    assert HandValue.objects.get().value == pytest.approx(0.5)
    refused = program.post(f"{PLACE}/{made['id']}/values", {"day": "2026-03-05", "value": "50"})
    assert refused.json()["errors"] == [{"field": "body.value", "detail": "A share lies between 0 and 1."}]


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"target": None}, 422, "body.target"),
        ({"target": "60%"}, 422, "body.target"),
        ({"target_ratio": "1.2"}, 422, "body.target_ratio"),
        ({"target": None, "target_ratio": "0.0"}, 422, "body.target_ratio"),
        ({"direction": "sideways"}, 422, "body.direction"),
        ({"wish": 1}, 422, "body.wish"),
        ({"due": "2026-02-01"}, 400, None),
        ({"metric": "cohorts", "target": "0.5"}, 400, None),
        ({"params": {"grade": "loud"}, "metric": "active_rate", "target": "0.5"}, 400, None),
        ({"owner": "nobody"}, 404, None),
        ({"parent": 99_999_999}, 404, None),
    ],
)
def test_what_is_no_goal_is_refused(
    more: dict[str, Any], status: int, field: str | None, program: Program, community: Community
) -> None:
    answer = program.post(PLACE, NEW | more)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert [one["field"] for one in answer.json()["errors"]] == ([field] if field else [])
    assert Goal.objects.count() == 0


def test_words_change_and_what_is_left_out_stays(program: Program, goal: Goal, lead: Staff) -> None:
    address = f"{PLACE}/{goal.pk}"
    told = program.send("PATCH", address, {"title": "多说话", "owner": lead.username, "flexibility": "0.15"}).json()
    assert (told["title"], told["owner"], told["flexibility"], told["dimension"]) == (
        "多说话",
        lead.username,
        "0.15",
        "content",
    )
    assert program.send("PATCH", address, {"owner": ""}).json()["owner"] is None
    assert program.send("PATCH", address, {"target": "70"}).status_code == 422


def test_a_revision_needs_its_reason_and_stays_on_record(program: Program, goal: Goal) -> None:
    address = f"{PLACE}/{goal.pk}"
    assert program.post(f"{address}/revise", {"target": "70"}).json()["errors"][0]["field"] == "body.reason"
    assert program.post(f"{address}/revise", {"target": "70", "reason": "新店开张"}).json()["target"] == "70"
    [revision] = program.get(f"{address}/revisions")["items"]
    assert (revision["reason"], revision["old_target"], revision["new_target"]) == ("新店开张", "60", "70")


def test_a_goal_given_up_is_in_the_other_list(program: Program, goal: Goal) -> None:
    assert program.post(f"{PLACE}/{goal.pk}/drop", {"reason": "不做了"}).json()["dropped_why"] == "不做了"
    assert program.get(PLACE)["items"] == []
    assert [one["id"] for one in program.get(f"{PLACE}?dropped=true")["items"]] == [goal.pk]
    assert program.post(f"{PLACE}/{goal.pk}/drop", {"reason": "不做了"}).status_code == 400


def test_the_baseline_is_counted_anew(program: Program, goal: Goal) -> None:
    assert program.post(f"{PLACE}/{goal.pk}/baseline", None).status_code == 200
    assert Act.objects.filter(verb="goals.baseline").count() == 1


@pytest.mark.parametrize(
    ("method", "more", "body"),
    [
        ("POST", "", NEW),
        ("PATCH", "/{pk}", {"title": "x"}),
        ("POST", "/{pk}/revise", {"reason": "x"}),
        ("POST", "/{pk}/drop", {"reason": "x"}),
        ("POST", "/{pk}/values", {"day": "2026-03-01", "value": "1"}),
        ("POST", "/{pk}/baseline", None),
    ],
)
def test_who_may_not_plan_here_finds_nothing(
    method: str,
    more: str,
    body: Any,
    goal: Goal,
    director: Staff,
    units: Units,
    stranger: Program,
    make_program: Callable[..., Program],
) -> None:
    reader = make_program(director, units.shop, ["plan.see"])
    address = PLACE + more.format(pk=goal.pk)
    assert [one.send(method, address, body).status_code for one in (reader, stranger)] == [404, 404]
