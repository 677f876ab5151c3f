"""Travellers meet their steps in order, each at most once, and go where the definition says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qunying.do.journeys.asking import Asking
from qunying.do.journeys.endings import end_these
from qunying.do.journeys.models import Passage, Traveller, Version
from qunying.do.journeys.passing import _due, take_some
from qunying.do.journeys.services import pause_journey, resume_journey
from qunying.do.journeys.services_travellers import start_members
from qunying.do.journeys.watching import watch
from qunying.do.reach.models import Delivery
from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event
from qunying.ground.events.services import record
from qunying.ground.members.models import MemberTag
from qunying.ground.members.services import Who
from qunying.plan.schedule.models import WorkItem
from tests.do.journeys.conftest import DAY, HELLO, TIP, join, path, walk
from tests.support.loopback import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db
SPOKE = {"parts": [{"is": "since", "deed": "spoke"}]}


@pytest.fixture
def ali(connected: list[Group]) -> int:
    """Came into the first group an hour ago."""
    return join(connected[0], "阿丽", timezone.now() - timedelta(hours=1))


def begun(version: Version, member: int, by: Staff) -> Traveller:
    start_members(version.journey, members=[member], by=by)
    return Traveller.objects.get(version=version, member=member)


def speak(community: Community, group: Group, name: str) -> None:
    now = timezone.now()
    fact = Fact("spoke", now, ("spoke", now.isoformat()), who=Who(PLATFORM, name, name), group_id=group.pk)
    record([fact], community=community, source="tests")


def test_steps_come_one_after_the_other_and_each_once(
    running: Callable[..., Version], ali: int, specialist: Staff
) -> None:
    version = running([HELLO, DAY, TIP], on="joined")
    traveller = begun(version, ali, specialist)
    now = timezone.now()
    assert walk(now) == 1
    assert path(traveller) == [("hello", 1, "out", ""), ("day", 1, "due", "")]
    assert walk(now + timedelta(hours=23)) == 0
    assert walk(now + timedelta(days=1, seconds=1)) == 2
    assert path(traveller) == [("hello", 1, "out", ""), ("day", 1, "done", "waited"), ("tip", 1, "out", "")]
    traveller.refresh_from_db()
    assert traveller.state == "ended"
    assert list(Delivery.objects.order_by("pk").values_list("key", "action", "words", "content_hash")) == [
        (f"journeys:{traveller.pk}:hello:1", "welcome", "欢迎阿丽来到连上的1群", version.content_hash),
        (f"journeys:{traveller.pk}:tip:1", "tell", "阿丽，今天的精选", version.content_hash),
    ]
    assert list(Event.objects.filter(source="journeys").order_by("pk").values_list("kind", flat=True)) == [
        "journey_began", "journey_step", "journey_ended",
    ]  # fmt: skip


def test_what_another_worker_took_meanwhile_is_not_taken_again(
    running: Callable[..., Version], ali: int, specialist: Staff
) -> None:
    begun(running([HELLO, DAY, TIP], on="joined"), ali, specialist)
    now = timezone.now()
    seen = _due(now)
    assert walk(now) == 1
    # As if this worker had looked before the other one wrote.
    passages = Passage.objects.filter(pk=seen[0].pk)
    assert passages.get().state == "out"
    assert take_some(now, Asking()) == 0
    assert Delivery.objects.count() == 1


def test_a_fork_leads_into_one_of_its_lists_and_behind_it(
    running: Callable[..., Version], community: Community, connected: list[Group], ali: int, specialist: Staff
) -> None:
    bo = join(connected[0], "阿波", timezone.now() - timedelta(hours=1))
    fork = {"id": "fork", "do": "branch", "if": SPOKE}
    fork |= {"then": [{"id": "mark", "do": "tag", "dimension": "阶段", "name": "开口"}]}
    fork |= {"else": [{"id": "call", "do": "task", "title": "问问{name}", "days": 2, "role": "specialist"}]}
    version = running([{"id": "soon", "do": "wait", "hours": 1}, fork, TIP])
    first, second = begun(version, ali, specialist), begun(version, bo, specialist)
    speak(community, connected[0], "阿丽")
    walk(timezone.now() + timedelta(hours=2))
    assert [step for step, *_more in path(first)] == ["soon", "fork", "mark", "tip"]
    assert [step for step, *_more in path(second)] == ["soon", "fork", "call", "tip"]
    assert list(MemberTag.objects.values_list("member", "tag__name", "source")) == [(ali, "开口", "rule")]
    work = WorkItem.objects.get(origin_app="journeys")
    assert (work.title, work.owner_role, work.origin_id) == ("问问阿波", "specialist", str(second.pk))


def test_until_goes_on_as_soon_as_it_is_true_else_when_its_days_are_over(
    running: Callable[..., Version], community: Community, connected: list[Group], ali: int, specialist: Staff
) -> None:
    bo = join(connected[0], "阿波", timezone.now() - timedelta(hours=1))
    until = {"id": "word", "do": "until", "days": 3, "if": SPOKE}
    until |= {"then": [{"id": "thanks", "do": "say", "words": "谢谢你"}], "else": [{"id": "nudge", "do": "end"}]}
    version = running([until, TIP])
    first, second = begun(version, ali, specialist), begun(version, bo, specialist)
    speak(community, connected[0], "阿丽")
    assert watch() == 1
    walk(timezone.now())
    assert path(first) == [("word", 1, "done", "then"), ("thanks", 1, "out", ""), ("tip", 1, "out", "")]
    assert path(second) == [("word", 1, "due", "")]
    walk(timezone.now() + timedelta(days=3, minutes=1))
    assert path(second) == [("word", 1, "done", "else"), ("nudge", 1, "done", "end")]


def test_again_leads_back_so_often_and_then_on(running: Callable[..., Version], ali: int, specialist: Staff) -> None:
    again = {"id": "more", "do": "again", "to": "tip", "most": 2}
    traveller = begun(running([TIP, DAY, again, {"id": "stop", "do": "end"}]), ali, specialist)
    for days in range(5):
        walk(timezone.now() + timedelta(days=days, minutes=days))
    assert [(step, number) for step, number, *_more in path(traveller)] == [
        ("tip", 1), ("day", 1), ("more", 1), ("tip", 2), ("day", 2), ("more", 2), ("tip", 3), ("day", 3), ("more", 3),
        ("stop", 3),
    ]  # fmt: skip
    assert Delivery.objects.count() == 3


def test_who_leaves_the_group_meets_nothing_more(
    running: Callable[..., Version], connected: list[Group], ali: int, community: Community, specialist: Staff
) -> None:
    traveller = begun(running([HELLO, DAY, TIP], on="joined"), ali, specialist)
    walk(timezone.now())
    now = timezone.now()
    gone = Fact("left", now, ("left",), who=Who(PLATFORM, "阿丽", "阿丽"), group_id=connected[0].pk)
    record([gone], community=community, source="tests")
    walk(now + timedelta(days=2))
    traveller.refresh_from_db()
    assert (traveller.state, traveller.why) == ("left", "They left the group.")
    assert path(traveller) == [("hello", 1, "out", ""), ("day", 1, "skipped", "")]
    assert Delivery.objects.get().state == "cancelled"


def test_the_goal_ends_it_as_reached(
    running: Callable[..., Version], community: Community, connected: list[Group], ali: int, specialist: Staff
) -> None:
    traveller = begun(running([DAY, TIP], goal=SPOKE), ali, specialist)
    assert watch() == 0
    speak(community, connected[0], "阿丽")
    assert watch() == 1
    traveller.refresh_from_db()
    assert (traveller.state, path(traveller)) == ("reached_goal", [("day", 1, "skipped", "")])


def test_a_pause_holds_everything_and_who_is_under_way_finishes_on_the_old_version(
    running: Callable[..., Version], ali: int, specialist: Staff
) -> None:
    version = running([DAY, TIP])
    traveller = begun(version, ali, specialist)
    pause_journey(version.journey, by=specialist)
    assert walk(timezone.now() + timedelta(days=2)) == 0
    resume_journey(version.journey, by=specialist)
    running([{"id": "new", "do": "say", "words": "新的"}], journey=version.journey)
    walk(timezone.now() + timedelta(days=2))
    assert [step for step, *_more in path(traveller)] == ["day", "tip"]
    version.refresh_from_db()
    assert version.state == "replaced"


def test_the_number_of_queries_does_not_grow_with_the_people(
    running: Callable[..., Version], connected: list[Group], specialist: Staff
) -> None:
    now = timezone.now() - timedelta(hours=1)
    ids = [join(connected[0], f"人{number}", now) for number in range(12)]
    version = running([TIP, DAY, TIP | {"id": "tip-2"}])
    counts = []
    for some in (ids[:2], ids[2:]):
        start_members(version.journey, members=some, by=specialist)
        with CaptureQueriesContext(connection) as queries:
            take_some(timezone.now(), Asking())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_ending_someone_twice_changes_nothing(running: Callable[..., Version], ali: int, specialist: Staff) -> None:
    traveller = begun(running([DAY, TIP]), ali, specialist)
    now = timezone.now()
    assert end_these([traveller.pk], Traveller.State.STOPPED, why="够了", now=now) == 1
    assert end_these([traveller.pk], Traveller.State.LEFT, why="", now=now) == 0


def test_a_step_that_stumbles_holds_up_nobody_else(
    running: Callable[..., Version],
    connected: list[Group],
    ali: int,
    specialist: Staff,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bo = join(connected[0], "阿波", timezone.now() - timedelta(hours=1))
    version = running([{"id": "mark", "do": "tag", "dimension": "阶段", "name": "新人"}])
    gone = running([{"id": "mark", "do": "tag", "dimension": "阶段", "name": "新人"}, TIP])
    broken, fine = begun(gone, bo, specialist), begun(version, ali, specialist)
    plain = gone.definition | {"steps": [gone.definition["steps"][0] | {"dimension": "长" * 90}, TIP]}
    Version.objects.filter(pk=gone.pk).update(definition=plain, content_hash="spoilt")
    now = timezone.now()
    assert walk(now) == 2
    assert path(fine) == [("mark", 1, "done", "made")]
    stuck = Passage.objects.get(traveller=broken)
    assert (stuck.state, stuck.due_at, stuck.why[:12]) == (
        "due",
        now + timedelta(minutes=5),
        "Step “mark”:",
    )
    assert "stumbled" in caplog.text
