"""Official accounts behind the port: the followers as one group, words to one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.official_account.checking import check_account
from qunying.connectors.official_account.client import Client, app_of
from qunying.connectors.official_account.doing import tell
from qunying.connectors.official_account.people import followers
from qunying.ground.platforms.names import OFFICIAL
from qunying.ground.platforms.port import (
    Action,
    BusyError,
    Capability,
    Check,
    Done,
    Limit,
    Order,
    Person,
    RefusedError,
    Setting,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qunying.ground.platforms.models import Account

_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "app",
        gettext_lazy("AppID"),
        gettext_lazy("Begins with wx. In the official account's console under “Development” → “Basic configuration”."),
    ),
    Setting(
        "secret",
        gettext_lazy("AppSecret"),
        gettext_lazy("Beside the AppID; it is shown once, when it is made."),
        secret=True,
    ),
    Setting(
        "address",
        gettext_lazy("Where WeChat finds Qunying"),
        gettext_lazy("Such as https://qunying.example.com. Empty: the public address of the installation."),
        required=False,
    ),
    Setting(
        "token",
        gettext_lazy("Token for messages"),
        gettext_lazy("Only where WeChat has one already. Empty: “Address for messages and events” makes one."),
        secret=True,
        required=False,
    ),
    Setting(
        "aes_key",
        gettext_lazy("Key for messages (EncodingAESKey)"),
        gettext_lazy("As above: 43 letters. Without one, messages come unencrypted."),
        secret=True,
        required=False,
    ),
)
_TALKS = frozenset({Action.TELL, Action.WELCOME})
_LIMITS: tuple[Limit, ...] = (Limit(_TALKS, 500, timedelta(minutes=1)),)
"""WeChat names no bound by minute for messages of the customer service; we go gently."""

_OFFICIAL = Capability(Way.OFFICIAL)
_NOTHING = gettext_lazy("An official account talks to one person at a time: there is nothing of the kind.")
_CAPABILITIES: Mapping[Action, Capability] = {
    Action.READ_MESSAGES: _OFFICIAL,
    Action.READ_JOINS: _OFFICIAL,
    Action.LIST_MEMBERS: _OFFICIAL,
    Action.READ_COUNTS: _OFFICIAL,
    Action.JOIN_LINK: _OFFICIAL,
    Action.TELL: _OFFICIAL,
    Action.WELCOME: _OFFICIAL,
    Action.SEND: Capability(
        Way.HAND,
        gettext_lazy(
            "WeChat gives an account few mass messages in a month: a colleague sends them in its console, and looks."
        ),
    ),
    Action.BAN: Capability(Way.HAND, gettext_lazy("A colleague puts the follower on the blacklist in the console.")),
    Action.UNBAN: Capability(Way.HAND, gettext_lazy("A colleague takes the follower off the blacklist again.")),
}


class OfficialConnector:
    """Serves the followers of official accounts."""

    platform = OFFICIAL
    settings = _SETTINGS
    limits = _LIMITS

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:  # noqa: ARG002 - the port's
        """The same for every account; whether a person wrote lately is known only when it is sent."""
        return _CAPABILITIES.get(action, Capability(Way.IMPOSSIBLE, _NOTHING))

    def check(self, account: Account) -> list[Check]:
        """Does WeChat trust and take us, tell us followers; does it find us; is there a community."""
        return check_account(account)

    def perform(self, account: Account, order: Order) -> Done:
        """Write to a follower; codes are made by a port of their own, everything else goes by hand or not at all."""
        if account.paused_at is not None:
            raise BusyError(_("The account is paused. Nothing leaves through it."))
        if order.action not in _TALKS:
            raise RefusedError(_("An official account has no such action."))
        with Client(account) as client:
            return tell(client, order)

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """The followers of the account as its one group."""
        return [(app_of(account), _("Followers of %(name)s") % {"name": account.name})]

    def list_people(self, account: Account, group: str) -> Iterable[Person]:
        """Every follower, since when, by which code."""
        if group != app_of(account):
            raise RefusedError(_("The group belongs to another AppID. Tie it anew."))
        return followers(account)
