"""The pages of jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from qunying.ground.jobs.models import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def make(actor: str, unit: Unit | None, **more: object) -> Job:
    return Job.objects.create(kind="tests", actor=actor, unit=unit, **more)


def seen(client: Client, **filters: str) -> set[int]:
    return {row["job"].pk for row in client.get(reverse("jobs"), filters).context["rows"]}


def test_people_see_their_own_jobs_and_those_they_look_after(
    director: Staff, lead: Staff, outsider: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    own = make(lead.actor_key, units.shop)
    south = make(director.actor_key, units.south)
    nobodys = make("system:cli", None)
    told = [seen(client_for(person)) for person in (director, lead, outsider)]
    assert told == [{own.pk, south.pk, nobodys.pk}, {own.pk}, {south.pk}]


def test_a_job_outside_does_not_exist(
    outsider: Staff, lead: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    job = make(lead.actor_key, units.shop)
    client = client_for(outsider)
    told = [client.get(reverse(name, args=[job.pk])).status_code for name in ("job", "job_progress")]
    assert [*told, client.post(reverse("job_cancel", args=[job.pk])).status_code] == [404, 404, 404]


def test_the_state_filters(director: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    make("system:cli", None, state=Job.State.DONE)
    failed = make("system:cli", None, state=Job.State.FAILED, error="The file is gone.")
    client = client_for(director, "en")
    assert seen(client, state="failed") == {failed.pk}
    assert "No job fits these filters" in client.get(reverse("jobs"), {"state": "running"}).content.decode()
    assert "The file is gone." in client.get(reverse("job", args=[failed.pk])).content.decode()


def test_without_jobs_the_page_says_what_belongs_here(director: Staff, client_for: Callable[..., Client]) -> None:
    assert "No long work yet" in client_for(director, "en").get(reverse("jobs")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    director: Staff,
    units: Units,
    lead: Staff,
    client_for: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
    rows: int,
) -> None:
    for _number in range(rows):
        make(lead.actor_key, units.shop)
    client = client_for(director)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(reverse("jobs")).status_code == 200


LIST_QUERIES = 14
"""Session, person, grants, what the person may, roots, units, the count, the jobs with units, names, zone, menu."""


def test_progress_asks_again_while_the_job_is_open(
    director: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    begun = timezone.now() - timedelta(minutes=10)
    job = make("system:cli", None, state=Job.State.RUNNING, done=250, total=1000, started_at=begun)
    client, address = client_for(director, "en"), reverse("job_progress", args=[job.pk])
    page = client.get(address).content.decode()
    assert ('max="1000" value="250"' in page, "about 30 min left" in page, f'hx-get="{address}"' in page) == (
        True,
        True,
        True,
    )
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, result={"stored": 7, "kinds": {"spoke": 7}})
    page = client.get(address).content.decode()
    assert ("hx-get" in page, "Facts stored" in page, "kinds" in page) == (False, True, False)


def test_a_waiting_job_is_cancelled_at_once(director: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    job = make("system:cli", None)
    client = client_for(director, "en")
    client.post(reverse("job_cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    page = client.post(reverse("job_cancel", args=[job.pk]), follow=True).content.decode()
    assert "This job has ended already" in page
