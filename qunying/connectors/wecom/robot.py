"""The robot of an internal group, to which notices are told: a connector of its own, for it needs no app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.wecom.client import Client
from qunying.ground.platforms.bulletins import trouble_of
from qunying.ground.platforms.port import Action, Capability, Check, RefusedError, Setting, Way
from qunying.ground.platforms.sealing import open_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Done, Limit, Order, Person

ROBOT = "wecom_robot"
LABEL = gettext_lazy("WeCom group robot")
_HOST = "qyapi.weixin.qq.com"
_KEY = re.compile(r"[0-9A-Za-z-]{8,64}")
_MOST_BYTES = 2048
_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "address",
        gettext_lazy("Address of the robot"),
        gettext_lazy(
            "In the internal group: “…” → “Message push” → add, copy the Webhook address. It is kept encrypted: "
            "whoever has it can write into the group."
        ),
        secret=True,
    ),
)
_ALONE = Capability(Way.HAND, gettext_lazy("A robot only tells notices in an internal group."))


class RobotConnector:
    """Tells notices; it has no groups of ours and sends nothing else."""

    platform = ROBOT
    settings = _SETTINGS
    limits: tuple[Limit, ...] = ()

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:  # noqa: ARG002 - the port's
        """Nothing of what groups need."""
        return _ALONE

    def check(self, account: Account) -> list[Check]:
        """Whether the address is one of a robot, and the last notice arrived; nothing is written for a check."""
        known, trouble = bool(key_of(account)), trouble_of(account)
        steps = [Check(gettext_lazy("The address is one of a group robot"), holds=known, words="" if known else _WRONG)]
        return [
            *steps,
            *([Check(gettext_lazy("The last notice arrived"), holds=False, words=trouble)] if trouble else []),
        ]

    def perform(self, account: Account, order: Order) -> Done:  # noqa: ARG002 - the port's
        """Nothing is sent to members by a robot."""
        raise RefusedError(_("WeCom has no such action."))

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:  # noqa: ARG002 - the port's
        """None of ours."""
        return []

    def list_people(self, account: Account, group: str) -> Iterable[Person]:  # noqa: ARG002 - the port's
        """Nobody."""
        return []


_WRONG = gettext_lazy("Copy the whole Webhook address from the group; it begins with https://qyapi.weixin.qq.com.")


def key_of(account: Account) -> str:
    """What lets into the group; '' for an address that is none of a robot's."""
    parts = urlsplit(open_secrets(account).get("address", "").strip())
    keys = parse_qs(parts.query).get("key", [])
    fits = parts.scheme == "https" and parts.hostname == _HOST and parts.path == "/cgi-bin/webhook/send"
    return keys[0] if fits and len(keys) == 1 and _KEY.fullmatch(keys[0]) else ""


def tell(account: Account, words: str) -> None:
    """Write into the group. Wherever the address leads, only WeCom's own is asked."""
    key = key_of(account)
    if not key:
        raise RefusedError(str(_WRONG))
    content = words.encode()[:_MOST_BYTES].decode("utf-8", "ignore")
    with Client(account) as client:
        client.ask("webhook/send", key=key, msgtype="text", text={"content": content})
