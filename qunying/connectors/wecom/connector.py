"""WeCom's customer groups behind the port: what goes there, how an account is set up, groups, people, mass messages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.wecom.checking import check_account
from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.massing import offer
from qunying.connectors.wecom.moments import LABEL, PLACE
from qunying.connectors.wecom.rolls import fetch_group, note_colleagues
from qunying.ground.members.services import Who, ensure_identities
from qunying.ground.platforms.names import WECOM
from qunying.ground.platforms.port import (
    Action,
    BusyError,
    Capability,
    Check,
    Done,
    Order,
    Person,
    RefusedError,
    Setting,
    Way,
)
from qunying.kit.told import part, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Limit

_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "corp",
        gettext_lazy("Corp ID"),
        gettext_lazy("Begins with ww. In the WeCom console under “My company”, at the bottom."),
    ),
    Setting(
        "secret",
        gettext_lazy("Secret of the app"),
        gettext_lazy("Of an app your company made itself: “Apps” → the app → “Secret”. It arrives in WeCom."),
        secret=True,
    ),
    Setting(
        "address",
        gettext_lazy("Where WeCom finds Qunying"),
        gettext_lazy("Such as https://qunying.example.com. Empty: the public address of the installation."),
        required=False,
    ),
    Setting(
        "token",
        gettext_lazy("Token for events"),
        gettext_lazy("Only where WeCom has one already. Empty: “Address for events” makes one."),
        secret=True,
        required=False,
    ),
    Setting(
        "aes_key",
        gettext_lazy("Key for events (EncodingAESKey)"),
        gettext_lazy("As above: 43 letters."),
        secret=True,
        required=False,
    ),
    Setting(
        "community",
        gettext_lazy("Community of the contacts"),
        gettext_lazy("The short name of a community, to which whoever adds a colleague then belongs. Empty: none."),
        required=False,
    ),
    Setting(
        "welcome",
        gettext_lazy("Welcome for new contacts"),
        gettext_lazy("Sent within 20 seconds after somebody adds a colleague. Empty: WeCom's own welcome, or none."),
        required=False,
    ),
    Setting(
        "agent",
        gettext_lazy("Number of the app (AgentId)"),
        gettext_lazy("On the page of the app. Only where colleagues want their tasks on their phones."),
        required=False,
    ),
    Setting(
        "monthly",
        gettext_lazy("Mass messages a month"),
        gettext_lazy(
            "For each group and customer. Empty: as many as the month has days, which is WeCom's own measure. Fill in "
            "less where your company allows less."
        ),
        required=False,
    ),
)

_OFFICIAL = Capability(Way.OFFICIAL)
_STAFF = gettext_lazy("WeCom lets only the owner of the group do it, in the app.")
_NONE = gettext_lazy("WeCom offers programs nothing for it: a colleague does it in the app.")
_CAPABILITIES: Mapping[Action, Capability] = {
    Action.READ_MESSAGES: Capability(
        Way.IMPORT, gettext_lazy("Only with the paid message archive, whose decrypted files can be imported.")
    ),
    Action.READ_JOINS: _OFFICIAL,
    Action.LIST_MEMBERS: _OFFICIAL,
    Action.READ_COUNTS: Capability(
        Way.HAND, gettext_lazy("WeCom tells programs only totals for each owner and day: look it up in the app.")
    ),
    Action.JOIN_LINK: _OFFICIAL,
    Action.SEND: Capability(
        Way.CONFIRM, gettext_lazy("WeCom has the owner of the group confirm every mass message on their phone.")
    ),
    Action.TELL: Capability(
        Way.CONFIRM, gettext_lazy("WeCom has the colleague whose contact it is confirm it on their phone.")
    ),
    Action.WELCOME: Capability(
        Way.HAND, gettext_lazy("The owner chooses the welcome once for each group; WeCom then sends it by itself.")
    ),
    Action.MUTE: Capability(Way.HAND, _STAFF),
    Action.UNMUTE: Capability(Way.HAND, _STAFF),
    Action.REMOVE: Capability(Way.HAND, _STAFF),
    Action.BAN: Capability(Way.HAND, _STAFF),
    Action.UNBAN: Capability(Way.HAND, _STAFF),
}
_AT_ONCE = 6
"""Calls at the same time; above ten WeCom refuses (45033)."""
_LONGEST_ID = 64


_POST = Capability(
    Way.CONFIRM, gettext_lazy("WeCom has every colleague with contacts confirm a moment on their phone.")
)


class WeComConnector:
    """Serves the customer groups of one corp by an app of its own."""

    platform = WECOM
    settings = _SETTINGS
    limits: tuple[Limit, ...] = ()

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:  # noqa: ARG002 - the port's
        """The same in every group, for WeCom gives programs no more in one than in another; moments are only posted."""
        if group == PLACE:
            return _POST if action is Action.SEND else Capability(Way.HAND, _NONE)
        return _CAPABILITIES.get(action, Capability(Way.HAND, _NONE))

    def check(self, account: Account) -> list[Check]:
        """Does WeCom take us, trust us, show us people and groups; does it find us."""
        return check_account(account)

    def perform(self, account: Account, order: Order) -> Done:
        """Lay a mass message before whoever has to confirm it; everything else goes by hand."""
        if account.paused_at is not None:
            raise BusyError(_("The account is paused. Nothing leaves through it."))
        if order.action not in {Action.SEND, Action.TELL}:
            raise RefusedError(_("WeCom has no such action."))
        return offer(account, order)

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """The moments of all contacts, and every customer group of the corp that the app may see."""
        with Client(account) as client:
            pages = client.pages("externalcontact/groupchat/list", "group_chat_list", status_filter=0, limit=1000)
            ids = [text(part({"": one}, "").get("chat_id"), _LONGEST_ID) for one in pages]
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                names = list(pool.map(lambda name: fetch_group(client, name).name, filter(None, ids)))
        named = zip(filter(None, ids), names, strict=True)
        found = sorted(((name, label or _unnamed()) for name, label in named), key=lambda pair: (pair[1], pair[0]))
        return [(PLACE, str(LABEL)), *found]

    def list_people(self, account: Account, group: str) -> Iterable[Person]:
        """Who is in the group, since when, by which code and by whom; nobody is a member of moments."""
        if group == PLACE:
            return []
        with Client(account) as client:
            people = fetch_group(client, group).people.values()
        own = [one for one in people if one.colleague]
        with transaction.atomic():
            ensure_identities(Who(WECOM, one.id, one.name) for one in own)
            note_colleagues({one.id for one in own})
        return [
            Person(one.id, one.name, one.role, one.since, one.state, one.inviter if one.inviter != one.id else "")
            for one in people
        ]


def _unnamed() -> str:
    return _("Group without a name")
