"""Choosing and checking playbooks, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.playbooks.chooser import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_answers_lead_to_two_playbooks_with_reasons(program: Program) -> None:
    asked = program.get("playbook-questions")
    assert [one["name"] for one in asked] == [one.name for one in QUESTIONS]
    answers = {one["name"]: next(iter(one["answers"])) for one in asked}
    first, second = program.post("playbook-choices", {"answers": answers}).json()
    assert (first["weight"] >= second["weight"], first["reasons"] != []) == (True, True)
    assert program.get(f"playbooks/{first['name']}")["title"] == first["title"]
    del answers[asked[0]["name"]]
    assert "One answer is missing" in program.post("playbook-choices", {"answers": answers}).json()["detail"]


def test_a_text_is_checked_line_by_line(program: Program) -> None:
    whole = program.get("playbooks/club-150")["text"]
    assert program.post("playbook-checks", {"text": whole}).json() == {"ok": True, "faults": []}
    checked = program.post("playbook-checks", {"text": "name: my-shop\nnonsense: 1\n"}).json()
    assert (checked["ok"], 2 in {one["line"] for one in checked["faults"]}) == (False, True)


def test_who_sees_no_plans_is_refused(director: Staff, units: Units, make_program: Callable[..., Program]) -> None:
    reader = make_program(director, units.shop, ["figures.see"])
    assert reader.send("GET", "playbook-questions").status_code == 403
    assert reader.post("playbook-choices", {"answers": {}}).status_code == 403
    assert reader.post("playbook-checks", {"text": "name: x"}).status_code == 403
