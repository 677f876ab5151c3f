from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from django.utils import timezone

from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.audit.models import Act
from qunying.kit.errors import QunyingError
from qunying.plan.playbooks.exports import export_playbook
from qunying.plan.playbooks.sections import Occasion, section_named
from qunying.plan.playbooks.services import apply_at_once
from qunying.plan.playbooks.shelf import lint_playbook, read_playbook
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.playbook import SCHEMA, changed, check, draft, export, fits, make, remove
from qunying.plan.schedule.services import Origin, add_work, drop_work, finish_work, put_off_work
from qunying.plan.schedule.sources import work_todos
from qunying.plan.schedule.todo import todos_for
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)
PHASES: tuple[dict[str, Any], ...] = (
    {"key": "base", "title": {"zh": "打基础", "en": "Base"}, "length": "1-2 周"},
    {"key": "talk", "title": {"zh": "带互动", "en": "Talk"}, "length": "2 周"},
)
RULES: dict[str, Any] = {
    "key": "rules",
    "phase": "base",
    "title": {"zh": "写群规", "en": "Write the rules"},
    "due": "2 天",
    "owner": "lead",
    "priority": "urgent",
    "note": {"zh": "三条就够", "en": "Three points will do"},
}
SALON: dict[str, Any] = {
    "key": "salon",
    "phase": "talk",
    "title": {"zh": "办沙龙"},
    "due": "1 周",
    "on": "saturday",
    "owner": "specialist",
}
LOOSE: dict[str, Any] = {"key": "poster", "title": {"zh": "贴海报"}, "due": "1 天"}
ITEMS = [RULES, SALON, LOOSE]
BOOK = """\
name: small
version: 1
title: {zh: 小方案, en: A small plan}
for: 小店
description: 三件事
phases:
  - {key: base, title: 打基础, length: 1-2 周}
  - {key: talk, title: 带互动, length: 2 周}
work:
  - key: rules
    phase: base
    title: {zh: 写群规, en: Write the rules}
    due: 2 天
    owner: lead
  - key: salon
    phase: talk
    title: {zh: 办沙龙}
    due: 1 周
    on: saturday
"""


def occasion(community: Community) -> Occasion:
    return Occasion(community, START, "small", title="小方案", phases=PHASES)


def made_in(community: Community, *items: dict[str, Any]) -> list[Any]:
    where = occasion(community)
    return make(draft(list(items), where), where, by=TESTS)


def test_the_section_is_registered_and_its_items_fit_the_schema() -> None:
    assert section_named("work") is not None
    for item in ITEMS:
        jsonschema.validate({name: value for name, value in item.items() if name != "note"}, SCHEMA)
    assert [*check(ITEMS), *fits(ITEMS, {"phases": PHASES})] == []


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("phase: talk", (16, 12), "There is no phase “talking”. Those there are: base, talk."),
        ("due: 1 周", (18, 10), "This is due after its phase “talk” is over."),
        ("due: 2 天", (13, 10), "Work is due after one day at the earliest: 1 天 is the first day."),
        ("on: saturday", (19, 9), "“holiday” is not known here."),
        ("owner: lead", (14, 12), "“leader” is not known here. Perhaps you mean “lead”."),
    ],
)
def test_a_fault_is_named_at_its_line_and_column(text: str, place: tuple[int, int], words: str) -> None:
    wrong = {"phase: talk": "phase: talking", "due: 1 周": "due: 3 周", "due: 2 天": "due: 0 天"}
    wrong |= {"on: saturday": "on: holiday", "owner: lead": "owner: leader"}
    faults = lint_playbook(BOOK.replace(text, wrong[text])).faults
    assert [(fault.line, fault.column) for fault in faults] == [place]
    assert faults[0].message.startswith(words)


def test_days_count_from_the_phase_and_follow_their_rule(community: Community) -> None:
    lines = draft(ITEMS, occasion(community))
    assert [(line.key, line.title, line.day) for line in lines] == [
        ("rules", "Write the rules", date(2026, 3, 3)),
        ("salon", "办沙龙", date(2026, 3, 28)),
        ("poster", "贴海报", date(2026, 3, 2)),
    ]
    assert lines[0].detail == "Base · Group lead · Three points will do"


def test_work_goes_to_the_one_who_holds_the_role_and_else_to_the_team(
    community: Community, units: Units, lead: Staff, specialist: Staff
) -> None:
    second = create_staff("second", name="专员二", password=PASSWORD, by=TESTS)
    grant_role(second, role="specialist", unit=units.shop, by=TESTS)
    made_in(community, *ITEMS)
    rules, salon = WorkItem.objects.get(key="rules"), WorkItem.objects.get(key="salon")
    assert (rules.owner, rules.priority, rules.how, rules.origin_words) == (
        lead, WorkItem.Priority.URGENT, "Three points will do", "Playbook “小方案”",
    )  # fmt: skip
    assert (salon.owner, salon.owner_role, salon.name) == (None, "specialist", "办沙龙")


def test_the_nearest_holder_above_is_found_where_the_unit_has_none(community: Community, director: Staff) -> None:
    made_in(community, LOOSE | {"owner": "director"})
    assert WorkItem.objects.get().owner == director


def test_a_key_that_stands_open_is_not_made_twice(community: Community) -> None:
    made_in(community, RULES)
    with pytest.raises(QunyingError, match="open work “rules” from a playbook already"):
        made_in(community, RULES)
    finish_work(WorkItem.objects.get(), by=TESTS)
    assert len(made_in(community, RULES)) == 1


def test_what_people_touched_stays_and_the_rest_is_taken_back(community: Community) -> None:
    made = made_in(community, *ITEMS, LOOSE | {"key": "spare"})
    works = {work.key: work for work in WorkItem.objects.all()}
    finish_work(works["rules"], by=TESTS)
    drop_work(works["poster"], by=TESTS)
    put_off_work(works["salon"], due=date(2026, 4, 4), by=TESTS)
    assert changed(made, community) == {
        "rules": "It is done.",
        "poster": "It was dropped since.",
        "salon": "It was changed since.",
    }
    remove(made, community, by=TESTS)
    assert sorted(WorkItem.objects.values_list("key", flat=True)) == ["poster", "rules", "salon"]
    assert Act.objects.filter(verb="schedule.undo").count() == 1


def test_what_stands_is_written_out_in_its_phases(community: Community) -> None:
    book = read_playbook(BOOK)
    apply_at_once(community, playbook=book, start=START, by=TESTS)
    own = add_work("换海报", place=community, due=date(2026, 3, 10), by=TESTS)
    again = read_playbook(export_playbook(community, today=date(2026, 5, 1))).content["work"]
    assert again == [
        {
            "key": "rules",
            "title": {"zh": "写群规", "en": "Write the rules"},
            "phase": "base",
            "due": "2d",
            "owner": "lead",
        },
        {"key": f"work-{own.pk}", "title": {"zh": "换海报"}, "due": "9d"},
        {"key": "salon", "title": {"zh": "办沙龙"}, "phase": "talk", "due": "13d"},
    ]


def test_what_was_dropped_or_was_over_before_the_first_day_is_not_written_out(community: Community) -> None:
    made_in(community, *ITEMS)
    drop_work(WorkItem.objects.get(key="poster"), by=TESTS)
    assert [item["key"] for item in export(community, date(2026, 3, 4))] == ["salon"]


def test_today_shows_the_work_of_a_plan_four_weeks_ahead(community: Community, lead: Staff) -> None:
    made_in(community, *ITEMS)
    add_work("换海报", place=community, due=date(2027, 3, 2), by=TESTS)
    assert [item.title for item in todos_for(lead, date(2026, 2, 24)).items] == ["贴海报", "Write the rules", "换海报"]
    assert [item.title for item in todos_for(lead, date(2026, 2, 28)).items][2] == "办沙龙"


def test_today_calls_nobody_late_for_what_was_over_when_the_plan_was_applied(community: Community, lead: Staff) -> None:
    today = timezone.localdate()
    for days in (400, 8, 6):
        add_work(
            f"{days}天前",
            place=community,
            due=today - timedelta(days=days),
            by=TESTS,
            origin=Origin("playbooks", "1", ""),
        )
    add_work("自己的", place=community, due=today - timedelta(days=30), by=TESTS)
    assert [todo.title for todo in work_todos(lead, today)] == ["自己的", "6天前"]
