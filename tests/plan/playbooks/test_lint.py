from __future__ import annotations

import pytest
from django.utils.translation import override

from qunying.plan.playbooks.lint import check_content, waiting_sections
from qunying.plan.playbooks.shelf import lint_playbook, shelf_content
from tests.plan.playbooks.conftest import TEXT


def faults(text: str, language: str = "en") -> list[tuple[int, int, str]]:
    with override(language):
        return [(fault.line, fault.column, fault.message) for fault in lint_playbook(text).faults]


def test_a_sound_playbook_has_no_faults() -> None:
    linted = lint_playbook(TEXT)
    assert linted.faults == []
    assert [goal["key"] for goal in linted.content["goals"]] == ["members", "active"]


def test_an_unknown_section_is_a_fault_with_the_nearest_known_name() -> None:
    text = TEXT.replace("budget:", "budgets:")
    assert faults(text) == [(29, 1, "“budgets” is not known here. Perhaps you mean “budget”.")]
    assert faults(text, "zh-hans") == [(29, 1, "这里不认得“budgets”。是不是想写“budget”？")]


def test_a_section_without_its_app_is_kept_as_it_is() -> None:
    content = lint_playbook(TEXT).content
    assert (waiting_sections(content), content["budget"][0]["share"]) == (["budget"], "70%")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("for: {zh: 小店, en: Small shops}\n", "", (1, 1, "“for” is missing here.")),
        ("dimension: user\n    term: long", "dimension: users\n    term: long",
         (13, 16, "“users” is not known here. Perhaps you mean “user”.")),
        ("due: 12 个月", "due: soon", (15, 10, "“soon” does not fit here. For example: 30 天 or 12 个月 or 30d.")),
        ("owner: lead", "owner: chief", (19, 12, None)),
        ("{name: members_present}", "{name: member_present}", (16, 20, None)),
        ("target: 500", "target: plenty", (17, 13, None)),
        ("parent: members", "parent: nobody", (28, 13, "There is no other goal with the key “nobody”.")),
        ("    owner: lead", "    boss: lead", (19, 5, None)),
        ("length: 2-4 周", "length: 4-2 周",
         (9, 13, "“4-2 周” goes from longer to shorter. Write the shorter length first.")),
        ("  - key: active", "  - key: members", (20, 10, "There is an item “members” in this list already.")),
        ("  - key: active\n    title", "  - title",
         (20, 5, "Each item needs a “key:” of its own, such as “key: first-month”.")),
        ("version: 1", "extends: nobody\nversion: 1",
         (2, 10, "There is no playbook “nobody” to stand on. “qunying playbook list” lists those there are.")),
    ],
)  # fmt: skip
def test_each_fault_stands_at_its_line_and_column(old: str, new: str, fault: tuple[int, int, str | None]) -> None:
    assert TEXT.count(old) == 1
    found = faults(TEXT.replace(old, new))
    assert found[0][:2] == fault[:2]
    if fault[2] is not None:
        assert found == [fault]


def test_several_faults_come_in_the_order_of_the_lines() -> None:
    text = TEXT.replace("budget:", "money:").replace("term: long", "term: eternal")
    assert [line for line, _column, _message in faults(text)] == [14, 29]


def test_an_empty_text_is_no_playbook() -> None:
    assert faults("- a\n") == [(1, 1, "This is no playbook yet. Begin with a line such as “name: my-shop”.")]


def test_a_fault_in_a_variant_stands_where_the_variant_says_it() -> None:
    text = """\
name: mine
extends: club-150
version: 1
goals:
  - key: members-year
    target: many
"""
    assert [fault[:2] for fault in faults(text)] == [(6, 13)]


def test_a_variant_takes_over_what_it_does_not_say() -> None:
    text = """\
name: mine
extends: club-150
version: 1
goals:
  - key: members-year
    target: 300
  - {key: speakers-month, drop: true}
"""
    linted = lint_playbook(text)
    base = shelf_content("club-150")
    assert base is not None
    goals = {goal["key"]: goal for goal in linted.content["goals"]}
    expected = {goal["key"]: goal for goal in base["goals"] if goal["key"] != "speakers-month"}
    expected["members-year"] = {**expected["members-year"], "target": 300}
    assert (goals, linted.content["name"], linted.content["title"]) == (expected, "mine", base["title"])


def test_content_without_a_text_is_checked_alike() -> None:
    content = lint_playbook(TEXT).content
    assert check_content(content) == []
    content["goals"][0]["target"] = "plenty"
    assert [problem.path for problem in check_content(content)] == [("goals", 0, "target")]
