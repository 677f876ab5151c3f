"""QQ groups with an official robot behind the port: what goes there, its set-up, orders, groups, people."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.qq.checking import check_account
from qunying.connectors.qq.client import Client, path
from qunying.connectors.qq.doing import DOERS
from qunying.connectors.qq.hearing import LONGEST_ID, ROLES
from qunying.connectors.qq.models import Place
from qunying.connectors.qq.openings import is_open
from qunying.ground.platforms.names import QQ
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
from qunying.kit.told import moment_or_now, name_of, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

_SETTINGS: tuple[Setting, ...] = (
    Setting("app_id", gettext_lazy("AppID"), gettext_lazy("On q.qq.com: the robot → “Development” → “Settings”.")),
    Setting(
        "secret",
        gettext_lazy("AppSecret"),
        gettext_lazy("There as well. QQ shows it once; a new one makes the old one stop working."),
        secret=True,
    ),
    Setting(
        "address",
        gettext_lazy("Where QQ finds Qunying"),
        gettext_lazy("Such as https://qunying.example.com. Empty: the public address of the installation."),
        required=False,
    ),
    Setting(
        "check_in",
        gettext_lazy("Word that checks in"),
        gettext_lazy("Who sends just this word, or presses a button that says so, has checked in. Empty: nobody does."),
        required=False,
    ),
)
_SPEAKING = frozenset({Action.SEND, Action.WELCOME, Action.POLL})
_MANAGING = frozenset(
    {
        Action.MUTE,
        Action.UNMUTE,
        Action.REMOVE,
        Action.BAN,
        Action.UNBAN,
        Action.ADMIT,
        Action.TURN_AWAY,
        Action.WITHDRAW,
    }
)
_LIMITS: tuple[Limit, ...] = (
    Limit(_SPEAKING | {Action.TELL}, 5, timedelta(seconds=1)),
    Limit(_SPEAKING, 5, timedelta(minutes=1), each_group=True),
)
"""QQ publishes no numbers for what a robot says of its own accord; a group that is spoken to more gets tired of it."""

_OFFICIAL = Capability(Way.OFFICIAL)
_ACTIVE = gettext_lazy("Of its own accord only where the owner of the group allows it; answers for five minutes.")
_ADMIN = gettext_lazy("Only where the robot is an administrator of the group.")
_ALL = gettext_lazy("Only where the owner lets the robot read everything.")
_WHO_WROTE = gettext_lazy("Only to people who wrote to the robot or allow it to write.")
_NONE = gettext_lazy("QQ offers programs nothing for it: somebody does it in the app.")
_CHANNEL = gettext_lazy(
    "A link into a QQ group tells no channel. Ask in the question for joining where people heard of you."
)
_AT_BEST: Mapping[Action, Capability] = {
    Action.READ_JOINS: _OFFICIAL,
    Action.LIST_MEMBERS: _OFFICIAL,
    Action.READ_MESSAGES: Capability(Way.OFFICIAL, _ALL),
    Action.TELL: Capability(Way.OFFICIAL, _WHO_WROTE),
    Action.JOIN_LINK: Capability(Way.HAND, _CHANNEL),
    **dict.fromkeys(_SPEAKING, Capability(Way.OFFICIAL, _ACTIVE)),
    **dict.fromkeys(_MANAGING, Capability(Way.OFFICIAL, _ADMIN)),
}
_SEEN_SECONDS = 60.0
_MOST_PLACES = 10_000


@dataclass(frozen=True, slots=True)
class _State:
    """What a group allows the robot, as it was seen at a time of this process."""

    told: Mapping[str, Any]
    seen: float


class QQConnector:
    """Serves the groups of one official robot."""

    platform = QQ
    settings = _SETTINGS
    limits = _LIMITS

    def __init__(self) -> None:
        self._states: dict[tuple[int, str], _State] = {}

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """As far as the group lets the robot, which is asked at most once a minute; at best, where it says nothing."""
        best = _AT_BEST.get(action, Capability(Way.HAND, _NONE))
        if account is None or not group or best.way is not Way.OFFICIAL:
            return best
        if Place.objects.filter(account=account, external_id=group, gone_at__isnull=False).exists():
            return Capability(Way.HAND, _("The robot is not in this group any more. Let it in again in QQ."))
        state = self._state(account, group)
        if state is None:
            return _OFFICIAL
        missing = _missing(action, state.told)
        if missing and action in _SPEAKING and is_open(account, group):
            return _OFFICIAL
        way = Way.IMPORT if action is Action.READ_MESSAGES else Way.HAND
        return Capability(way, missing) if missing else _OFFICIAL

    def _state(self, account: Account, group: str) -> _State | None:
        known = self._states.get((account.pk, group))
        if known is not None and time.monotonic() - known.seen < _SEEN_SECONDS:
            return known
        try:
            with Client(account) as client:
                told = client.get(path("groups", group, "bot_state"))
        except (RefusedError, BusyError, UnknownError):
            return known
        if len(self._states) > _MOST_PLACES:
            self._states.clear()
        self._states[account.pk, group] = _State(told, time.monotonic())
        return self._states[account.pk, group]

    def check(self, account: Account) -> list[Check]:
        """Does QQ take us, does it find us, is the robot in groups, and what do they let it."""
        return check_account(account)

    def perform(self, account: Account, order: Order) -> Done:
        """Do it; an answer carries a number made of the order's key, so that twice is once."""
        if account.paused_at is not None:
            raise BusyError(_("The account is paused. Nothing leaves through it."))
        doer = DOERS.get(order.action)
        if doer is None:
            raise RefusedError(_("QQ has no such action."))
        self._states.pop((account.pk, order.group), None)
        with Client(account) as client:
            return doer(client, order)

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """The groups of which QQ told that the robot is in them; it lists them nowhere."""
        rows = list(Place.objects.filter(account=account, gone_at=None))
        with Client(account) as client:
            for row in rows:
                if not row.name:
                    name_place(client, row)
        return sorted(
            ((row.external_id, row.name or row.external_id) for row in rows), key=lambda one: (one[1], one[0])
        )

    def list_people(self, account: Account, group: str) -> Iterable[Person]:
        """Who is in the group, without robots."""
        with Client(account) as client:
            return list(_people(client.pages(path("groups", group, "members"), "members")))


def name_place(client: Client, place: Place) -> None:
    """Ask what the group is called; a group that does not say stays without a name."""
    try:
        told = client.get(path("groups", place.external_id, "info"))
    except RefusedError:
        return
    place.name = text(told.get("group_name"), Place.NAME_LENGTH)
    place.save(update_fields=["name"])


def _people(listed: Iterable[Mapping[str, Any]]) -> Iterator[Person]:
    for one in listed:
        openid = name_of(one.get("member_openid"), LONGEST_ID)
        if openid and one.get("bot") is not True:
            role = ROLES.get(text(one.get("member_role")), "member")
            since = moment_or_now(one["joined_at"]) if one.get("joined_at") else None
            yield Person(openid, text(one.get("username"), 120), role, since)


def _missing(action: Action, told: Mapping[str, Any]) -> str | _StrPromise:
    """Why the group does not let the robot do it; '' where it does."""
    if action in _SPEAKING and told.get("allow_proactive_msg") is not True:
        return _("The group does not let the robot speak of its own accord. Its owner allows it in QQ: group → robot.")
    if action in _MANAGING and told.get("member_role") not in ROLES:
        return _("The robot is no administrator of this group. Its owner makes it one in QQ.")
    if action is Action.READ_MESSAGES and told.get("recv_msg_setting") != "all":
        return _("Only messages that call the robot by @ are heard. The owner of the group may let it read everything.")
    return ""
