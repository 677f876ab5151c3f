"""Every community is looked at once a night, from three in the morning of its own day on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.act.suggestions.models import Night
from qunying.act.suggestions.nights import KIND, start_where_due, waiting_communities
from qunying.ground.groups.models import Community
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 3)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock to an instant."""

    def set_clock(instant: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: instant)

    return set_clock


def three_in_shanghai(minute: int = 0, hour: int = 19) -> datetime:
    """Three in the morning of 3 March in Shanghai is 19:00 of the day before in UTC."""
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def test_the_night_begins_at_three_of_the_communitys_own_day(
    community: Community, other_community: Community, at: Callable[[datetime], None]
) -> None:
    Community.objects.filter(pk=other_community.pk).update(timezone="Europe/Berlin")
    at(three_in_shanghai(59, hour=18))
    assert waiting_communities() == [other_community]
    at(three_in_shanghai())
    assert waiting_communities() == [community, other_community]
    assert waiting_communities(after=community.pk) == [other_community]
    Night.objects.create(community=community, day=DAY)
    assert waiting_communities() == [other_community]


def test_one_job_looks_at_all_who_wait_and_leaves_a_night_for_each(
    community: Community, other_community: Community, at: Callable[[datetime], None]
) -> None:
    at(three_in_shanghai())
    job = start_where_due()
    assert job is not None
    assert (job.kind, job.total, start_where_due()) == (KIND, 2, None)
    run_to_end(job)
    job.refresh_from_db()
    assert (job.state, job.done, job.checkpoint) == (Job.State.DONE, 2, {"after": other_community.pk})
    nights = Night.objects.order_by("community").values_list("community", "day", "questions")
    assert list(nights) == [(community.pk, DAY, 0), (other_community.pk, DAY, 0)]
    assert start_where_due() is None


def test_the_next_night_looks_again(community: Community, at: Callable[[datetime], None]) -> None:
    at(three_in_shanghai())
    first = start_where_due()
    assert first is not None
    run_to_end(first)
    at(datetime(2026, 3, 3, 18, 59, tzinfo=UTC))
    assert start_where_due() is None
    at(datetime(2026, 3, 3, 19, 0, tzinfo=UTC))
    assert start_where_due() is not None


def test_where_there_is_nothing_there_is_no_job(db: None) -> None:
    assert start_where_due() is None
    assert Job.objects.count() == 0
