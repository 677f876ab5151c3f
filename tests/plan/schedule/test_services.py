"""Adding work, ticking it off, handing it over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from qunying.ground.audit.models import Act
from qunying.kit.errors import QunyingError
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.queries import still_open, work_in
from qunying.plan.schedule.services import (
    Origin,
    Told,
    add_work,
    drop_work,
    finish_work,
    hand_over_work,
    put_off_work,
    reopen_work,
    skip_missed,
    take_up_skipped,
)
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 6)


def _acts(work: WorkItem) -> list[str]:
    rows = Act.objects.filter(subject_type="work", subject_id=str(work.pk)).order_by("id")
    return list(rows.values_list("verb", flat=True))


@pytest.fixture
def work(community: Community, specialist: Staff) -> WorkItem:
    return add_work("问问花友二群为什么安静", place=community, due=DUE, owner=specialist, by=TESTS)


def test_added_work_says_what_it_came_from(community: Community, lead: Staff) -> None:
    origin = Origin("suggestions", 7, "花友二群一周没人说话")
    work = add_work("  去群里  问一声 ", place=community, due=DUE, owner=lead, by=lead, origin=origin)
    stored = WorkItem.objects.get(pk=work.pk)
    assert (stored.title, stored.origin_app, stored.origin_id, stored.origin_words) == (
        "去群里 问一声",
        "suggestions",
        "7",
        "花友二群一周没人说话",
    )
    assert (stored.owner, stored.created_by, _acts(work)) == (lead, lead.actor_key, ["schedule.add"])


@pytest.mark.parametrize("title", ["", "   ", "长" * 121])
def test_a_title_is_wanted_and_may_not_be_endless(community: Community, title: str) -> None:
    with pytest.raises(QunyingError):
        add_work(title, place=community, due=DUE, by=TESTS)


def test_work_of_a_unit_stands_in_no_community(units: Units) -> None:
    work = add_work("盘点", place=units.shop, due=DUE, by=TESTS)
    assert (work.community, work.unit, work.owner) == (None, units.shop, None)


def test_it_refuses_an_owner_from_elsewhere(community: Community, outsider: Staff) -> None:
    with pytest.raises(QunyingError, match="no role"):
        add_work("盘点", place=community, due=DUE, owner=outsider, by=TESTS)


def test_finishing_keeps_who_and_the_note(work: WorkItem, specialist: Staff) -> None:
    done = finish_work(work, by=specialist, note=" 群主出差了，下周恢复 ")
    assert (done.done_by, done.done_note, done.is_open) == (specialist, "群主出差了，下周恢复", False)
    assert done.done_at is not None
    assert _acts(work) == ["schedule.add", "schedule.finish"]


def test_it_may_have_been_done_earlier_and_never_in_the_future(work: WorkItem, specialist: Staff) -> None:
    with pytest.raises(QunyingError, match="cannot have been done in the future"):
        finish_work(work, by=specialist, at=datetime(9999, 1, 1, tzinfo=UTC))
    at = datetime(2026, 3, 6, 15, 59, tzinfo=UTC)
    assert finish_work(work, by=specialist, at=at).done_at == at
    assert Act.objects.get(verb="schedule.finish").details == {"late": False}


def test_what_has_ended_is_not_finished_again(work: WorkItem, specialist: Staff) -> None:
    finish_work(work, by=specialist)
    with pytest.raises(QunyingError, match="ended already"):
        finish_work(work, by=specialist)


def test_reopening_takes_everything_back(work: WorkItem, specialist: Staff) -> None:
    finish_work(work, by=specialist, note="好了")
    opened = reopen_work(work, by=specialist)
    assert (opened.done_at, opened.done_by, opened.done_note, opened.is_open) == (None, None, "", True)
    with pytest.raises(QunyingError, match="open already"):
        reopen_work(work, by=specialist)


def test_it_is_handed_over_or_back_to_the_team(work: WorkItem, lead: Staff, outsider: Staff) -> None:
    assert hand_over_work(work, owner=lead, by=TESTS).owner == lead
    assert hand_over_work(work, owner=lead, by=TESTS).owner == lead
    with pytest.raises(QunyingError, match="no role"):
        hand_over_work(work, owner=outsider, by=TESTS)
    assert hand_over_work(work, owner=None, by=TESTS).owner is None
    assert _acts(work) == ["schedule.add", "schedule.hand_over", "schedule.hand_over"]


def test_it_is_put_off(work: WorkItem) -> None:
    assert put_off_work(work, due=date(2026, 3, 9), by=TESTS).due == date(2026, 3, 9)
    put_off_work(work, due=date(2026, 3, 9), by=TESTS)
    assert _acts(work) == ["schedule.add", "schedule.put_off"]


def test_what_is_dropped_can_be_taken_up_again(work: WorkItem) -> None:
    assert not drop_work(work, by=TESTS).is_open
    assert reopen_work(work, by=TESTS).is_open


def _rounds(community: Community, owner: Staff | None) -> list[WorkItem]:
    days = [date(2026, 3, day) for day in (2, 9, 16, 23)]
    return [add_work("回访", place=community, due=day, owner=owner, told=Told(key="visit"), by=TESTS) for day in days]


def test_missed_times_are_skipped_with_a_note_and_taken_up_again(community: Community, specialist: Staff) -> None:
    first, second, now, _next = _rounds(community, specialist)
    finish_work(first, by=specialist)
    elsewhere = add_work("回访", place=community, due=date(2026, 3, 2), told=Told(key="visit"), by=TESTS)
    assert skip_missed(now, by=specialist, note="人手不够") == [second.pk]
    second.refresh_from_db()
    told = (second.is_open, second.skipped, second.done_note, now.is_open)
    assert told == (False, True, "人手不够", True)
    assert still_open(work_in(community)).filter(pk=elsewhere.pk).exists()
    with override("en"), pytest.raises(QunyingError, match="no earlier time left to skip"):
        skip_missed(now, by=specialist)
    assert take_up_skipped(now, by=specialist) == [second.pk]
    second.refresh_from_db()
    assert (second.is_open, second.skipped, second.done_note) == (True, False, "")
    with override("en"), pytest.raises(QunyingError, match="Nothing of “回访” was skipped"):
        take_up_skipped(now, by=specialist)
    assert _acts(now) == ["schedule.add", "schedule.skip", "schedule.unskip"]


def test_a_skipped_time_can_be_reopened_alone(community: Community) -> None:
    first, second, _third, _last = _rounds(community, None)
    skip_missed(second, by=TESTS)
    opened = reopen_work(first, by=TESTS)
    assert (opened.is_open, opened.skipped) == (True, False)


def test_what_is_done_once_has_no_earlier_times(work: WorkItem) -> None:
    with override("en"), pytest.raises(QunyingError, match="no earlier time left"):
        skip_missed(work, by=TESTS)
