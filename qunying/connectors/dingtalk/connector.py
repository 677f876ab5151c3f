"""DingTalk behind the port: a robot in any group, everything in scene groups, a custom robot that only speaks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.dingtalk.checking import check_account
from qunying.connectors.dingtalk.client import Client
from qunying.connectors.dingtalk.conversations import conversations_of, is_scene, note_conversation
from qunying.connectors.dingtalk.doing import BY_WEBHOOK, DOERS
from qunying.connectors.dingtalk.endpoints import MEMBERS, SCENE
from qunying.connectors.dingtalk.streams import wants_line
from qunying.ground.platforms.names import DINGTALK
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
from qunying.ground.platforms.sealing import open_secrets
from qunying.kit.told import listed, part, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qunying.ground.platforms.models import Account

_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "key",
        gettext_lazy("Client ID"),
        gettext_lazy(
            "Formerly AppKey: in the developer console on the app's page “Credentials”. Empty where there is only a "
            "custom robot."
        ),
        required=False,
    ),
    Setting(
        "secret", gettext_lazy("Client Secret"), gettext_lazy("Beside the Client ID."), secret=True, required=False
    ),
    Setting(
        "robot",
        gettext_lazy("RobotCode"),
        gettext_lazy("On the page of the app's robot. Empty: the same as the Client ID, as DingTalk gives it."),
        required=False,
    ),
    Setting(
        "template",
        gettext_lazy("Template of scene groups"),
        gettext_lazy("The number of the template from which the app opens groups. Empty: it opens none."),
        required=False,
    ),
    Setting(
        "webhook",
        gettext_lazy("Token of a custom robot"),
        gettext_lazy("What stands behind access_token= in its address. Such a robot only speaks, in one group."),
        secret=True,
        required=False,
    ),
    Setting(
        "sign",
        gettext_lazy("Signature of the custom robot"),
        gettext_lazy("Begins with SEC, among its security settings."),
        secret=True,
        required=False,
    ),
)
_SPEAKING = frozenset({Action.SEND, Action.WELCOME})
_LIMITS: tuple[Limit, ...] = (
    Limit(_SPEAKING, 20, timedelta(minutes=1), each_group=True),
    Limit(frozenset({Action.TELL}), 20, timedelta(seconds=1)),
)
"""A custom robot that says more than 20 things in a minute is silent for ten; the app's robot keeps to the same."""

_OFFICIAL = Capability(Way.OFFICIAL)
_OF_SCENES = frozenset(
    {Action.LIST_MEMBERS, Action.READ_JOINS, Action.INVITE, Action.REMOVE, Action.MUTE, Action.UNMUTE}
)
_HAND = gettext_lazy("DingTalk offers programs nothing for it: a colleague does it in the app.")
_NO_SCENE = gettext_lazy("Only in scene groups that the app opened from its template; in others a colleague does it.")
_ONLY_SPEAKS = gettext_lazy("A custom robot only speaks: a colleague does it in the app.")
_NO_TEMPLATE = gettext_lazy("The account has no template for groups. Fill it in in its settings.")
_CAPABILITIES: Mapping[Action, Capability] = {
    **dict.fromkeys((*DOERS, *_OF_SCENES), _OFFICIAL),
    # What is said without @ is heard by nobody; but what is said to the robot comes by itself.
    Action.READ_MESSAGES: _OFFICIAL,
    Action.READ_COUNTS: _OFFICIAL,
}
_AT_ONCE = 1000
_MOST_PAGES = 100
_LONGEST_ID = 190


class DingTalkConnector:
    """Serves the groups in which a robot stands."""

    platform = DINGTALK
    settings = _SETTINGS
    limits = _LIMITS

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """At best everything a robot may; in a group, as far as it is a scene group of the app."""
        if group == BY_WEBHOOK:
            return _OFFICIAL if action in _SPEAKING else Capability(Way.HAND, _ONLY_SPEAKS)
        if account is not None and group and action in _OF_SCENES and not is_scene(account, group):
            return Capability(Way.HAND, _NO_SCENE)
        if account is not None and action is Action.OPEN_GROUP and not account.settings.get("template"):
            return Capability(Way.HAND, _NO_TEMPLATE)
        return _CAPABILITIES.get(action, Capability(Way.HAND, _HAND))

    def check(self, account: Account) -> list[Check]:
        """Does DingTalk take the app and open its stream; is the line open; was the robot spoken to."""
        return check_account(account)

    def perform(self, account: Account, order: Order) -> Done:
        """Do it; DingTalk takes no key of ours, so that a lost answer to words is asked of a person."""
        if account.paused_at is not None:
            raise BusyError(_("The account is paused. Nothing leaves through it."))
        doer = DOERS.get(order.action)
        if doer is None:
            raise RefusedError(_("DingTalk has no such action."))
        with Client(account) as client:
            return doer(client, order)

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """The groups in which the robot was spoken to or which it opened, and that of a custom robot."""
        own = [(BY_WEBHOOK, _("Group of the custom robot"))] if open_secrets(account).get("webhook") else []
        return [*conversations_of(account), *own]

    def list_people(self, account: Account, group: str) -> Iterable[Person]:
        """Who is in a scene group; DingTalk tells members of no other."""
        if group == BY_WEBHOOK or not wants_line(account):
            raise RefusedError(_("A custom robot is not told who is in its group."))
        with Client(account) as client:
            found = part(client.ask(SCENE, open_conversation_id=group), "result")
            owner = text(found.get("owner_user_id"), _LONGEST_ID)
            admins = {text(one, _LONGEST_ID) for one in listed(found.get("sub_admin_staff_ids"))}
            names = list(dict.fromkeys(_members(client, group)))
        note_conversation(account, group, title=text(found.get("title"), 120), is_scene=True)
        return [Person(one, role="owner" if one == owner else "admin" if one in admins else "member") for one in names]


def _members(client: Client, group: str) -> Iterator[str]:
    after = "0"
    for _page in range(_MOST_PAGES):
        told = part(client.ask(MEMBERS, open_conversation_id=group, cursor=after, size=_AT_ONCE), "result")
        yield from filter(None, (text(one, _LONGEST_ID) for one in listed(told.get("member_user_ids"))))
        following = str(told.get("next_cursor") or "")
        if not told.get("has_more") or not following or following == after:
            return
        after = following
