"""Pages of sendings: written, looked at, released by another, done by hand; as many questions for any list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.do.reach.models import Delivery, Measure, Sending
from qunying.do.reach.services import Draft, write_sending
from qunying.do.reach.services_tasks import open_due_tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_quiet_hours(units: Units) -> None:
    Measure.objects.create(unit=units.headquarters, quiet_from=0, quiet_until=0)


def test_from_the_first_word_to_done_by_hand(
    client_for: Callable[..., Client], community: Community, group: Group, specialist: Staff, lead: Staff
) -> None:
    author, other = client_for(specialist, "en"), client_for(lead, "en")
    answer = author.post(
        reverse("sending_new", args=[community.slug]),
        {"title": "上新", "words": "今晚八点", "to": "groups", "groups": [group.pk]},
    )
    sending = Sending.objects.get()
    assert answer.headers["Location"] == reverse("sending", args=[sending.pk])
    page = author.get(answer.headers["Location"]).content.decode()
    assert "花友一群" in page
    assert "No account is connected there: a person sends it." in page
    author.post(reverse("sending_hand_in", args=[sending.pk]))
    sending.refresh_from_db()
    assert "It waits for somebody else" in author.get(reverse("sending", args=[sending.pk])).content.decode()
    other.post(reverse("sending_release", args=[sending.pk]), {"seen": sending.checked_hash})
    open_due_tasks()
    one = Delivery.objects.get()
    assert "今晚八点" in author.get(reverse("hand_tasks")).content.decode()
    author.post(reverse("hand_tasks_over"), {"ids": [one.pk], "to": lead.pk})
    other.post(reverse("hand_task_done", args=[one.pk]), {"proof": "已在群里看到"})
    page = author.get(reverse("sending", args=[sending.pk])).content.decode()
    assert "已在群里看到" in page


def test_a_form_with_nobody_to_send_to_says_so(
    client_for: Callable[..., Client], community: Community, specialist: Staff
) -> None:
    answer = client_for(specialist, "en").post(
        reverse("sending_new", args=[community.slug]), {"title": "上新", "words": "今晚", "to": "groups"}
    )
    assert answer.status_code == 400
    assert "Choose groups, or a segment" in answer.content.decode()


def test_a_list_asks_as_much_for_three_as_for_one(
    client_for: Callable[..., Client],
    community: Community,
    group: Group,
    specialist: Staff,
    django_assert_num_queries: Callable[..., object],
) -> None:
    client, counts = client_for(specialist), []
    client.get(reverse("sendings"))
    for more in (1, 2):
        for number in range(more):
            write_sending(community, Draft(f"第{number}条", "早", groups=[group]), by=specialist)
        with django_assert_num_queries(12):  # type: ignore[attr-defined] - pytest-django's
            page = client.get(reverse("sendings")).content.decode()
        counts.append(page.count('<td class="main">'))
    assert counts == [1, 3]
