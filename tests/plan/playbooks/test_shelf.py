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


LEDGER = {
    "club-150": {
        "active-month": ("60%", "", "30 天", ""),
        "speakers-month": (20, "", "30 天", ""),
        "conversion-quarter": ("25%", "", "90 天", "12%"),
        "members-year": (500, "", "12 个月", ""),
        "high-value-month": (15, "", "1 个月", ""),
        "salons-quarter": ("80%", "", "90 天", ""),
        "repurchase-year": ("+20%", "", "12 个月", ""),
    },
    "store-visit": {
        "actives-to-footfall": (1.5, "", "30 天", ""),
        "high-spenders": ("65%", "", "12 个月", ""),
        "positive-mentions": ("+40%", "", "3 个月", ""),
        "order-value-year": ("+15%", "", "12 个月", ""),
        "repurchase-year": ("+25%", "", "12 个月", ""),
        "exposure-first-quarter": ("+30%", "", "3 个月", ""),
        "interaction-first-quarter": ("+20%", "", "3 个月", ""),
        "conversion-second-quarter": ("+15%", "3 个月", "6 个月", ""),
        "repurchase-second-quarter": ("+10%", "3 个月", "6 个月", ""),
        "nps-second-half": ("+20%", "6 个月", "12 个月", ""),
        "lifetime-value-second-half": ("+25%", "6 个月", "12 个月", ""),
    },
    "flower-shop": {
        "members-half-year": (1000, "", "6 个月", ""),
        "active-half-year": ("50%", "", "6 个月", ""),
        "satisfaction-half-year": ("80%", "", "6 个月", ""),
        "sales-half-year": ("+30%", "", "6 个月", ""),
        "awareness-three-years": ("70%", "", "3 年", ""),
        "sales-first-year": ("+20%", "", "12 个月", ""),
        "satisfaction-three-years": ("90%", "", "3 年", ""),
    },
    "process": {
        "core-users": (1000, "", "1 个月", ""),
        "return-year": (3.8, "", "12 个月", 1.2),
        "conversion-half-year": ("12%", "", "6 个月", "12%"),
        "churn-half-year": ("12%", "", "6 个月", "12%"),
        "interaction-quarter": ("15%", "", "3 个月", "15%"),
        "sameness-quarter": ("60%", "", "3 个月", "60%"),
    },
    "precision": {
        "goals-reached-year": ("62%", "", "12 个月", "62%"),
        "churn-half-year": ("12%", "", "6 个月", "12%"),
        "participation-quarter": ("20%", "", "3 个月", "20%"),
        "interaction-month": ("15%", "", "1 个月", "15%"),
        "sameness-quarter": ("60%", "", "3 个月", "60%"),
    },
}
"""Every figure of the plans' goals and of what is usual elsewhere: target, from when, until when, benchmark."""


@pytest.mark.parametrize("name", FIVE)
def test_every_goal_of_the_five_has_the_figure_of_its_plan(name: str) -> None:
    found = {
        goal["key"]: (
            goal["target"],
            goal.get("start", ""),
            goal["due"],
            goal.get("benchmark", {}).get("value", ""),
        )
        for goal in playbook_named(name).content["goals"]
    }
    assert found == LEDGER[name]


PHASES = {
    "process": {"prepare": "2-4 周", "build": "4-6 周", "acquire": "2-3 个月", "activate": "3-6 个月"},
    "store-visit": {"design": "4-6 周", "exposure": "3 个月", "conversion": "3 个月", "value": "6 个月"},
    "precision": {"rules": "2-4 周", "sort": "4-6 周", "run": "3-6 个月"},
    "club-150": {"base": "2 周", "interaction": "2 周", "conversion": "4 周", "grow": "10 个月"},
    "flower-shop": {
        "growth": "1 个月",
        "content": "1 个月",
        "marketing": "1 个月",
        "brand": "1 年",
        "sales": "1 年",
        "service": "1 年",
    },
}


@pytest.mark.parametrize("name", FIVE)
def test_every_phase_of_the_five_is_as_long_as_in_its_plan(name: str) -> None:
    assert {phase["key"]: phase["length"] for phase in playbook_named(name).content["phases"]} == PHASES[name]


@pytest.mark.parametrize("name", FIVE)
def test_the_leeway_of_every_goal_is_between_ten_and_fifteen_percent(name: str) -> None:
    assert {goal["flexibility"] for goal in playbook_named(name).content["goals"]} <= {"10%", "15%"}


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with override("en"), pytest.raises(NotFoundError, match="Those there are: process, store-visit"):
        playbook_named("nobody")


def test_a_faulty_text_is_refused_with_its_first_fault() -> None:
    with (
        override("en"),
        pytest.raises(QunyingError, match=r"The playbook has a fault in line 1 column 5: A Chinese colon"),
    ):
        read_playbook("name：x")
