"""Playbooks for programs: shelf, draft, review, apply, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.plan.goals.models import Goal
from qunying.plan.playbooks.models import Application, Book

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/playbooks"
CLUB = {"playbook": "club-150", "start": "2026-03-02"}
OWN = "name: own-book\nversion: 1\ntitle: 自己的方案\nfor: 小店\ndescription: 一句话\n"
GOALS = """goals:
  - key: talk
    title: {zh: 六成活跃, en: 60 % active}
    dimension: user
    term: short
    due: 30 天
    metric: {name: active_rate, params: {grade: speaking}}
    target: 60%
    owner: lead
"""


@pytest.fixture
def drafted(program: Program, community: Community) -> dict[str, Any]:
    answer = program.post(PLACE, CLUB)
    assert answer.status_code == 201, answer.content.decode()
    told: dict[str, Any] = answer.json()
    assert answer["Location"] == f"/api/v1/{PLACE}/{told['id']}"
    return told


def test_a_draft_is_looked_through_applied_and_undone(program: Program, drafted: dict[str, Any]) -> None:
    address = f"{PLACE}/{drafted['id']}"
    assert (drafted["state"], drafted["made"], Goal.objects.count()) == ("draft", [], 0)
    goals = [line for line in drafted["lines"] if line["section"] == "goals"]
    out, edited = goals[0]["name"], goals[1]["name"]
    changed = program.send("PATCH", address, {"left_out": [out], "start": "2026-03-09"}).json()
    lines = {line["name"]: line["wanted"] for line in changed["lines"]}
    assert (changed["start"], lines[out], lines[edited]) == ("2026-03-09", False, True)
    applied = program.post(f"{address}/apply", None).json()
    assert (applied["state"], applied["lines"], Goal.objects.count()) == ("applied", [], len(goals) - 1)
    assert {"section": "goals", "key": edited.split("/")[1]}.items() <= applied["made"][0].items() or applied["made"]
    assert program.post(f"{address}/apply", None).status_code == 400
    assert program.post(f"{address}/undo", None).json()["state"] == "undone"
    assert Goal.objects.filter(dropped_at=None).count() == 0


def test_texts_of_lines_are_edited_by_the_names_the_draft_tells(program: Program, drafted: dict[str, Any]) -> None:
    address = f"{PLACE}/{drafted['id']}"
    name = next(name for line in drafted["lines"] for name in line["values"] if name.endswith("/target"))
    changed = program.send("PATCH", address, {"values": {name: "600"}}).json()
    assert next(line["values"][name] for line in changed["lines"] if name in line["values"]) == "600"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"left_out": ["goals/none"]}, "body.left_out"),
        ({"values": {"goals/none/title": "x"}}, "body.values"),
        ({"start": "soon"}, "body.start"),
    ],
)
def test_what_the_draft_does_not_hold_is_named(
    body: dict[str, Any], field: str, program: Program, drafted: dict[str, Any]
) -> None:
    answer = program.send("PATCH", f"{PLACE}/{drafted['id']}", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_draft_is_thrown_away(program: Program, drafted: dict[str, Any]) -> None:
    assert program.send("DELETE", f"{PLACE}/{drafted['id']}").status_code == 204
    assert Application.objects.count() == 0


def test_an_own_playbook_goes_on_the_shelf_and_off_it(program: Program, units: Units) -> None:
    given = {"text": OWN, "unit": units.shop.pk}
    answer = program.post("playbooks", given)
    assert (answer.status_code, answer["Location"]) == (201, "/api/v1/playbooks/own-book")
    assert program.get("playbooks/own-book") == answer.json()
    own = [one for one in program.get("playbooks") if one["unit"]]
    assert own == [{"name": "own-book", "version": "1", "title": "自己的方案", "unit": units.shop.pk}]
    assert program.send("DELETE", "playbooks/own-book").status_code == 204
    assert program.send("GET", "playbooks/own-book").status_code == 404
    assert program.post("playbooks/own-book/restore", None).status_code == 200
    assert Book.objects.get().removed_at is None
    assert program.post("playbooks", given | {"text": "name: ["}).status_code == 400


def test_a_newer_version_is_offered_drafted_and_declined(program: Program, community: Community, units: Units) -> None:
    text = OWN + GOALS
    assert program.post("playbooks", {"text": text, "unit": units.shop.pk}).status_code == 201
    one = program.post(PLACE, {"playbook": "own-book", "start": "2026-03-02"}).json()
    applied = program.post(f"{PLACE}/{one['id']}/apply", None)
    assert applied.json()["offered"] is None
    program.post("playbooks", {"text": text.replace("version: 1", "version: 2"), "unit": units.shop.pk})
    assert program.get(f"{PLACE}/{one['id']}")["offered"] == "2"
    update = program.post(f"{PLACE}/{one['id']}/update", None)
    assert (update.status_code, update.json()["follows"]) == (201, one["id"])
    assert program.get(update["Location"].removeprefix("/api/v1/"))["version"] == "2"
    assert program.post(f"{PLACE}/{one['id']}/decline", None).json()["offered"] is None


def test_what_stands_is_kept_as_a_playbook(program: Program, drafted: dict[str, Any]) -> None:
    program.post(f"{PLACE}/{drafted['id']}/apply", None)
    assert program.get("communities/flowers/plan")["text"].startswith("name: flowers")
    assert program.post("communities/flowers/plan/keep", None).json()["name"] == "flowers"


@pytest.mark.parametrize(
    ("method", "more", "body"),
    [
        ("POST", "", CLUB),
        ("PATCH", "/{pk}", {"start": "2026-03-03"}),
        ("DELETE", "/{pk}", None),
        ("POST", "/{pk}/apply", None),
        ("POST", "/{pk}/undo", None),
        ("POST", "/{pk}/update", None),
        ("POST", "/{pk}/decline", None),
    ],
)
def test_who_may_not_plan_here_finds_nothing(
    method: str,
    more: str,
    body: Any,
    drafted: dict[str, Any],
    director: Staff,
    units: Units,
    stranger: Program,
    make_program: Callable[..., Program],
) -> None:
    reader = make_program(director, units.shop, ["plan.see"])
    address = PLACE + more.format(pk=drafted["id"])
    assert [one.send(method, address, body).status_code for one in (reader, stranger)] == [404, 404]


def test_the_shelf_of_another_unit_stays_theirs(
    program: Program, units: Units, director: Staff, stranger: Program, make_program: Callable[..., Program]
) -> None:
    program.post("playbooks", {"text": OWN, "unit": units.shop.pk})
    reader = make_program(director, units.shop, ["plan.see"])
    assert [one.send("DELETE", "playbooks/own-book").status_code for one in (reader, stranger)] == [404, 404]
    assert stranger.post("playbooks", {"text": OWN, "unit": units.shop.pk}).status_code == 404
    figures = make_program(director, units.shop, ["figures.see"])
    assert figures.send("GET", "playbooks/club-150").status_code == 403
