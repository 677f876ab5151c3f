from __future__ import annotations

from typing import Any

import pytest

from qunying.plan.playbooks.differences import Change, carry_over, compare, version_key

OLD: dict[str, Any] = {
    "title": "一",
    "goals": [{"key": "a", "target": 1, "due": "1 周"}, {"key": "b", "target": 2}],
    "budget": [{"key": "x"}],
}
NEW: dict[str, Any] = {
    "title": "二",
    "goals": [{"key": "a", "target": 3, "owner": "lead"}, {"key": "c", "target": 4}],
    "budget": [{"key": "x"}],
}


def test_the_difference_names_what_came_went_and_changed_in_the_order_of_reading() -> None:
    found = compare(OLD, NEW)
    assert [(one.part, one.key, one.kind.value) for one in found] == [
        ("", "", "changed"),
        ("goals", "a", "changed"),
        ("goals", "c", "new"),
        ("goals", "b", "gone"),
    ]
    assert found[0].changes == [Change("title", "一", "二")]
    assert found[1].changes == [Change("target", 1, 3), Change("owner", None, "lead"), Change("due", "1 周", None)]


def test_a_playbook_does_not_differ_from_itself() -> None:
    assert compare(OLD, OLD) == []


def test_what_was_edited_stays_and_all_else_follows_the_new_version() -> None:
    mine = OLD | {"goals": [{"key": "a", "target": 9, "due": "1 周"}, {"key": "b", "target": 8}]}
    assert carry_over(OLD, mine, NEW)["goals"] == [
        {"key": "a", "target": 9, "owner": "lead"},
        {"key": "c", "target": 4},
    ]


def test_a_value_taken_out_in_the_review_stays_out() -> None:
    mine = OLD | {"goals": [{"key": "a", "target": 1}]}
    theirs = OLD | {"goals": [{"key": "a", "target": 5, "due": "2 周"}]}
    assert carry_over(OLD, mine, theirs)["goals"] == [{"key": "a", "target": 5}]


@pytest.mark.parametrize(("lower", "higher"), [("1", "2"), ("1.9", "1.10"), ("1", "1.0.1"), ("1.1", "2.0")])
def test_versions_are_compared_by_their_numbers(lower: str, higher: str) -> None:
    assert version_key(lower) < version_key(higher)
