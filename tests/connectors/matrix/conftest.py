"""A homeserver for the whole run, an account on it for every test, and people who talk."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser
from django.utils.translation import override

from qunying.connectors.matrix.connector import MatrixConnector
from qunying.connectors.matrix.registration import make_registration
from qunying.ground.events.models import Event
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.port import Action, Done, Order
from qunying.ground.platforms.sealing import seal_secrets
from tests.support.cast import TESTS
from tests.support.synapse import SERVER, Cutter, Ear, Human, Sent, Synapse, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.handouts import Handed
    from tests.support.cast import Units

NUMBER = 4711
"""The account's number in every test: the homeserver is told of it once, before it starts."""
OWN = f"@qunying:{SERVER}"
_PATIENCE = 20.0
_orders = count(1)


@dataclass
class Stage:
    """The homeserver, the ear it speaks to, the line that can be cut, and who talks there."""

    server: Synapse
    ear: Ear
    cutter: Cutter
    handed: Handed
    mei: Human
    qiang: Human
    li: Human


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Synapse with our registration, started once."""
    python = environment() / "bin" / "python"
    ear, server = Ear(), Synapse(tmp_path_factory.mktemp("synapse"), python)
    own = Account(pk=NUMBER, platform="matrix", settings={"user": OWN, "address": ear.url})
    handed = make_registration(own)
    # So that the bound of our own speed can be tried, too.
    server.configure(handed.text.replace("rate_limited: false", "rate_limited: true"))
    server.start()
    cutter = Cutter(server.port)
    mei, qiang, li = (server.human(name) for name in ("xiaomei", "aqiang", "xiaoli"))
    server.unbound(mei.user, server.admin())
    yield Stage(server, ear, cutter, handed, mei, qiang, li)
    server.kill()
    cutter.close()
    ear.close()


@pytest.fixture
def account(stage: Stage, units: Units, settings: SettingsWrapper) -> Account:
    """The account of 花店一店 on the homeserver, ready to speak."""
    settings.INSIDE_HOSTS = ["127.0.0.1"]
    plain = {"homeserver": stage.server.url, "user": OWN, "address": stage.ear.url}
    made = Account.objects.create(pk=NUMBER, name="花店", platform="matrix", unit=units.shop, settings=plain)
    made.sealed = seal_secrets(made, stage.handed.secrets)
    made.save()
    return made


@dataclass
class Room:
    """A room with 小美 and the account in it, tied to a group, and what tests do there."""

    id: str
    group: Group
    account: Account
    stage: Stage

    def perform(self, action: Action, **what: Any) -> Done:
        """An order of ours in this room."""
        order = Order(**({"key": f"tests-{next(_orders)}", "action": action, "group": self.id} | what))
        return MatrixConnector().perform(self.account, order)

    def hear(self, *ids: str) -> list[Sent]:
        """Hand what the homeserver sends to our door until these events came; the transactions."""
        wanted, taken, deadline = set(ids), [], time.monotonic() + _PATIENCE
        while wanted:
            sent = self.stage.ear.heard.get(timeout=max(deadline - time.monotonic(), 0.01))
            if "/transactions/" in sent.path:
                taken.append(sent)
                assert knock(sent).status_code == 200
                wanted -= {event.get("event_id") for event in sent.told["events"]}
        return taken

    def hear_all(self, by: Human) -> list[Sent]:
        """Hear everything up to now: up to a message sent for it, of which the kinds below say nothing."""
        return self.hear(by.send(self.id, "test.mark", {}))

    def kinds(self) -> list[str]:
        """The kinds of the facts of the group, in their order."""
        return list(Event.objects.filter(group=self.group).order_by("occurred_at", "pk").values_list("kind", flat=True))

    def fact(self, kind: str) -> dict[str, Any]:
        """The one fact of this kind: who, whom, which message, what else, which words."""
        row = Event.objects.select_related("identity", "target_identity", "message").get(group=self.group, kind=kind)
        return {
            "who": row.identity.external_id if row.identity else None,
            "target": row.target_identity.external_id if row.target_identity else None,
            "object": row.object_id,
            "payload": row.payload,
            "text": row.message.text if hasattr(row, "message") else "",
        }


def knock(sent: Sent) -> Any:
    """What our own door answers to a request of the homeserver."""
    send = getattr(Browser(), sent.method.lower())
    extra = {"headers": {"Authorization": sent.authorization}}
    with override("en"):  # a request leaves its own language behind
        if sent.method == "GET":
            return send(sent.path, **extra)
        return send(sent.path, sent.body, content_type="application/json", **extra)


@pytest.fixture
def room(stage: Stage, account: Account, community: Community) -> Iterator[Room]:
    """A fresh room of 小美's, into which she let the account, with all power over it."""
    stage.ear.answer = lambda _sent: 200
    made = stage.mei.open_room("花友群", OWN)
    MatrixConnector().check(account)  # makes the account's own user
    from qunying.connectors.matrix.tasks import accept  # noqa: PLC0415 - needs Django

    accept(account.pk, made)
    levels = stage.mei.state(made, "m.room.power_levels")
    levels["users"][OWN] = 100
    stage.mei.ask("PUT", f"rooms/{made}/state/m.room.power_levels/", levels)
    group = adopt_group(account, community=community, name="花友群", external_id=made, by=TESTS)
    told = Room(made, group, account, stage)
    told.hear_all(stage.mei)
    Event.objects.filter(group=group).delete()
    return told
