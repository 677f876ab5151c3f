"""The pages on webhooks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.webhooks.models import Delivery, Endpoint
from qunying.ground.webhooks.services import create_endpoint, switch_off
from tests.support.cast import be_fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
LIST_QUERIES = 8


def _make(lead: Staff, units: Units, name: str = "收银台") -> Endpoint:
    return create_endpoint(name, url="https://example.com/hook", kinds=["spoke"], unit=units.shop, by=lead)[0]


def test_nobody_listens_yet(client_for: Callable[..., Client], lead: Staff) -> None:
    assert "No program listens yet" in client_for(lead, "en").get("/webhooks/").content.decode()


def test_making_one_shows_its_secret_this_once(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    client = client_for(lead, "en")
    be_fresh(client)
    given = {"name": "收银台", "url": "https://example.com/hook", "unit": units.shop.pk, "kinds": ["spoke"]}
    made = client.post("/webhooks/new/", given)
    assert ("whsec_" in made.content.decode(), made["Cache-Control"]) == (True, "no-store")
    endpoint = Endpoint.objects.get()
    assert "whsec_" not in client.get(f"/webhooks/{endpoint.pk}/").content.decode()
    refused = client.post("/webhooks/new/", given | {"url": "https://10.0.0.1/"})
    assert (refused.status_code, Endpoint.objects.count()) == (400, 1)


def test_what_failed_is_shown_and_sent_again(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    endpoint, now, client = _make(lead, units), timezone.now(), client_for(lead, "en")
    failed = {"state": "failed", "status": 500, "begun_at": now, "due_at": now, "ended_at": now}
    delivery = endpoint.deliveries.create(message_id="msg_1", **failed)
    assert "Send again" in client.get(f"/webhooks/{endpoint.pk}/?state=failed").content.decode()
    assert client.post(f"/webhooks/{endpoint.pk}/again/{delivery.pk}/").status_code == 302
    assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    rows: int,
    client_for: Callable[..., Client],
    lead: Staff,
    units: Units,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(rows):
        _make(lead, units, f"程序{number}")
    client = client_for(lead)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get("/webhooks/").content.decode().count("<code>https://") == rows


def test_the_list_is_searched_by_words_and_state_and_sorted(
    client_for: Callable[..., Client], lead: Staff, units: Units
) -> None:
    now, client = timezone.now(), client_for(lead, "en")
    till, shop, old = (_make(lead, units, name) for name in ("Till", "Shop system", "Old till"))
    Endpoint.objects.filter(pk=shop.pk).update(failing_since=now, url="https://shop.example.com/in")
    switch_off(old, by=lead)
    failed = {"state": "failed", "begun_at": now, "due_at": now, "ended_at": now}
    for number, endpoint in enumerate((till, shop, shop)):
        endpoint.deliveries.create(message_id=f"msg_{number}", **failed)

    def names(**asked: str) -> list[str]:
        words = client.get("/webhooks/", asked).content.decode()
        return re.findall(r'<td class="main"><a [^>]+>([^<]+)</a>', words)

    assert names() == ["Old till", "Shop system", "Till"]
    assert names(order="-failed") == ["Shop system", "Till", "Old till"]
    assert (names(q="till"), names(q="shop.example")) == (["Old till", "Till"], ["Shop system"])
    assert (names(state="on"), names(state="failing"), names(state="off")) == (["Till"], ["Shop system"], ["Old till"])
    assert "No webhook fits these filters" in client.get("/webhooks/?q=nothing").content.decode()


def test_the_file_tells_state_and_facts_and_no_secret(
    client_for: Callable[..., Client], lead: Staff, units: Units
) -> None:
    endpoint, secret = create_endpoint(
        "Till", url="https://example.com/hook", kinds=["spoke", "joined"], unit=units.shop, by=lead
    )
    switch_off(endpoint, by=lead)
    answer = client_for(lead, "en").get("/webhooks/export/")
    words = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Till,https://example.com/hook,Came into the group; Sent a message,花店一店,群主," in words
    assert words.rstrip().endswith("Switched off,0,0")
    assert secret not in words


def test_what_was_sent_is_told_in_words(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    endpoint, now, client = _make(lead, units), timezone.now(), client_for(lead, "en")
    assert 'name="state"' not in client.get(f"/webhooks/{endpoint.pk}/").content.decode()
    endpoint.deliveries.create(message_id="msg_1", state="waiting", begun_at=now, due_at=now)
    assert "Nothing stands so" in client.get(f"/webhooks/{endpoint.pk}/?state=failed").content.decode()
    assert "Nothing stands so" not in client.get(f"/webhooks/{endpoint.pk}/?state=waiting").content.decode()


def test_what_was_sent_is_sorted_and_taken_away(
    client_for: Callable[..., Client], lead: Staff, reviewer: Staff, units: Units
) -> None:
    endpoint, now, client = _make(lead, units), timezone.now(), client_for(lead, "en")
    for attempts in (2, 9, 4):
        endpoint.deliveries.create(message_id=f"msg_{attempts}", attempts=attempts, begun_at=now, due_at=now)
    page = client.get(f"/webhooks/{endpoint.pk}/?order=-attempts")
    assert [row["delivery"].attempts for row in page.context["rows"]] == [9, 4, 2]
    answer = client.get(f"/webhooks/{endpoint.pk}/deliveries/export/?order=attempts&state=waiting")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[5] for line in lines] == ["Attempts", "2", "4", "9"]
    assert client_for(reviewer).get(f"/webhooks/{endpoint.pk}/deliveries/export/").status_code == 403
