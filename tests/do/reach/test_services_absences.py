"""Being away: the deputy gets what falls to somebody in that time, and it comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.models import Absence, HandTask
from qunying.do.reach.queries import deputies_for, senders_beside, tasks_for
from qunying.do.reach.services_absences import come_back, go_away, stand_in
from qunying.do.reach.services_tasks import hand_over, open_due_tasks
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, QunyingError
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.reach.models import Measure, Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def task(
    released: Callable[..., Sending], group: Group, wide_open: Measure, specialist: Staff, lead: Staff
) -> HandTask:
    """One that belongs to the specialist."""
    released([group])
    open_due_tasks()
    made = HandTask.objects.get()
    hand_over([made], to=specialist, by=lead)
    return made


def away(staff: Staff, deputy: Staff, *, begins: timedelta = -DAY, ends: timedelta = DAY) -> Absence:
    """Away around now."""
    now = timezone.now()
    return go_away(staff, deputy=deputy, begins_at=now + begins, ends_at=now + ends, by=staff)


def held(task: HandTask) -> tuple[Staff | None, Staff | None]:
    """Whose it is, and for whom they have it."""
    task.refresh_from_db()
    return task.owner, task.stands_in_for


def test_what_is_due_goes_to_the_deputy_at_once_and_comes_back(task: HandTask, specialist: Staff, lead: Staff) -> None:
    absence = away(specialist, lead)
    assert held(task) == (lead, specialist)
    come_back(absence, by=specialist)
    assert held(task) == (specialist, None)
    verbs = Act.objects.filter(verb__regex="absences|pass_on|give_back").order_by("pk").values_list("verb", "actor")
    assert list(verbs) == [
        ("absences.say", f"staff:{specialist.pk}"),
        ("hand_tasks.pass_on", "system:chores"),
        ("absences.end", f"staff:{specialist.pk}"),
        ("hand_tasks.give_back", "system:chores"),
    ]


def test_it_comes_back_by_itself_when_the_time_is_over(task: HandTask, specialist: Staff, lead: Staff) -> None:
    absence = away(specialist, lead)
    assert stand_in() == 0
    Absence.objects.filter(pk=absence.pk).update(ends_at=timezone.now())
    assert stand_in() == 1
    assert held(task) == (specialist, None)
    assert stand_in() == 0


def test_what_is_given_to_somebody_away_goes_on_to_their_deputy(task: HandTask, specialist: Staff, lead: Staff) -> None:
    hand_over([task], to=None, by=lead)
    away(specialist, lead)
    assert held(task) == (None, None)
    hand_over([task], to=specialist, by=lead)
    assert stand_in() == 1
    assert held(task) == (lead, specialist)


def test_what_is_due_before_or_after_stays(task: HandTask, specialist: Staff, lead: Staff) -> None:
    later = away(specialist, lead, begins=DAY, ends=2 * DAY)
    assert held(task) == (specialist, None)
    HandTask.objects.filter(pk=task.pk).update(due_at=timezone.now() + DAY + timedelta(hours=1))
    assert stand_in() == 1
    come_back(later, by=specialist)
    away(specialist, lead, begins=-DAY, ends=timedelta(hours=20))
    assert held(task) == (specialist, None)


def test_what_the_deputy_gives_away_does_not_come_back(
    task: HandTask, specialist: Staff, lead: Staff, director: Staff
) -> None:
    absence = away(specialist, lead)
    hand_over([task], to=director, by=lead)
    come_back(absence, by=specialist)
    assert held(task) == (director, None)


def test_a_deputy_who_lost_the_right_leaves_it_to_the_team(task: HandTask, specialist: Staff, lead: Staff) -> None:
    now = timezone.now()
    Absence.objects.create(staff=specialist, deputy=lead, begins_at=now - DAY, ends_at=now + DAY)
    lead.grants.all().delete()
    assert stand_in() == 1
    assert held(task) == (None, specialist)


def test_only_who_may_send_everywhere_can_stand_in(
    units: Units, specialist: Staff, lead: Staff, director: Staff, reviewer: Staff, outsider: Staff
) -> None:
    assert deputies_for(specialist) == sorted([lead, director], key=lambda one: one.name)
    assert deputies_for(director) == []
    for stranger in (reviewer, outsider):
        with pytest.raises(QunyingError, match=f"{stranger.name} may not send in: 花店一店"):
            away(specialist, stranger)
    with pytest.raises(QunyingError, match="Choose somebody else to stand in"):
        away(specialist, specialist)
    assert set(senders_beside(specialist)) == {specialist, lead, director}


def test_times_that_cannot_be_are_refused(units: Units, specialist: Staff, lead: Staff, director: Staff) -> None:
    for begins, ends in ((DAY, timedelta()), (-2 * DAY, -DAY)):
        with pytest.raises(QunyingError, match="The end lies before"):
            away(specialist, lead, begins=begins, ends=ends)
    away(specialist, lead)
    with pytest.raises(QunyingError, match="You have said already"):
        away(specialist, director)
    with pytest.raises(QunyingError, match="专员 is away then"):
        away(_colleague(units), specialist)
    with pytest.raises(QunyingError, match="You stand in for 专员"):
        away(lead, director)


def test_nobody_says_it_for_another(specialist: Staff, lead: Staff) -> None:
    now = timezone.now()
    with pytest.raises(NotAllowedError):
        go_away(specialist, deputy=lead, begins_at=now, ends_at=now + DAY, by=lead)
    absence = away(specialist, lead)
    with pytest.raises(NotAllowedError):
        come_back(absence, by=lead)
    come_back(absence, by=specialist)
    with pytest.raises(QunyingError, match="over already"):
        come_back(absence, by=specialist)


def test_a_deputy_of_another_shop_sees_nothing(task: HandTask, outsider: Staff, community: Community) -> None:
    assert list(tasks_for(outsider)) == []


def _colleague(units: Units) -> Staff:
    made = create_staff("colleague", name="同事", password=PASSWORD, by=TESTS)
    grant_role(made, role="specialist", unit=units.shop, by=TESTS)
    return made
