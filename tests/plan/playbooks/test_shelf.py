from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from qunying.kit.errors import NotFoundError, QunyingError
from qunying.plan.playbooks.shelf import LIBRARY, ORDER, all_playbooks, lint_playbook, playbook_named, read_playbook
from qunying.plan.playbooks.yaml_text import read_marked

FIVE = ORDER[:5]


@pytest.mark.parametrize("name", ORDER)
def test_every_playbook_of_the_shelf_is_in_order(name: str) -> None:
    assert lint_playbook((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")).faults == []


def test_the_shelf_holds_what_the_folder_holds() -> None:
    assert sorted(ORDER) == sorted(path.stem for path in LIBRARY.glob("*.yaml"))
    assert [book.name for book in all_playbooks()] == list(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_every_goal_says_where_its_figure_comes_from(name: str) -> None:
    goals = playbook_named(name).content["goals"]
    assert len(goals) >= 5
    assert [goal["key"] for goal in goals if not re.fullmatch(r"P3( [EVMF])?", goal.get("source", ""))] == []


@pytest.mark.parametrize("name", ORDER)
def test_every_piece_of_work_stands_in_a_phase_with_an_owner_and_a_source(name: str) -> None:
    content = playbook_named(name).content
    phases = {phase["key"] for phase in content["phases"]}
    work = content["work"]
    assert len(work) >= 15
    assert {item["phase"] for item in work} == phases
    assert [item["key"] for item in work if set(item["title"]) != {"zh", "en"} or "owner" not in item] == []
    assert [item["key"] for item in work if not re.fullmatch(r"[A-Z]\d+( [A-Z]\d*)*", item.get("source", ""))] == []


def test_no_work_promises_anything_for_inviting_or_sharing() -> None:
    """The platform closes groups that do: whatever speaks of it says no."""
    said = [
        (book.name, item["key"], text)
        for book in all_playbooks()
        for item in book.content["work"]
        for text in (item["title"]["zh"], (item.get("note") or {}).get("zh", ""))
        if re.search("转发|拉人|助力|砍价|集赞", text)
    ]
    assert said != []
    assert [row for row in said if not re.search("不看|不靠|不做|都不给", row[2])] == []


@pytest.mark.parametrize("name", ORDER[5:])
def test_a_variant_stands_on_one_of_the_five_and_says_something_of_its_own(name: str) -> None:
    own = read_marked((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")).data
    base = playbook_named(own["extends"])
    mine = playbook_named(name)
    assert own["extends"] in FIVE
    assert mine.content["goals"] != base.content["goals"]
    assert mine.title != base.title


@pytest.mark.parametrize("name", ORDER)
def test_every_playbook_speaks_both_languages(name: str) -> None:
    content = playbook_named(name).content
    said = [content["title"], content["for"], content["description"]]
    said += [item["title"] for part in content.values() if isinstance(part, list) for item in part]
    assert [text for text in said if set(text) != {"zh", "en"}] == []


def test_the_figures_are_those_of_the_plans() -> None:
    def target(name: str, key: str) -> tuple[object, str]:
        goal = next(goal for goal in playbook_named(name).content["goals"] if goal["key"] == key)
        return goal["target"], goal["due"]

    assert target("club-150", "active-month") == ("60%", "30 天")
    assert target("club-150", "speakers-month") == (20, "30 天")
    assert target("club-150", "conversion-quarter") == ("25%", "90 天")
    assert target("club-150", "members-year") == (500, "12 个月")
    assert target("store-visit", "positive-mentions") == ("+40%", "3 个月")
    assert target("flower-shop", "members-half-year") == (1000, "6 个月")
    assert target("process", "core-users") == (1000, "1 个月")


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with override("en"), pytest.raises(NotFoundError, match="Those there are: process, store-visit"):
        playbook_named("nobody")


def test_a_faulty_text_is_refused_with_its_first_fault() -> None:
    with (
        override("en"),
        pytest.raises(QunyingError, match=r"The playbook has a fault in line 1 column 5: A Chinese colon"),
    ):
        read_playbook("name：x")
