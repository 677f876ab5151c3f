"""What each platform allows, whether anything here connects to it yet or not: the table behind the comparison page.

As the platforms' own documents and laws told in autumn 2026. Where a connector serves a platform, what it says itself
stands in place of these lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.ground.platforms.port import ACTION_WORDS, Action, Capability, Way, connector_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.functional import _StrPromise

SCHEDULE, CHECK_IN = "schedule", "check_in"
TOPICS: Mapping[str, _StrPromise] = {
    **{
        str(action): ACTION_WORDS[action]
        for action in (
            Action.READ_MESSAGES,
            Action.READ_JOINS,
            Action.LIST_MEMBERS,
            Action.SEND,
        )
    },
    SCHEDULE: pgettext_lazy("platform action", "Send at a set time"),
    **{
        str(action): ACTION_WORDS[action]
        for action in (
            Action.WELCOME,
            Action.MUTE,
            Action.REMOVE,
            Action.WITHDRAW,
            Action.PIN,
            Action.POLL,
        )
    },
    CHECK_IN: pgettext_lazy("platform action", "Check in"),
    str(Action.JOIN_LINK): ACTION_WORDS[Action.JOIN_LINK],
    str(Action.READ_COUNTS): ACTION_WORDS[Action.READ_COUNTS],
}
"""What platforms are compared by, in the order of the lines below."""

_WAYS = {"o": Way.OFFICIAL, "c": Way.CONFIRM, "h": Way.HAND, "i": Way.IMPORT, "x": Way.IMPOSSIBLE}
_REASONS: Mapping[str, _StrPromise] = {
    "archive": _("Only with the paid message archive; without it, from files."),
    "admin": _("Only where the robot is an administrator of the group."),
    "all": _("Only where the owner lets the robot read everything."),
    "at": _("Only messages that call the robot by @; all of them with an archive."),
    "active": _("Messages of one's own accord only where the owner allows them; answers always."),
    "ask": _("The platform has an application approved first."),
    "button": _("As a card with buttons."),
    "click": _("A page of one's own counts clicks; who joined by it is not told."),
    "confirmed": _("The platform has a colleague confirm every mass message."),
    "files": _("The platform tells nothing of it; it comes from files that people bring."),
    "grown": _("Only by an unofficial protocol, for which accounts are closed: a person does it."),
    "hours": _("Only within 48 hours after the person wrote, or within the month's mass messages."),
    "intent": _("Only with the privileged intents switched on for the robot."),
    "invite": _("Who invited is told where joining is approved."),
    "made": _("Only in groups that the application made itself."),
    "material": _("Set up once for a group; the platform then sends it by itself."),
    "none": _("The platform offers programs nothing for it: a person does it in the app."),
    "nothing": _("There is nothing of the kind there."),
    "own": _("Only one's own messages."),
    "page": _("By a page of one's own, whose link is sent."),
    "plugin": _("By an extension that the server installs."),
    "question": _("By the question asked at joining, or by who invited."),
    "reading": _("Only of messages that the robot sent."),
    "scene": _("Only in scene groups of the organisation."),
    "scope": _("Only with the permission to read group messages."),
    "staff": _("Only colleagues in the app can do it."),
    "token": _("A link to a room is the same for everybody; only a registration token tells the channel."),
    "totals": _("Only what became of mass messages, and totals of a day."),
    "uses": _("Found by comparing how often each invitation was used."),
    "window": _("At once after a first contact, within 20 seconds."),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One column of the comparison: a platform, or one of the kinds of group it has."""

    name: str
    label: _StrPromise
    platform: str
    line: str
    """One word for each topic: the way's letter, and after a colon the name of the reason."""


_PLACES = (
    Place(
        "wecom_group",
        _("WeCom customer group"),
        "wecom",
        "i:archive o o c:confirmed c:confirmed c:material h:staff h:staff h:none h:none h:page h:page o o:totals",
    ),
    Place(
        "wecom_customer",
        _("WeCom customer, one to one"),
        "wecom",
        "i:archive o o c:confirmed c:confirmed o:window h:staff x:nothing h:none h:none h:page o:page o o:totals",
    ),
    Place(
        "wecom_internal",
        _("WeCom internal group"),
        "wecom",
        "o:at h:none o:made o o o:made h:none o:made h:none h:none o:button o:page h:none h:none",
    ),
    Place(
        "wechat",
        _("WeChat group"),
        "wechat",
        "i:files i:files i:files h:none h:none h:none h:none h:none h:none h:none h:page o:page h:click i:files",
    ),
    Place(
        "qq",
        _("QQ group with an official robot"),
        "qq",
        "o:all o o o:active o:active o:active o:admin o:admin o:admin h:none o:button o o:question h:none",
    ),
    Place(
        "qq_plain",
        _("QQ group without one"),
        "qq",
        f"i:grown {'h:grown ' * 10}h:page h:grown h:grown",
    ),
    Place(
        "dingtalk",
        _("DingTalk group"),
        "dingtalk",
        "o:at o:scene o:scene o o o o:scene o:scene o:scene o o:button o:page o:invite o:reading",
    ),
    Place(
        "feishu",
        _("Feishu group"),
        "feishu",
        "o:scope o o o o o o:admin o o:admin o o:button o:page o:click o",
    ),
    Place(
        "official",
        _("Official account"),
        "wechat_official",
        "o o o o:hours o:hours o x:nothing o o:own x:nothing h:page o:page o o",
    ),
    Place(
        "douyin",
        _("Douyin fan group"),
        "douyin",
        "o:ask o:ask h:none o:ask o:ask o:ask h:none h:none o:own h:none h:page h:page h:none i:files",
    ),
    Place(
        "xiaohongshu",
        _("Xiaohongshu group"),
        "xiaohongshu",
        "i:files h:none i:files h:none h:none h:none h:none h:none h:none h:none h:none h:none h:none i:files",
    ),
    Place(
        "kuaishou",
        _("Kuaishou group"),
        "kuaishou",
        "i:files h:none i:files h:none h:none h:none h:none h:none h:none h:none h:none h:none h:none i:files",
    ),
    Place("matrix", _("Matrix room"), "matrix", "o o o o o o o o o o o o h:token o"),
    Place(
        "telegram",
        _("Telegram group"),
        "telegram",
        "o:admin o:admin h:none o o o o:admin o:admin o:admin o:admin o o o o:admin",
    ),
    Place(
        "discord",
        _("Discord server"),
        "discord",
        "o:intent o:intent o:intent o o o o o o o o o o:uses o",
    ),
    Place("forum", _("Discourse, Mattermost, Zulip"), "forum", "o o o o o o o o o o o:plugin o o:invite o"),
)


def places() -> tuple[Place, ...]:
    """Every place that is compared, Chinese ones first."""
    return _PLACES


def place_called(name: str) -> Place | None:
    """The place of this name; None where there is none."""
    return next((place for place in _PLACES if place.name == name), None)


def capability_at(place: Place, topic: str) -> Capability:
    """The way a topic goes there: what its connector says, where one serves it, else what the table has."""
    connector = connector_at(place.platform, place.name)
    if connector is not None and topic in set(Action):
        return connector.capability(Action(topic))
    code, _colon, reason = place.line.split()[list(TOPICS).index(topic)].partition(":")
    return Capability(_WAYS[code], _REASONS[reason] if reason else "")


def is_connected(place: Place) -> bool:
    """Whether a connector serves the platform here."""
    return connector_at(place.platform, place.name) is not None


def along(topic: str) -> Iterator[tuple[Place, Capability]]:
    """Every place with the way this topic goes there."""
    return ((place, capability_at(place, topic)) for place in _PLACES)


def at(place: Place) -> Iterator[tuple[str, Capability]]:
    """Every topic with the way it goes at this place."""
    return ((topic, capability_at(place, topic)) for topic in TOPICS)
