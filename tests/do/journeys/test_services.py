"""Writing, handing in, releasing by somebody else, pausing, ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.models import Journey, Traveller, Version
from qunying.do.journeys.port import Problem, _checks, register_checks
from qunying.do.journeys.queries import (
    draft_of,
    get_journey_for,
    get_traveller_for,
    path_of,
    released_of,
    travellers_of,
    travels_of,
    waiting_for,
    with_tallies,
)
from qunying.do.journeys.reading import StepError
from qunying.do.journeys.services import (
    archive_journey,
    discard_draft,
    end_journey,
    give_back_version,
    hand_in_version,
    make_journey,
    pause_journey,
    release_version,
    rename_journey,
    resume_journey,
    unarchive_journey,
    write_version,
)
from qunying.do.journeys.services_travellers import start_members, stop_traveller
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from tests.do.journeys.conftest import DAY, HELLO, TIP

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.journeys.definition import Definition
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db
PLAIN = {"trigger": {"on": "joined"}, "steps": [HELLO, DAY, TIP]}


@pytest.fixture
def draft(community: Community, group: Group, specialist: Staff) -> Version:
    """Written by the specialist."""
    make_journey(community, name=" 迎新 ", definition=PLAIN, by=specialist)
    return Version.objects.select_related("journey__community__unit").get()


def test_two_people_stand_behind_what_runs(draft: Version, specialist: Staff, reviewer: Staff, lead: Staff) -> None:
    journey = draft.journey
    assert (journey.name, journey.state, draft.number, released_of(journey)) == ("迎新", "draft", 1, None)
    with pytest.raises(QunyingError, match="changed since you looked"):
        release_version(draft, by=lead, seen=draft.content_hash)
    hand_in_version(draft, by=specialist)
    assert (list(waiting_for(lead)), list(waiting_for(specialist))) == ([draft], [])
    with pytest.raises(NotAllowedError, match="wrote this yourself"):
        release_version(draft, by=specialist, seen=draft.content_hash)
    with pytest.raises(NotAllowedError, match="second reviewer"):
        release_version(draft, by=reviewer, seen=draft.content_hash)
    with pytest.raises(QunyingError, match="changed since you looked"):
        release_version(draft, by=lead, seen="something else")
    release_version(draft, by=lead, seen=draft.content_hash)
    released = released_of(journey)
    journey.refresh_from_db()
    assert released is not None
    assert (released.released_by, journey.state, draft_of(journey)) == (lead, "running", None)
    assert list(Act.objects.filter(verb__startswith="journeys.").order_by("pk").values_list("verb", flat=True)) == [
        "journeys.write", "journeys.hand_in", "journeys.release",
    ]  # fmt: skip


def test_an_edit_takes_back_what_was_handed_in_and_a_released_version_stays_as_it_is(
    draft: Version, specialist: Staff, lead: Staff
) -> None:
    hand_in_version(draft, by=specialist)
    give_back_version(draft, by=lead)
    draft.refresh_from_db()
    assert draft.handed_in_at is None
    hand_in_version(draft, by=specialist)
    seen = draft.content_hash
    write_version(draft.journey, definition=PLAIN | {"again": 30}, by=lead, name="新人路")
    with pytest.raises(NotAllowedError, match="wrote this yourself"):
        release_version(draft, by=lead, seen=seen)
    write_version(draft.journey, definition=PLAIN, by=specialist)
    hand_in_version(draft, by=specialist)
    release_version(draft, by=lead, seen=seen)
    newer = write_version(draft.journey, definition=PLAIN | {"again": 90}, by=specialist)
    draft.refresh_from_db()
    assert (newer.number, newer.state, draft.state, draft.definition["again"]) == (2, "draft", "released", 0)
    discard_draft(draft.journey, by=specialist)
    assert Version.objects.count() == 1


def test_what_checks_find_keeps_it_from_being_handed_in(draft: Version, specialist: Staff) -> None:
    def find(definition: Definition, *, community: Community) -> list[Problem]:
        return [Problem(definition.steps[0].id, f"{community.name}: nobody is greeted like that.")]

    before = dict(_checks)
    register_checks("tests", find)
    try:
        with pytest.raises(QunyingError, match="nobody is greeted like that"):
            hand_in_version(draft, by=specialist)
    finally:
        _checks.clear()
        _checks.update(before)


def test_a_fault_names_its_step_and_empty_journeys_are_not_handed_in(community: Community, specialist: Staff) -> None:
    with pytest.raises(StepError, match="Step “tip”: A text has 1 to 2000") as caught:
        make_journey(community, name="x", definition={**PLAIN, "steps": [TIP | {"words": " "}]}, by=specialist)
    assert caught.value.step == "tip"
    journey = make_journey(community, name="x", definition={"trigger": {"on": "manual"}}, by=specialist)
    with pytest.raises(QunyingError, match="at least one step"):
        hand_in_version(journey.versions.get(), by=specialist)
    discard_draft(journey, by=specialist)
    assert Journey.objects.count() == 0


def test_who_may_not_send_writes_nothing_and_who_stands_outside_sees_nothing(
    draft: Version, community: Community, reviewer: Staff, outsider: Staff
) -> None:
    with pytest.raises(NotAllowedError, match="do not include sending"):
        make_journey(community, name="x", definition=PLAIN, by=reviewer)
    with pytest.raises(NotAllowedError, match="do not include sending"):
        pause_journey(draft.journey, by=reviewer)
    with pytest.raises(NotFoundError, match="no such journey"):
        get_journey_for(outsider, draft.journey_id)


def test_one_member_is_stopped_and_the_others_go_on(
    running: Callable[..., Version], xiaomei: Member, aqiang: Member, specialist: Staff, outsider: Staff
) -> None:
    version = running([DAY, TIP])
    assert start_members(version.journey, members=[xiaomei.pk, aqiang.pk, 0], by=specialist) == 2
    assert start_members(version.journey, members=[xiaomei.pk], by=specialist) == 0
    [traveller] = travels_of(xiaomei.pk, specialist)
    stop_traveller(traveller, by=specialist, why="她请我们别再发了")
    found = get_traveller_for(specialist, traveller.pk)
    assert (found.state, found.why) == ("stopped", "她请我们别再发了")
    assert [one.state for one in path_of(found)] == ["skipped"]
    with pytest.raises(QunyingError, match="over for this member already"):
        stop_traveller(traveller, by=specialist)
    with pytest.raises(NotFoundError, match="nobody on a journey"):
        get_traveller_for(outsider, traveller.pk)
    [told] = with_tallies(Journey.objects.all())
    assert (told.began, told.under_way, told.reached, travellers_of(told).count()) == (2, 1, 0, 2)  # type: ignore[attr-defined]


def test_an_ended_journey_is_over_for_everybody(
    running: Callable[..., Version], xiaomei: Member, specialist: Staff
) -> None:
    version = running([DAY, TIP])
    journey = version.journey
    start_members(journey, members=[xiaomei.pk], by=specialist)
    pause_journey(journey, by=specialist)
    with pytest.raises(QunyingError, match="does not run"):
        start_members(journey, members=[xiaomei.pk], by=specialist)
    with pytest.raises(QunyingError, match="stands at “Paused”"):
        pause_journey(journey, by=specialist)
    resume_journey(journey, by=specialist)
    assert end_journey(journey, by=specialist) == 1
    assert Traveller.objects.get().ended_at <= timezone.now()  # type: ignore[operator]
    with pytest.raises(QunyingError, match="stands at “Ended”"):
        write_version(journey, definition=PLAIN, by=specialist)
    with pytest.raises(QunyingError, match="does not run"):
        start_members(journey, members=[], by=specialist)


def test_it_is_renamed_and_what_ended_is_put_away_and_brought_back(
    running: Callable[..., Version], group: Group, specialist: Staff, reviewer: Staff
) -> None:
    journey = running([TIP]).journey
    with pytest.raises(NotAllowedError, match="do not include sending"):
        rename_journey(journey, name="新名字", by=reviewer)
    rename_journey(journey, name=" 新  名字 ", by=specialist)
    with pytest.raises(QunyingError, match="Load the page again"):
        archive_journey(journey, by=specialist)
    end_journey(journey, by=specialist)
    archive_journey(journey, by=specialist)
    journey.refresh_from_db()
    assert (journey.name, journey.archived_at is not None) == ("新 名字", True)
    unarchive_journey(journey, by=specialist)
    journey.refresh_from_db()
    assert journey.archived_at is None


def test_a_draft_beside_what_runs_is_thrown_away_alone(
    running: Callable[..., Version], group: Group, specialist: Staff
) -> None:
    journey = running([TIP]).journey
    write_version(journey, definition=PLAIN, by=specialist)
    discard_draft(journey, by=specialist)
    assert list(journey.versions.values_list("state", flat=True)) == ["released"]
    with pytest.raises(QunyingError, match="no draft"):
        discard_draft(journey, by=specialist)
