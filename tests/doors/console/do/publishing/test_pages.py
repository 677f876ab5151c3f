"""The pages of publications."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from qunying.do.publishing.models import Publication
from qunying.do.publishing.queries import deliveries_of
from qunying.do.publishing.services import publish_entry
from qunying.do.publishing.sources import publishing_todos
from qunying.do.reach.models import Delivery
from qunying.do.reach.tasks import send_through
from qunying.plan.content.services import Draft, Planned, plan_entry, write_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from qunying.plan.content.models import Entry
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _at(name: str, *args: object) -> str:
    return reverse(name, args=["flowers", *args])


@pytest.fixture
def sender(client_for: Callable[..., Client], specialist: Staff) -> Client:
    return client_for(specialist, "en")


def _seen(entry: Entry) -> str:
    return entry.versions.get(number=entry.version).digest


def test_the_list_says_how_things_come_there_while_it_is_empty(sender: Client, community: Community) -> None:
    assert "that two people have approved can be published" in sender.get(_at("publications")).content.decode()


def test_an_approved_entry_is_published_from_its_page(
    sender: Client, entry: Entry, connected: list[Group], account: Account, platform: Platform
) -> None:
    assert _at("entry_publish", entry.pk) in sender.get(_at("entry", entry.pk)).content.decode()
    text = sender.get(_at("entry_publish", entry.pk)).content.decode()
    assert text.count('name="groups"') == 3
    assert "郁金香到店了" in text
    said = {"groups": [group.pk for group in connected[:2]], "due_at": "", "seen": _seen(entry)}
    answer = sender.post(_at("entry_publish", entry.pk), said)
    made = Publication.objects.get()
    assert answer.headers["Location"] == _at("publication", made.pk)
    send_through(account.pk)
    assert [one["to"] for one in platform.kept] == ["!1", "!2"]
    text = sender.get(_at("publication", made.pk)).content.decode()
    assert text.count('<span class="good">Sent</span>') == 2
    assert "2 of 2 groups have it" in sender.get(_at("entry", entry.pk)).content.decode()
    assert '<td class="number nowrap" data-label="Groups that have it">2 / 2</td>' in (
        sender.get(_at("publications")).content.decode()
    )


def test_what_was_changed_since_it_was_looked_at_is_not_published(
    sender: Client, entry: Entry, connected: list[Group]
) -> None:
    said = {"groups": [connected[0].pk], "due_at": "", "seen": "0" * 64}
    answer = sender.post(_at("entry_publish", entry.pk), said)
    assert (answer.status_code, Publication.objects.count()) == (400, 0)
    assert "changed since you looked at it" in answer.content.decode()


def test_one_tap_publishes_as_planned(
    sender: Client, entry: Entry, connected: list[Group], specialist: Staff, account: Account
) -> None:
    day = timezone.localdate() + timedelta(days=2)
    planned = Planned(slot_day=day, slot_time=time(12), groups=tuple(connected[:1]))
    plan_entry(entry, planned=planned, by=specialist)
    assert "Publish as planned" in sender.get(_at("entry", entry.pk)).content.decode()
    sender.post(_at("entry_publish_now", entry.pk))
    made = Publication.objects.get()
    assert (made.due_at.hour, [one.group for one in made.targets.all()]) == (4, connected[:1])
    assert "Planned or going out" in sender.get(_at("content_calendar"), {"day": day.isoformat()}).content.decode()


def test_a_lost_approval_is_told_on_the_page(
    sender: Client, entry: Entry, connected: list[Group], specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:1], by=specialist, due_at=timezone.now() + HOUR)
    write_version(entry, draft=Draft("换了", words="换了"), by=specialist)
    text = sender.get(_at("publication", made.pk)).content.decode()
    assert "What had not left is held back" in text
    assert sender.get(_at("entry_publish", entry.pk)).headers["Location"] == _at("entry", entry.pk)


def test_it_is_put_off_called_off_and_settled_by_buttons(
    sender: Client, entry: Entry, connected: list[Group], specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:2], by=specialist, due_at=timezone.now() + HOUR)
    sender.post(_at("publication_move", made.pk), {"due_at": "2030-01-01T08:00"})
    assert {one.due_at.year for one in deliveries_of(made)} == {2030}
    first = deliveries_of(made)[0]
    Delivery.objects.filter(pk=first.pk).update(state="unknown", claimed_at=timezone.now())
    assert "It is missing: send again" in sender.get(_at("publication", made.pk)).content.decode()
    sender.post(_at("publication_settle", made.pk, first.pk), {"arrived": "yes"})
    sender.post(_at("publication_cancel", made.pk))
    assert list(deliveries_of(made).values_list("state", flat=True)) == ["sent", "cancelled"]


def test_a_delivery_of_another_publication_is_not_settled_here(
    sender: Client, entry: Entry, connected: list[Group], specialist: Staff
) -> None:
    made = publish_entry(entry, groups=connected[:1], by=specialist)
    other = publish_entry(entry, groups=connected[1:2], by=specialist)
    address = _at("publication_settle", made.pk, deliveries_of(other).get().pk)
    assert sender.post(address, {"arrived": "yes"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_times(
    count: int,
    sender: Client,
    entry: Entry,
    connected: list[Group],
    account: Account,
    specialist: Staff,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for group in connected[:count]:
        publish_entry(entry, groups=[group], by=specialist)
    send_through(account.pk)
    with django_assert_num_queries(14):
        sender.get(_at("publications"))


def test_today_calls_for_what_is_approved_and_tells_what_leaves(
    entry: Entry, connected: list[Group], specialist: Staff, reviewer: Staff
) -> None:
    today = timezone.localdate()
    assert [(one.page, one.due) for one in publishing_todos(specialist, today)] == [("entry_publish", None)]
    made = publish_entry(entry, groups=connected[:2], by=specialist)
    found = list(publishing_todos(specialist, timezone.localdate() + timedelta(days=1)))
    assert [(one.page, one.args["pk"]) for one in found] == [("publication", made.pk)]
    assert found[0].why.endswith("0 of 2 groups have it")
    assert list(publishing_todos(reviewer, today)) == []


def test_what_came_back_stands_on_the_publication_the_entry_and_the_month(
    sender: Client, published: Publication, connected: list[Group]
) -> None:
    day = timezone.localdate(timezone=ZoneInfo("Asia/Shanghai")).isoformat()
    said = {"group": connected[0].pk, "day": day, "read": "2", "completed": "1"}
    sender.post(_at("publication_note", published.pk), said)
    text = sender.get(_at("publication", published.pk)).content.decode()
    assert "Typed in by hand" in text
    assert "50.0%" in text
    for page in (_at("entry_pieces", published.entry_id), _at("publication_months")):
        text = sender.get(page).content.decode()
        assert "People reached, each time counted" in text
        assert "50.0%" in text
    assert (
        "Nothing went out in this month" in sender.get(_at("publication_months"), {"month": "2020-01"}).content.decode()
    )
