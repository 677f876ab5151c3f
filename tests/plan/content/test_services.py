"""Entries are proposed, planned, written and handed in; an edit makes a version and voids what was approved."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.models import ApiKey
from qunying.ground.audit.models import Act
from qunying.kit.errors import QunyingError
from qunying.plan.content.models import Entry, Finding, Version
from qunying.plan.content.queries import newest_version
from qunying.plan.content.services import (
    Draft,
    Planned,
    comment_on,
    drop_entry,
    hand_in,
    move_entry,
    plan_entry,
    propose_entry,
    take_up_entry,
    write_version,
)
from qunying.plan.content.services_themes import set_theme
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)


def test_a_topic_is_put_on_the_plan_with_its_slot(community: Community, group: Group, specialist: Staff) -> None:
    theme = set_theme("产品", community=community, by=TESTS)
    planned = Planned(theme=theme, owner=specialist, due=DAY, slot_day=DAY, slot_time=time(19, 30), groups=(group,))
    entry = propose_entry("  春天的 第一束花 ", community=community, planned=planned, by=specialist)
    entry.refresh_from_db()
    assert (entry.title, entry.state, entry.theme, entry.owner, entry.slot_time, list(entry.groups.all())) == (
        "春天的 第一束花", Entry.State.TOPIC, theme, specialist, time(19, 30), [group],
    )  # fmt: skip
    assert Act.objects.get(verb="content.propose").subject_id == str(entry.pk)


@pytest.mark.parametrize(("title", "words"), [(" ", "needs a title"), ("长" * 121, "longer than 120")])
def test_a_title_is_neither_empty_nor_endless(community: Community, title: str, words: str) -> None:
    with pytest.raises(QunyingError, match=words):
        propose_entry(title, community=community, by=TESTS)


def test_what_belongs_elsewhere_is_not_planned_here(
    community: Community, other_community: Community, group: Group, outsider: Staff
) -> None:
    theme = set_theme("水果", community=other_community, by=TESTS)
    for planned, words in (
        (Planned(theme=theme), "theme belongs to another"),
        (Planned(owner=outsider), "does not write content"),
        (Planned(slot_time=time(9)), "needs its day"),
    ):
        with pytest.raises(QunyingError, match=words):
            propose_entry("题目", community=community, planned=planned, by=TESTS)
    with pytest.raises(QunyingError, match="group of another community"):
        propose_entry("题目", community=other_community, planned=Planned(groups=(group,)), by=TESTS)


def test_each_edit_makes_a_version_and_the_same_again_makes_none(draft_entry: Entry, specialist: Staff) -> None:
    first = newest_version(draft_entry)
    assert first is not None
    same = write_version(draft_entry, draft=Draft(first.title, words=f" {first.words}\r\n"), by=specialist)
    second = write_version(draft_entry, draft=Draft(first.title, words="六种颜色。"), by=specialist)
    assert (same.pk, second.number, Version.objects.count()) == (first.pk, 2, 2)
    assert second.digest != first.digest


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft("题目", words="字" * 20_001), "more than 20000 characters"),
        (Draft("题目", links=("shop.example",)), "is no link"),
        (Draft("题目", links=("https://a.example",) * 11), "more than 10 links"),
    ],
)
def test_what_cannot_be_shown_is_refused(draft_entry: Entry, draft: Draft, words: str) -> None:
    with pytest.raises(QunyingError, match=words):
        write_version(draft_entry, draft=draft, by=TESTS)


def test_a_topic_that_says_nothing_cannot_be_handed_in(community: Community) -> None:
    entry = propose_entry("题目", community=community, by=TESTS)
    with pytest.raises(QunyingError, match="nothing to review yet"):
        hand_in(entry, by=TESTS)
    write_version(entry, draft=Draft("题目"), by=TESTS)
    entry.refresh_from_db()
    with pytest.raises(QunyingError, match="nothing to review yet"):
        hand_in(entry, by=TESTS)


def test_what_the_checks_stop_stays_a_draft_and_keeps_its_findings(draft_entry: Entry, specialist: Staff) -> None:
    write_version(draft_entry, draft=Draft("新品", words="去 https://item.jd.com/1.html 看看"), by=specialist)
    draft_entry.refresh_from_db()
    with pytest.raises(QunyingError, match="Advert mark is missing"):
        hand_in(draft_entry, by=specialist)
    draft_entry.refresh_from_db()
    found = Finding.objects.get()
    assert (draft_entry.state, found.start, found.end) == (Entry.State.DRAFT, 2, 28)


def test_what_is_in_review_is_not_handed_in_twice(handed_in: Entry, specialist: Staff) -> None:
    assert handed_in.state == Entry.State.FIRST
    with pytest.raises(QunyingError, match="is not a draft now"):
        hand_in(handed_in, by=specialist)


def test_planning_leaves_what_was_read_alone_and_writing_does_not(handed_in: Entry, specialist: Staff) -> None:
    plan_entry(handed_in, planned=Planned(slot_day=DAY), by=specialist)
    assert Entry.objects.get().state == Entry.State.FIRST
    write_version(handed_in, draft=Draft("春天的第一束花", words="改了一个字。"), by=specialist)
    assert Entry.objects.get().state == Entry.State.DRAFT


def test_moving_keeps_the_time_unless_another_is_given(draft_entry: Entry, specialist: Staff) -> None:
    plan_entry(draft_entry, planned=Planned(slot_day=DAY, slot_time=time(9)), by=specialist)
    moved = move_entry(draft_entry, day=date(2026, 3, 8), by=specialist)
    assert (moved.slot_day, moved.slot_time) == (date(2026, 3, 8), time(9))
    again = move_entry(draft_entry, day=date(2026, 3, 8), at=time(20), by=specialist)
    assert again.slot_time == time(20)
    move_entry(draft_entry, day=date(2026, 3, 8), by=specialist)
    assert Act.objects.filter(verb="content.plan").count() == 3


def test_dropped_entries_are_taken_up_as_what_they_were_but_never_approved(
    community: Community, draft_entry: Entry, specialist: Staff
) -> None:
    topic = propose_entry("题目", community=community, by=specialist)
    for entry, state in ((topic, Entry.State.TOPIC), (draft_entry, Entry.State.DRAFT)):
        drop_entry(entry, note="不做了", by=specialist)
        with pytest.raises(QunyingError, match="was dropped already"):
            drop_entry(entry, by=specialist)
        with pytest.raises(QunyingError, match="Take it up again first"):
            write_version(entry, draft=Draft("题目"), by=specialist)
        assert take_up_entry(entry, by=specialist).state == state
        with pytest.raises(QunyingError, match="on the plan already"):
            take_up_entry(entry, by=specialist)
    assert [one.words for one in draft_entry.comments.all()] == ["不做了"]


def test_a_comment_says_something_about_a_version(draft_entry: Entry, reviewer: Staff) -> None:
    comment = comment_on(draft_entry, words=" 标题再短一点 ", by=reviewer)
    assert (comment.words, comment.number, comment.by) == ("标题再短一点", 1, reviewer)
    with pytest.raises(QunyingError, match="between 1 and 2000"):
        comment_on(draft_entry, words=" ", by=reviewer)


def test_what_a_key_writes_its_owner_has_written(draft_entry: Entry, lead: Staff, units: Units) -> None:
    key = ApiKey.objects.create(name="程序", prefix="tests", digest=b"", unit=units.shop, owner=lead)
    assert write_version(draft_entry, draft=Draft("题目", words="程序写的"), by=key).author == lead
