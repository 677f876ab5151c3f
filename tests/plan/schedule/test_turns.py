"""Work that comes round again: when, how it is laid out, taken back, brought to a newer version, and written out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from qunying.kit.errors import QunyingError
from qunying.plan.playbooks.drafts import draft_parts
from qunying.plan.playbooks.exports import export_playbook
from qunying.plan.playbooks.offers import steps_of, update_parts
from qunying.plan.playbooks.services import (
    apply_at_once,
    apply_playbook,
    draft_playbook,
    revise_draft,
    undo_playbook,
    what_stays,
)
from qunying.plan.playbooks.services_shelf import put_playbook
from qunying.plan.playbooks.services_versions import apply_draft, draft_update
from qunying.plan.playbooks.shelf import lint_playbook, read_playbook
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.services import drop_work, finish_work, put_off_work
from qunying.plan.schedule.turns import Turn, every_words, span_of, too_many, turns_of

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.models import Application

MONDAY = date(2026, 3, 2)
PHASES: list[dict[str, Any]] = [
    {"key": "base", "title": "打基础", "length": "2 周"},
    {"key": "run", "title": "日常", "length": "4 周"},
]
TEXT = """\
name: rounds
version: 1
title: {zh: 有节奏的店, en: A shop with a rhythm}
for: 小店
description: 每周一次
phases:
  - {key: base, title: 打基础, length: 2 周}
  - {key: run, title: 日常, length: 4 周}
work:
  - key: meeting
    phase: run
    title: {zh: 周会, en: Weekly meeting}
    due: 1 天
    every: week
    owner: lead
  - {key: rules, title: {zh: 写群规, en: Write the rules}, due: 3 天}
"""
MEETINGS = [date(2026, 3, 16), date(2026, 3, 23), date(2026, 3, 30), date(2026, 4, 6)]


def days(item: dict[str, Any], phases: list[dict[str, Any]] = PHASES) -> list[date]:
    return [turn.due for turn in turns_of(item, span_of(item, phases, MONDAY))]


def meetings(community: Community) -> list[date]:
    return list(WorkItem.objects.filter(community=community, key="meeting").values_list("due", flat=True))


@pytest.fixture
def standing(community: Community, lead: Staff) -> Application:
    """The playbook with a weekly meeting at version 1, applied."""
    put_playbook(TEXT, unit=community.unit, by=lead)
    return apply_at_once(community, playbook=read_playbook(TEXT), start=MONDAY, by=lead)


def follow(standing: Application, text: str, by: Staff) -> Application:
    put_playbook(text.replace("version: 1", "version: 2"), unit=standing.community.unit, by=by)
    return draft_update(standing, by=by)


def test_it_comes_round_from_its_due_day_to_the_end_of_its_phase() -> None:
    assert days({"phase": "run", "due": "1 天", "every": "week"}) == MEETINGS
    assert days({"phase": "run", "due": "1 天", "every": "2 周"}) == [MEETINGS[0], MEETINGS[2]]
    assert days({"due": "31 天", "every": "month"}, [{"key": "a", "title": "一年", "length": "4 个月"}]) == [
        date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1),
    ]  # fmt: skip


def test_without_a_phase_it_lasts_as_long_as_the_phases_together_or_as_it_says() -> None:
    assert len(days({"due": "1 天", "every": "week"})) == 6
    assert len(days({"due": "1 天", "every": "week", "until": "3 周"})) == 3
    assert len(days({"phase": "run", "due": "1 天", "every": "week", "until": "9 周"})) == 4
    assert len(days({"due": "1 天", "every": "week", "until": "10 周"}, [])) == 10


def test_a_rule_moves_each_time_and_two_never_fall_on_one_day() -> None:
    fridays = {"phase": "run", "due": "1 天", "every": "week", "on": "friday"}
    assert turns_of(fridays, span_of(fridays, PHASES, MONDAY))[0] == Turn(MEETINGS[0], date(2026, 3, 20))
    daily = days({"phase": "base", "due": "1 天", "every": "1 天", "on": "workday"})
    assert daily == [date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]


def test_months_keep_the_day_of_the_month_they_began_with() -> None:
    item = {"due": "30 天", "every": "month", "until": "4 个月"}
    found = [turn.due for turn in turns_of(item, span_of(item, [], date(2026, 1, 2)))]
    assert found == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_a_habit_is_no_plan() -> None:
    year = {"due": "1 天", "every": "1 天", "until": "1 年"}
    assert too_many(year, span_of(year, [], MONDAY))
    assert not too_many(year | {"every": "week"}, span_of(year, [], MONDAY))


def test_a_rhythm_is_told_in_words() -> None:
    with override("en"):
        assert [every_words(text) for text in ("week", "1 个月", "2 周", "季度")] == [
            "every week", "every month", "every 2 weeks", "every 3 months",
        ]  # fmt: skip
    with override("zh-hans"):
        assert [every_words(text) for text in ("week", "1 个月", "2 周")] == ["每周", "每月", "每2周"]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("every: week", "every: often", (14, 12), "“often” does not fit here. For example: week or 2 周 or 1 个月."),
        ("every: week", "every: 0 周", (14, 12), "“0 周” does not say how often."),
        ("every: week", "until: 3 周", (14, 5), "“until” ends what comes round again."),
        ("every: week", "every: week\n    until: 1 天\n    on: monday", None, ""),
        ("due: 1 天", "due: 2 周\n    until: 1 周", (14, 12), "It ends before it is due for the first time."),
        ("length: 4 周", "length: 12 个月", None, ""),
        ("every: week", "every: 1 天\n    until: 30 周", None, ""),
    ],
)
def test_what_cannot_be_kept_is_named_at_its_place(
    old: str, new: str, place: tuple[int, int] | None, words: str
) -> None:
    with override("en"):
        faults = lint_playbook(TEXT.replace(old, new, 1)).faults
    assert [(fault.line, fault.column) for fault in faults] == ([place] if place else [])
    assert not place or faults[0].message.startswith(words)


def test_something_without_an_end_is_refused() -> None:
    endless = TEXT.replace("    phase: run\n", "").split("phases:", maxsplit=1)
    head, rest = endless[0], endless[1].split("work:")[1]
    with override("en"):
        faults = lint_playbook(f"{head}work:{rest}").faults
        habit = lint_playbook(f"{head}work:{rest}".replace("every: week", "every: 1 天\n    until: 1 年")).faults
    assert [fault.message for fault in faults] == ["Nothing says until when. Name a phase, or write “until: 3 个月”."]
    assert [fault.message for fault in habit] == [
        "It would come round more than 100 times. Write a longer rhythm, or a shorter “until”."
    ]


@pytest.mark.django_db
def test_the_review_shows_one_line_and_applying_makes_every_time(community: Community, lead: Staff) -> None:
    draft = draft_playbook(community, playbook=read_playbook(TEXT), start=MONDAY, by=lead)
    with override("en"):
        lines = {one.line.key: one.line for one in draft_parts(draft)[0].lines}
        assert list(lines) == ["meeting", "rules"]
        assert (lines["meeting"].day, lines["meeting"].detail) == (
            MEETINGS[0],
            "日常 · every week, 4 times until 6 Apr 2026 · Group lead",
        )
        applied = apply_playbook(draft, by=lead)
    assert meetings(community) == MEETINGS
    assert [(row["key"], row["title"]) for row in applied.made][:2] == [
        ("meeting@2026-03-16", "Weekly meeting · 16 Mar 2026"),
        ("meeting@2026-03-23", "Weekly meeting · 23 Mar 2026"),
    ]
    assert {work.owner for work in WorkItem.objects.filter(key="meeting")} == {lead}


@pytest.mark.django_db
def test_the_rhythm_can_be_changed_in_the_review_and_the_whole_left_out(community: Community, lead: Staff) -> None:
    draft = draft_playbook(community, playbook=read_playbook(TEXT), start=MONDAY, by=lead)
    names = {
        one.line.key: [value.name.rsplit("/", 1)[1] for value in one.values] for one in draft_parts(draft)[0].lines
    }
    assert names == {"meeting": ["due", "every", "owner"], "rules": ["due", "owner"]}
    with override("en"), pytest.raises(QunyingError, match="does not fit here"):
        revise_draft(draft, start=MONDAY, left_out=set(), values={"work/meeting": {"every": "bald"}}, by=lead)
    draft = revise_draft(draft, start=MONDAY, left_out=set(), values={"work/meeting": {"every": "2 周"}}, by=lead)
    draft = apply_playbook(draft, by=lead)
    assert meetings(community) == [MEETINGS[0], MEETINGS[2]]
    undo_playbook(draft, by=lead)
    draft = draft_playbook(community, playbook=read_playbook(TEXT), start=MONDAY, by=lead)
    apply_playbook(revise_draft(draft, start=MONDAY, left_out={"work/meeting"}, values={}, by=lead), by=lead)
    assert meetings(community) == []


@pytest.mark.django_db
def test_each_time_is_taken_back_for_itself(standing: Application, community: Community, lead: Staff) -> None:
    first, second, *_rest = WorkItem.objects.filter(key="meeting")
    finish_work(first, by=lead)
    put_off_work(second, due=date(2026, 3, 25), by=lead)
    assert [(row["key"], row["reason"]) for row in what_stays(standing)] == [
        ("meeting@2026-03-16", "It is done."),
        ("meeting@2026-03-23", "It was changed since."),
    ]
    undo_playbook(standing, by=lead)
    assert meetings(community) == [MEETINGS[0], date(2026, 3, 25)]


@pytest.mark.django_db
def test_a_newer_rhythm_keeps_what_is_done_changes_what_remains_and_adds_what_is_new(
    standing: Application, community: Community, lead: Staff
) -> None:
    first, second, third, fourth = WorkItem.objects.filter(key="meeting")
    finish_work(first, by=lead)
    draft = follow(standing, TEXT.replace("every: week", "every: 2 周\n    until: 6 周").replace("4 周", "8 周"), lead)
    step = next(step for step in steps_of(draft, standing) if step.difference.key == "meeting")
    assert (step.stays, dict(step.touched)) == ("", {"meeting@2026-03-16": "It is done."})
    with override("en"):
        detail = update_parts(draft, standing)[0].lines[0].line.detail
    assert detail.endswith("1 of 4 times stay, for people have done or changed them")
    applied = apply_draft(draft, by=lead)
    assert meetings(community) == [MEETINGS[0], MEETINGS[2], date(2026, 4, 13)]
    assert not WorkItem.objects.filter(pk__in=[second.pk, fourth.pk]).exists()
    assert WorkItem.objects.filter(pk=third.pk).exists()
    undo_playbook(applied, by=lead)
    assert meetings(community) == [MEETINGS[0]]


@pytest.mark.django_db
def test_a_newer_day_moves_every_time_that_is_left(standing: Application, community: Community, lead: Staff) -> None:
    before = list(WorkItem.objects.filter(key="meeting").values_list("pk", flat=True))
    apply_draft(follow(standing, TEXT.replace("every: week", "every: week\n    on: friday"), lead), by=lead)
    assert list(WorkItem.objects.filter(key="meeting").values_list("pk", flat=True)) == before
    assert meetings(community) == [date(2026, 3, 20), date(2026, 3, 27), date(2026, 4, 3), date(2026, 4, 10)]


@pytest.mark.django_db
@pytest.mark.parametrize("single_first", [True, False])
def test_once_becomes_often_and_often_once(community: Community, lead: Staff, *, single_first: bool) -> None:
    once = TEXT.replace("    every: week\n", "")
    first, then = (once, TEXT) if single_first else (TEXT, once)
    put_playbook(first, unit=community.unit, by=lead)
    standing = apply_at_once(community, playbook=read_playbook(first), start=MONDAY, by=lead)
    apply_draft(follow(standing, then, lead), by=lead)
    assert meetings(community) == (MEETINGS if single_first else MEETINGS[:1])


@pytest.mark.django_db
def test_what_a_newer_version_has_no_more_goes_but_for_what_was_done(
    standing: Application, community: Community, lead: Staff
) -> None:
    finish_work(WorkItem.objects.filter(key="meeting")[0], by=lead)
    gone = "".join([TEXT.split("  - key: meeting", maxsplit=1)[0], "  - {key: rules", TEXT.split("  - {key: rules")[1]])
    applied = apply_draft(follow(standing, gone, lead), by=lead)
    assert meetings(community) == MEETINGS[:1]
    assert [row["key"] for row in applied.made] == ["meeting@2026-03-16", "rules"]


@pytest.mark.django_db
def test_two_playbooks_never_share_a_key(standing: Application, community: Community, lead: Staff) -> None:
    other = read_playbook(TEXT.replace("name: rounds", "name: other").replace("key: rules", "key: more"))
    with override("en"), pytest.raises(QunyingError, match="open work “meeting” from a playbook already"):
        apply_at_once(community, playbook=other, start=MONDAY, by=lead)


@pytest.mark.django_db
def test_it_is_written_out_as_one_item_that_ends_where_the_last_was_dropped(
    standing: Application, community: Community, lead: Staff
) -> None:
    planned = standing.content["work"][0]
    assert read_playbook(export_playbook(community, today=MONDAY)).content["work"][1] == planned
    drop_work(WorkItem.objects.filter(key="meeting")[3], by=lead)
    again = read_playbook(export_playbook(community, today=MONDAY)).content["work"]
    assert again[1] == planned | {"until": "15d"}
    assert days(again[1]) == MEETINGS[:3]
