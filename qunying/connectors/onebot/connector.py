"""QQ groups by OneBot behind the port: shut until its notice is accepted, slow once it is."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.onebot.callbacks import PATH
from qunying.connectors.onebot.client import Client, TokenError
from qunying.connectors.onebot.doing import DOERS
from qunying.connectors.onebot.hearing import ROLES, number_of
from qunying.connectors.onebot.models import Line
from qunying.connectors.onebot.notice import ONEBOT, is_accepted
from qunying.ground.platforms.callbacks import callback_path
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
    UnknownError,
    Way,
)
from qunying.kit.told import moment_or_now, part, parts, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

_SETTINGS: tuple[Setting, ...] = (
    Setting("number", gettext_lazy("QQ number of the account"), gettext_lazy("One that nobody would miss.")),
    Setting(
        "api",
        gettext_lazy("Address of the OneBot program"),
        gettext_lazy(
            "Its HTTP address, such as http://127.0.0.1:3000. A host inside must stand in QUNYING_INSIDE_HOSTS."
        ),
    ),
    Setting(
        "token",
        gettext_lazy("Access token"),
        gettext_lazy("The same as in the program's HTTP server."),
        secret=True,
        required=False,
    ),
    Setting(
        "secret",
        gettext_lazy("Secret of events"),
        gettext_lazy("The same as in the program's HTTP reporting. Events without a signature are refused."),
        secret=True,
    ),
    Setting(
        "pause",
        gettext_lazy("Seconds between two messages"),
        gettext_lazy("At least 3, and up to half as much again by chance. Empty: 5."),
        required=False,
    ),
    Setting("per_day", gettext_lazy("Messages a day"), gettext_lazy("At most 500. Empty: 60."), required=False),
    Setting(
        "check_in",
        gettext_lazy("Word that checks in"),
        gettext_lazy("Who sends just this word has checked in. Empty: nobody does."),
        required=False,
    ),
)
_SPEAKING = frozenset({Action.SEND, Action.WELCOME})
_MANAGING = frozenset(
    {Action.MUTE, Action.UNMUTE, Action.REMOVE, Action.BAN, Action.ADMIT, Action.TURN_AWAY, Action.PIN, Action.WITHDRAW}
)
_LIMITS: tuple[Limit, ...] = (
    Limit(_SPEAKING, 1, timedelta(seconds=3)),
    Limit(_SPEAKING, 1, timedelta(seconds=5), each_group=True),
)
"""The floor; each account's own settings may be slower."""
_RISKY = gettext_lazy("By an unofficial protocol, for which QQ may close the account.")
_BY_HAND = gettext_lazy("By an unofficial protocol this is how accounts are lost: somebody does it in the app.")
_HEARS = frozenset({Action.READ_MESSAGES, Action.READ_JOINS, Action.LIST_MEMBERS})
_SEEN_SECONDS = 60.0
_MOST_GROUPS = 10_000
_RECENT = timedelta(minutes=10)

_NOTICE = gettext_lazy("The notice was accepted")
_ANSWERS = gettext_lazy("The OneBot program answers as this account")
_ONLINE = gettext_lazy("The account is signed in to QQ")
_EVENTS = gettext_lazy("Events arrive here")


class OneBotConnector:
    """Serves QQ groups by a program that plays an ordinary account."""

    platform = ONEBOT
    settings = _SETTINGS
    limits = _LIMITS

    def __init__(self) -> None:
        self._roles: dict[tuple[int, str], tuple[str, float]] = {}

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """By itself where the notice was accepted and, for looking after members, where it is an administrator."""
        if action not in _SPEAKING | _MANAGING | _HEARS:
            return Capability(Way.HAND, _BY_HAND)
        if account is None:
            return Capability(Way.OFFICIAL, _RISKY)
        if not is_accepted(account):
            return Capability(Way.HAND, _("The notice of this account was not accepted yet."))
        if group and action in _MANAGING and self._role(account, group) == "member":
            return Capability(
                Way.HAND, _("The account is no administrator of this group. Its owner makes it one in QQ.")
            )
        return Capability(Way.OFFICIAL, _RISKY)

    def _role(self, account: Account, group: str) -> str:
        """What the account is in a group, asked at most once a minute; '' where nobody answers."""
        known = self._roles.get((account.pk, group))
        if known is not None and time.monotonic() - known[1] < _SEEN_SECONDS:
            return known[0]
        own = number_of(account.settings.get("number"))
        try:
            told = Client(account).ask(
                "get_group_member_info", changes=False, group_id=int(number_of(group) or 0), user_id=int(own or 0)
            )
        except (RefusedError, BusyError, UnknownError):
            return known[0] if known else ""
        if len(self._roles) > _MOST_GROUPS:
            self._roles.clear()
        role = ROLES.get(text(part(told).get("role")), "member")
        self._roles[account.pk, group] = (role, time.monotonic())
        return role

    def check(self, account: Account) -> list[Check]:
        """Was the notice accepted, does the program answer as this account, is that signed in, do events arrive."""
        accepted = is_accepted(account)
        first = Check(_NOTICE, holds=accepted, words="" if accepted else _READ_IT)
        if not accepted:
            return [first]
        client, own = Client(account), str(account.settings.get("number", ""))
        login, wrong = _try(client, "get_login_info")
        same = number_of(login.get("user_id")) == own
        seen = [first, Check(_ANSWERS, holds=same, words="" if same else wrong or _OTHER)]
        if same:
            status, _wrong = _try(client, "get_status")
            online = status.get("online") is True
            seen.append(Check(_ONLINE, holds=online, words="" if online else _OFFLINE))
        heard = Line.objects.filter(account=account, heard_at__gte=timezone.now() - _RECENT).exists()
        return [
            *seen,
            Check(_EVENTS, holds=heard, words="" if heard else format_lazy(_DEAF, address=_address(account))),
        ]

    def perform(self, account: Account, order: Order) -> Done:
        """Do it, once the notice was accepted; messages leave one after another, slowly."""
        if account.paused_at is not None:
            raise BusyError(_("The account is paused. Nothing leaves through it."))
        if not is_accepted(account):
            raise RefusedError(_("The notice of this account was not accepted yet."))
        doer = DOERS.get(order.action)
        if doer is None:
            raise RefusedError(_("That is not done by OneBot. Somebody does it in QQ."))
        return doer(Client(account), order)

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """The groups the account is in."""
        told = parts(_open(account).ask("get_group_list", changes=False))
        named = ((number_of(one.get("group_id")), text(one.get("group_name"), 120)) for one in told)
        return sorted(((number, name or number) for number, name in named if number), key=lambda one: (one[1], one[0]))

    def list_people(self, account: Account, group: str) -> Iterable[Person]:
        """Who is in the group, without the account itself."""
        listed = parts(_open(account).ask("get_group_member_list", changes=False, group_id=int(number_of(group) or 0)))
        own, people = str(account.settings.get("number", "")), []
        for one in listed:
            number = number_of(one.get("user_id"))
            if number and number != own:
                name = text(one.get("card") or one.get("nickname"), 120)
                since = moment_or_now(one["join_time"]) if one.get("join_time") else None
                people.append(Person(number, name, ROLES.get(text(one.get("role")), "member"), since))
        return people


_READ_IT = gettext_lazy("An administrator reads and accepts it on this page. Until then nothing goes in or out.")
_OTHER = gettext_lazy("It plays another QQ account than the one in the settings.")
_OFFLINE = gettext_lazy("The program is there and QQ is not. Sign the account in again there.")
_SILENT = gettext_lazy(
    "It does not answer. Look whether it runs, whether the address is right, and whether its host stands in "
    "QUNYING_INSIDE_HOSTS."
)
_NO_TOKEN = gettext_lazy("It does not take the access token. Enter the same one on both sides.")
_DEAF = gettext_lazy(
    "Nothing was heard for ten minutes. In the program set up HTTP reporting to {address} with the secret, and switch "
    "on heartbeats."
)


def _address(account: Account) -> str:
    """Where the program reports events: as others reach us, for nobody knows where it runs."""
    return f"{str(settings.PUBLIC_URL).rstrip('/')}{callback_path(account)}/{PATH}"


def _open(account: Account) -> Client:
    if not is_accepted(account):
        raise RefusedError(_("The notice of this account was not accepted yet."))
    return Client(account)


def _try(client: Client, action: str) -> tuple[dict[str, object], str | _StrPromise]:
    try:
        return dict(part(client.ask(action, changes=False))), ""
    except (RefusedError, BusyError, UnknownError) as error:
        # Each step is kept in every language of the house, which the error's own sentence is not.
        return {}, _NO_TOKEN if isinstance(error, TokenError) else _SILENT
