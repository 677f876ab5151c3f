"""Webhooks from a fact to a program and back."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.webhooks.followers import WebhookFollower
from qunying.ground.webhooks.models import Delivery, Endpoint
from qunying.ground.webhooks.sealing import open_secret
from qunying.ground.webhooks.sending import pause
from qunying.ground.webhooks.services import create_endpoint, send_again, send_test, switch_off, switch_on
from qunying.ground.webhooks.tasks import clear_old, hand_out_due, mail_off, send_to
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.ground.webhooks.conftest import Listener
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State
AT = datetime(2026, 3, 1, 2, tzinfo=UTC)


def say(community: Community, *keys: str, kind: str = "spoke") -> None:
    """Messages of 小美, through the log to the deliveries."""
    who = Who("wechat", "wx-1", "小美")
    record([Fact(kind, AT, (key,), who=who, text="早") for key in keys], community=community, source="tests")
    while WebhookFollower().advance():
        pass


def test_a_fact_arrives_signed_as_standard_webhooks_say(
    made: tuple[Endpoint, str], listener: Listener, community: Community
) -> None:
    endpoint, secret = made
    say(community, "1")
    assert send_to(endpoint.pk) == 1
    [(headers, body)] = listener.came
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(key, signed, sha256)).decode()
    told = json.loads(body)
    assert (told["type"], told["data"]["community"], told["data"]["occurred_at"]) == (
        "spoke",
        "flowers",
        "2026-03-01T02:00:00+00:00",
    )
    assert "早" not in body.decode()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == (State.DELIVERED, 204, 1)


def test_only_chosen_kinds_of_the_units_communities_are_told(
    endpoint: Endpoint, community: Community, other_community: Community
) -> None:
    say(community, "1", kind="read")
    say(other_community, "2")
    assert Delivery.objects.count() == 0


def test_replaying_the_log_tells_nothing_twice(endpoint: Endpoint, community: Community) -> None:
    say(community, "1", "2")
    WebhookFollower().replay()
    WebhookFollower().advance()
    assert Delivery.objects.count() == 2


def test_what_was_recorded_before_is_not_told(
    community: Community, director: Staff, units: Units, listener: Listener
) -> None:
    say(community, "1")
    create_endpoint("x", url=listener.url, kinds=[], unit=units.shop, by=director)
    WebhookFollower().replay()
    say(community, "2")
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_failure_is_tried_again_later_under_the_same_id(
    status: int, endpoint: Endpoint, listener: Listener, community: Community
) -> None:
    listener.answers = [status]
    say(community, "1")
    assert send_to(endpoint.pk) == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status) == (State.WAITING, status)
    wait = delivery.due_at - timezone.now()
    assert timedelta(seconds=6) < wait <= timedelta(seconds=12)
    assert hand_out_due() == 0
    Delivery.objects.update(due_at=timezone.now())
    assert send_to(endpoint.pk) == 1
    assert Delivery.objects.get().state == State.DELIVERED
    assert listener.came[0][0]["webhook-id"] == listener.came[1][0]["webhook-id"]
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_pauses_grow_to_twelve_hours() -> None:
    assert [0.8 * base <= pause(n).total_seconds() <= 1.2 * base for n, base in ((1, 10), (4, 270))] == [True, True]
    assert 0.8 * 43_200 <= pause(40).total_seconds() <= 1.2 * 43_200


def test_nobody_there_is_a_failure_with_a_reason(endpoint: Endpoint, community: Community) -> None:
    Endpoint.objects.update(url="http://127.0.0.1:9/none")
    say(community, "1")
    send_to(endpoint.pk)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, bool(delivery.error)) == (State.WAITING, None, True)


def test_gone_switches_off_and_says_so(endpoint: Endpoint, listener: Listener, community: Community) -> None:
    listener.answers = [410]
    say(community, "1", "2")
    assert send_to(endpoint.pk) == 1
    endpoint.refresh_from_db()
    assert endpoint.off_why == Endpoint.Off.GONE
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.FAILED}
    assert Act.objects.get(verb="webhooks.off").details == {"why": "gone"}
    Endpoint.objects.get().owner.__class__.objects.update(email="a@example.com", language="en")
    assert mail_off(endpoint.pk) is True
    assert mail.outbox[0].subject == "Qunying: the webhook “收银台” was switched off"


def test_three_days_of_failure_switch_off(endpoint: Endpoint, listener: Listener, community: Community) -> None:
    listener.answers = [500]
    Endpoint.objects.update(failing_since=timezone.now() - timedelta(days=3, seconds=1))
    say(community, "1")
    send_to(endpoint.pk)
    endpoint.refresh_from_db()
    assert endpoint.off_why == Endpoint.Off.FAILING


def test_a_delivery_is_given_up_after_three_days(endpoint: Endpoint, listener: Listener, community: Community) -> None:
    listener.answers = [500]
    say(community, "1")
    Delivery.objects.update(begun_at=timezone.now() - timedelta(days=3), attempts=9)
    send_to(endpoint.pk)
    assert Delivery.objects.get().state == State.FAILED
    endpoint.refresh_from_db()
    assert endpoint.off_at is None


def test_what_failed_is_sent_again(endpoint: Endpoint, listener: Listener, community: Community, lead: Staff) -> None:
    say(community, "1", "2")
    switch_off(endpoint, by=lead)
    with pytest.raises(QunyingError, match="is switched off"):
        send_again(endpoint, by=lead)
    switch_on(endpoint, by=lead)
    assert send_again(endpoint, by=lead) == 2
    assert send_to(endpoint.pk) == 2
    assert send_again(endpoint, by=lead) == 0
    assert send_again(endpoint, by=lead, delivery=Delivery.objects.first()) == 1
    assert set(Act.objects.filter(verb__startswith="webhooks.").values_list("verb", flat=True)) == {
        "webhooks.create",
        "webhooks.off",
        "webhooks.on",
        "webhooks.again",
    }


def test_a_test_says_that_it_is_one(endpoint: Endpoint, listener: Listener, lead: Staff) -> None:
    send_test(endpoint, by=lead)
    send_to(endpoint.pk)
    assert json.loads(listener.came[0][1])["type"] == "test"


def test_nothing_goes_out_when_its_owner_may_not_see_members(
    endpoint: Endpoint, listener: Listener, community: Community, director: Staff
) -> None:
    say(community, "1")
    director.grants.all().delete()
    send_to(endpoint.pk)
    assert (listener.came, Delivery.objects.get().state) == ([], State.WAITING)


def test_the_secret_is_kept_sealed(made: tuple[Endpoint, str]) -> None:
    endpoint, secret = made
    assert secret.encode() not in bytes(endpoint.sealed)
    assert open_secret(endpoint) == secret


def test_who_may_not_let_facts_out_is_refused(specialist: Staff, outsider: Staff, units: Units, lead: Staff) -> None:
    for staff in (specialist, outsider):
        with pytest.raises(NotAllowedError):
            create_endpoint("x", url="https://example.com/", kinds=[], unit=units.shop, by=staff)
    assert create_endpoint("x", url="https://example.com/", kinds=[], unit=units.shop, by=lead)[0].pk


def test_one_worker_at_a_time_sends_to_an_endpoint(endpoint: Endpoint, community: Community) -> None:
    say(community, "1")
    assert hand_out_due() == 1
    assert hand_out_due() == 0


def test_old_deliveries_are_forgotten(endpoint: Endpoint, community: Community) -> None:
    say(community, "1")
    send_to(endpoint.pk)
    assert clear_old() == 0
    Delivery.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert clear_old() == 1
