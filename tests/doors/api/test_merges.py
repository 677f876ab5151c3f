"""Members who are one, for programs: suggested, merged, told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.merges.models import Likeness, Merge
from qunying.ground.merges.queries import rules_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(xiaomei: Member, aqiang: Member) -> Likeness:
    reasons = [{"why": "name", "weight": 0.35, "against": False}]
    return Likeness.objects.create(first=xiaomei, second=aqiang, score=0.9, reasons=reasons)


def test_two_are_made_one_and_told_apart_again(program: Program, pair: Likeness) -> None:
    [told] = program.get("likenesses")["items"]
    assert (told["first"], told["second"], told["reasons"]) == (pair.first_id, pair.second_id, ["Same name"])
    body = {"absorbed": pair.second_id}
    answers = [program.post(f"members/{pair.first_id}/merges", body, Idempotency_Key="a") for _n in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    [merge] = program.get(f"members/{pair.first_id}/merges")["items"]
    assert answers[0].json() == merge
    assert Act.objects.get(verb="members.merge").actor.startswith("key:")
    back = program.post(f"merges/{merge['id']}/undo", None)
    assert (back.status_code, back.json()["id"]) == (200, pair.second_id)
    assert program.get(f"members/{pair.first_id}/merges")["items"] == []
    assert program.post(f"merges/{merge['id']}/undo", None).status_code == 400


def test_a_suggestion_is_dismissed_and_opened_again(program: Program, pair: Likeness) -> None:
    assert program.post(f"likenesses/{pair.pk}/reopen", None).status_code == 404
    assert program.post(f"likenesses/{pair.pk}/dismiss", None).json()["dismissed_at"]
    assert program.get("likenesses")["items"] == []
    assert [one["id"] for one in program.get("likenesses?dismissed=true")["items"]] == [pair.pk]
    assert program.post(f"likenesses/{pair.pk}/reopen", None).json()["dismissed_at"] is None


def test_a_look_says_what_it_found(program: Program, xiaomei: Member, aqiang: Member) -> None:
    assert program.post("likenesses/look", None).json() == {"suggested": 0, "merged": 0}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "body.absorbed"),
        ({"absorbed": 0}, 422, "body.absorbed"),
        ({"absorbed": 2**60}, 404, None),
    ],
)
def test_who_is_nobody_cannot_be_merged(
    body: dict[str, Any], status: int, field: str | None, program: Program, xiaomei: Member
) -> None:
    answer = program.post(f"members/{xiaomei.pk}/merges", body)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (status, [field] if field else [])
    assert program.post(f"members/{xiaomei.pk}/merges", {"absorbed": xiaomei.pk}).status_code == 400


def test_rules_are_switched_by_those_who_answer_for_everyone(
    program: Program, director: Staff, units: Units, make_program: Callable[..., Program]
) -> None:
    assert program.send("PATCH", "merge-rules/phone", {"on": True}).json() == {"name": "phone", "on": True}
    assert rules_on() == {"phone"}
    assert {"name": "phone", "on": True} in program.get("merge-rules")
    shop = make_program(director, units.shop)
    assert shop.send("PATCH", "merge-rules/phone", {"on": False}).status_code == 403
    assert program.send("PATCH", "merge-rules/shoe", {"on": True}).status_code == 422


def test_who_may_not_change_the_members_finds_nothing(
    pair: Likeness,
    program: Program,
    stranger: Program,
    director: Staff,
    units: Units,
    make_program: Callable[..., Program],
) -> None:
    reader = make_program(director, units.shop, ["members.see"])
    first = f"members/{pair.first_id}/merges"
    made = program.post(first, {"absorbed": pair.second_id}).json()["id"]
    for one, expected in ((stranger, 404), (reader, 403)):
        assert one.post(first, {"absorbed": pair.second_id}).status_code == expected
        assert one.send("GET", first).status_code == expected
        assert one.post(f"merges/{made}/undo", None).status_code == expected
        assert one.post(f"likenesses/{pair.pk}/dismiss", None).status_code == 404
    assert [reader.send("GET", path).status_code for path in ("likenesses", "merge-rules")] == [403, 403]
    assert Merge.objects.filter(undone_at=None).count() == 1
