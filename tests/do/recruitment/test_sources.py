"""What stands on Today."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.recruitment.services_visits import count_visit
from qunying.do.recruitment.sources import picture_todos
from tests.support.recruitment import link_of, make_channel, put_up

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db


def _told(staff: Staff) -> list[tuple[str, str]]:
    return [(one.title, one.why) for one in picture_todos(staff, timezone.localdate())]


def test_a_fresh_picture_in_a_roomy_group_asks_for_nothing(group: Group, specialist: Staff) -> None:
    put_up(group, people=20)
    assert _told(specialist) == []


def test_a_picture_is_called_for_a_day_before_it_ends(group: Group, specialist: Staff) -> None:
    picture = put_up(group)
    picture.expires_at = timezone.now() + timedelta(hours=23)
    picture.save()
    assert _told(specialist) == [("Put up a new picture of “花友一群”", "Its picture expires within 24 hours.")]


def test_the_next_group_is_called_for_when_one_fills(group: Group, specialist: Staff) -> None:
    put_up(group, people=135)
    why = "Up to 135 of 150 places may be taken, 0 of them by visitors not yet seen."
    assert _told(specialist) == [("Open the next group: “花友一群” fills up", why)]


def test_visitors_who_found_nothing_are_told_of(community: Community, group: Group, specialist: Staff) -> None:
    link = link_of(make_channel(community))
    for number in range(3):
        count_visit(link, group=None, visitor=(str(number),))
    why = "3 visitors found no group in the last 24 hours."
    assert _told(specialist) == [("Put up a picture: the join links lead to none", why)]
    put_up(group)
    assert _told(specialist) == []


def test_who_keeps_no_channels_is_told_nothing(group: Group, reviewer: Staff, outsider: Staff) -> None:
    put_up(group, people=135)
    assert [_told(one) for one in (reviewer, outsider)] == [[], []]


def test_it_asks_the_same_number_of_times_however_many_there_are(
    group: Group, specialist: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put_up(group, people=135)
    with django_assert_num_queries(4):
        _told(specialist)
