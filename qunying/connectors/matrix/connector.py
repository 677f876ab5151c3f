"""Matrix behind the port: what goes there, how an account is set up and looked at, orders, rooms, people."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.matrix.checking import check_account
from qunying.connectors.matrix.client import Client, path
from qunying.connectors.matrix.doing import DOERS
from qunying.connectors.matrix.hearing import moment, part, role_of, who_is, words
from qunying.ground.platforms.names import MATRIX
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
from qunying.kit.spoken import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qunying.ground.platforms.models import Account

_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "homeserver",
        _("Address of the homeserver"),
        _("Where its client API answers, such as https://matrix.example.org."),
    ),
    Setting(
        "user",
        _("Name of the account"),
        _("Whole, such as @qunying:example.org. The homeserver makes it; nobody else may have it."),
    ),
    Setting(
        "address",
        _("Where the homeserver finds Qunying"),
        _("Such as https://qunying.example.com. Empty: the public address of the installation."),
        required=False,
    ),
    Setting(
        "as_token",
        _("Token we show (as_token)"),
        _("Only where a registration exists already. Empty: the registration file brings one."),
        secret=True,
        required=False,
    ),
    Setting(
        "hs_token",
        _("Token the homeserver shows (hs_token)"),
        _("As above."),
        secret=True,
        required=False,
    ),
)

_PACE = frozenset({Action.SEND, Action.WELCOME, Action.TELL, Action.POLL})
_LIMITS: tuple[Limit, ...] = (
    Limit(_PACE, 10, timedelta(seconds=1)),
    Limit(_PACE, 20, timedelta(minutes=1), each_group=True),
)

_NO_CHANNEL = _("A link to a room is the same for everybody and tells no channel. Share it by hand.")
_OFFICIAL = Capability(Way.OFFICIAL)
_NEEDS = {
    Action.PIN: ("events", "m.room.pinned_events", "state_default", 50),
    Action.MUTE: ("events", "m.room.power_levels", "state_default", 50),
    Action.UNMUTE: ("events", "m.room.power_levels", "state_default", 50),
    Action.WITHDRAW: ("", "redact", "", 50),
    Action.REMOVE: ("", "kick", "", 50),
    Action.BAN: ("", "ban", "", 50),
    Action.UNBAN: ("", "ban", "", 50),
    Action.INVITE: ("", "invite", "", 0),
    Action.SEND: ("events", "m.room.message", "events_default", 0),
    Action.WELCOME: ("events", "m.room.message", "events_default", 0),
    Action.POLL: ("events", "m.room.message", "events_default", 0),
}
"""Where a room's power levels say how much an action takes: the list, the name, what stands for it, the default."""
_SEEN_SECONDS = 60.0
_MOST_ROOMS = 10_000
_FOUNDERS_SINCE = 12


@dataclass(frozen=True, slots=True)
class _Room:
    """What a room allows, as it was seen at a time of this process."""

    levels: Mapping[str, Any]
    founders: set[str]
    encrypted: bool
    seen: float


class MatrixConnector:
    """Serves Matrix by an application service of one homeserver."""

    platform = MATRIX
    settings = _SETTINGS
    limits = _LIMITS

    def __init__(self) -> None:
        self._rooms: dict[tuple[int, str], _Room] = {}

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """Everything but telling the channel goes by itself; in a group, as far as the account's power reaches.

        What a room allows is asked at most once a minute; where it does not answer, the best is hoped for.
        """
        if action is Action.JOIN_LINK:
            return Capability(Way.HAND, _NO_CHANNEL)
        room = self._room(account, group) if account is not None and group else None
        if room is None or account is None:
            return _OFFICIAL
        if room.encrypted and action is Action.READ_MESSAGES:
            return Capability(Way.IMPOSSIBLE, _("The room is encrypted: that people speak is seen, not what they say."))
        own = str(account.settings.get("user", ""))
        return _OFFICIAL if own in room.founders else _allowed(action, room.levels, own)

    def _room(self, account: Account, group: str) -> _Room | None:
        known = self._rooms.get((account.pk, group))
        if known is not None and time.monotonic() - known.seen < _SEEN_SECONDS:
            return known
        try:
            state = Client(account).ask_list(path("rooms", group, "state"))
        except (RefusedError, BusyError, UnknownError):
            return known
        encrypted = any(one.get("type") == "m.room.encryption" for one in state)
        if len(self._rooms) > _MOST_ROOMS:
            self._rooms.clear()
        self._rooms[account.pk, group] = _Room(_levels(state), _founders(state), encrypted, time.monotonic())
        return self._rooms[account.pk, group]

    def check(self, account: Account) -> list[Check]:
        """Is the server there, does it know the account, does it find us."""
        return check_account(account)

    def perform(self, account: Account, order: Order) -> Done:
        """Do it; a message carries a transaction id made of the order's key, so that twice is once."""
        if account.paused_at is not None:
            raise BusyError(_("The account is paused. Nothing leaves through it."))
        doer = DOERS.get(order.action)
        if doer is None:
            raise RefusedError(_("Matrix has no such action."))
        self._rooms.pop((account.pk, order.group), None)
        return doer(Client(account), order)

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """The rooms the account is in, without those it has with one person alone."""
        client = Client(account)
        rooms = client.get(path("joined_rooms")).get("joined_rooms", [])
        named = [(room, _room_name(client, room)) for room in rooms if isinstance(room, str)]
        return sorted(((room, name) for room, name in named if name), key=lambda pair: (pair[1], pair[0]))

    def list_people(self, account: Account, group: str) -> Iterable[Person]:
        """Who is in the room, without the account itself; `since` is when they came or last changed their name."""
        client = Client(account)
        state = client.ask_list(path("rooms", group, "state"))
        levels, founders = _levels(state), _founders(state)
        return list(_people(state, client.own, levels, founders))


def _people(state: list[dict[str, Any]], own: str, levels: Mapping[str, Any], founders: set[str]) -> Iterator[Person]:
    for event in state:
        content = part(event.get("content"))
        who = who_is(event.get("state_key"), content.get("displayname"))
        there = event.get("type") == "m.room.member" and content.get("membership") == "join"
        if there and who is not None and who.external_id != own:
            power = part(levels, "users").get(who.external_id, levels.get("users_default"))
            role = "admin" if who.external_id in founders else role_of(power)
            yield Person(who.external_id, who.name, role, moment(event.get("origin_server_ts")))


def _levels(state: list[dict[str, Any]]) -> Mapping[str, Any]:
    return next((part(one.get("content")) for one in state if one.get("type") == "m.room.power_levels"), {})


def _founders(state: list[dict[str, Any]]) -> set[str]:
    """Who made the room and is therefore above every power in it: so since version 12 of rooms (MSC4289)."""
    made = next((one for one in state if one.get("type") == "m.room.create"), {})
    content = part(made.get("content"))
    version = str(content.get("room_version", ""))
    if version.isdecimal() and int(version) < _FOUNDERS_SINCE:
        return set()
    others = content.get("additional_creators")
    return {one for one in (made.get("sender"), *(others if isinstance(others, list) else [])) if isinstance(one, str)}


def _room_name(client: Client, room: str) -> str:
    """What people call the room; '' for one of the account and one person."""
    state = client.ask_list(path("rooms", room, "state"))
    by_type = {str(one.get("type")): part(one.get("content")) for one in reversed(state)}
    alias = words(part(by_type.get("m.room.canonical_alias")).get("alias"), 120)
    if alias.startswith(f"#{client.localpart}_dm_"):
        return ""
    return words(part(by_type.get("m.room.name")).get("name"), 120).strip() or alias or room


def _allowed(action: Action, levels: Mapping[str, Any], own: str) -> Capability:
    if action not in _NEEDS:
        return _OFFICIAL
    within, name, default, otherwise = _NEEDS[action]
    needed = part(levels, within).get(name) if within else levels.get(name)
    if not isinstance(needed, int):
        needed = levels.get(default, otherwise) if default else otherwise
    held = part(levels, "users").get(own, levels.get("users_default", 0))
    if isinstance(held, int) and isinstance(needed, int) and held < needed:
        reason = _("The account has power %(held)d in this room, and it takes %(needed)d. Give it that in the room.")
        return Capability(Way.HAND, filled(reason, held=held, needed=needed))
    return _OFFICIAL
