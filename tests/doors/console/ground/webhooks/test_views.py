"""The pages on webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.webhooks.models import Delivery, Endpoint
from qunying.ground.webhooks.services import create_endpoint
from tests.support.cast import be_fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


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


def test_the_list_asks_as_much_for_one_as_for_three(
    client_for: Callable[..., Client], lead: Staff, units: Units
) -> None:
    from django.db import connection  # noqa: PLC0415 - this test alone
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - as above

    client, counts = client_for(lead), []
    client.get("/webhooks/")
    for names in (("一",), ("二", "三")):
        for name in names:
            _make(lead, units, name)
        with CaptureQueriesContext(connection) as asked:
            client.get("/webhooks/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
