"""What came back of a sending: over who was there when it was sent, within a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from qunying.do.reach.models import ShortLink
from qunying.do.reach.returns import Return, returns_of
from qunying.do.reach.services_tasks import finish_task, open_due_tasks
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.do.reach.models import Measure, Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(
    released: Callable[..., Sending], group: Group, members: list[Member], wide_open: Measure, specialist: Staff
) -> Sending:
    """Sent by hand a moment ago, with a link of its own, to a group with three people in it."""
    sending = released([group])
    open_due_tasks()
    finish_task(sending.deliveries.get().task, proof="", by=specialist)
    ShortLink.objects.create(
        code="mei", url="https://shop.example/", community=group.community, sending=sending, group=group, clicks=2
    )
    return sending


def does(member: Member, kind: str, group: Group, *, hours: float, number: int = 1) -> None:
    """Somebody does something in the group so many hours after it was sent."""
    identity = member.identities.get()
    who = Who(identity.platform, identity.external_id)
    at = timezone.now() + timedelta(hours=hours)
    fact = Fact(kind, at, ("tests", kind, str(member.pk), str(number), str(hours)), who=who, group_id=group.pk)
    record([fact], community=group.community, source="tests")


def test_it_counts_people_once_and_a_day_long(
    gone: Sending, group: Group, members: list[Member], django_assert_num_queries: Callable[..., object]
) -> None:
    for number in (1, 2):
        does(members[0], "spoke", group, hours=1, number=number)
    does(members[0], "reacted", group, hours=2)
    does(members[1], "spoke", group, hours=25)
    does(members[1], "read", group, hours=1)
    one = gone.deliveries.get()
    with django_assert_num_queries(3):  # type: ignore[attr-defined] - pytest-django's
        told = returns_of(gone, [one])
    assert told == {one.pk: Return(reached=3, lively=1, clicks=2)}
    assert (told[one.pk].lively_share, told[one.pk].click_share) == (1 / 3, 2 / 3)


def test_nothing_came_back_of_what_has_not_left(released: Callable[..., Sending], group: Group) -> None:
    sending = released([group])
    assert returns_of(sending, list(sending.deliveries.all())) == {}
    assert (Return(0, 0).lively_share, Return(0, 0, 1).click_share, Return(3, 0).click_share) == (None, None, None)


def test_the_page_asks_again_by_itself(
    gone: Sending, community: Community, client_for: Callable[..., Client], specialist: Staff, outsider: Staff
) -> None:
    client, where = client_for(specialist, "en"), reverse("sending_outcome", args=[gone.pk])
    page = client.get(reverse("sending", args=[gone.pk])).content.decode()
    part = client.get(where).content.decode()
    for text in (page, part):
        assert (f'hx-get="{where}' in text, 'hx-trigger="every 60s"' in text, "0 / 3" in text) == (True, True, True)
    assert ("<html" in part, client_for(outsider).get(where).status_code) == (False, 404)
    gone.deliveries.update(ended_at=timezone.now() - timedelta(hours=25))
    assert "hx-get" not in client.get(where).content.decode()
