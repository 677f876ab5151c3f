"""The registry of event kinds, and the kinds the ground itself owns."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


class Grade(StrEnum):
    """How much of themselves a person shows by a fact of this kind."""

    SEEN = "seen"
    INTERACTIVE = "interactive"
    SPEAKING = "speaking"


class Presence(StrEnum):
    """What a fact says about being in the group."""

    OPENS = "opens"
    CLOSES = "closes"
    SHOWS = "shows"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact: what it means, what its payload may hold, what it says about the person.

    `grade` is None where the fact is not an act of the person's own (joined, left, renamed): such
    facts never make anyone active. `plain` names the fields of the payload that say nothing personal and
    stay when the person is erased; all others go.
    """

    name: str
    meaning: _StrPromise
    owner: str
    grade: Grade | None
    presence: Presence = Presence.SHOWS
    payload: Mapping[str, type] = field(default_factory=dict)
    money: bool = False
    plain: frozenset[str] = frozenset()


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Add a kind to the registry; a name belongs to one owner for good."""
    if kind.name in _kinds and _kinds[kind.name].owner != kind.owner:
        raise ValueError(f"the event kind {kind.name} already belongs to {_kinds[kind.name].owner}")
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> Kind:
    """The kind of this name; raises QunyingError naming those that exist."""
    try:
        return _kinds[name]
    except KeyError:
        raise QunyingError(
            _("There is no event kind “%(name)s”. Known kinds: %(known)s.")
            % {"name": name, "known": ", ".join(sorted(_kinds))}
        ) from None


def all_kinds() -> list[Kind]:
    """Every declared kind, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def kinds_of_grade(grade: Grade) -> list[str]:
    """Names of the kinds that make a person active in this grade; `seen` is any act of one's own."""
    wanted = set(Grade) if grade is Grade.SEEN else {grade}
    return sorted(kind.name for kind in _kinds.values() if kind.grade in wanted)


_PLAIN = frozenset({"role", "form", "sign", "units", "product"})


def _ground(  # noqa: PLR0913 - one line per kind below reads better than objects built by hand
    name: str,
    meaning: _StrPromise,
    grade: Grade | None,
    *,
    presence: Presence = Presence.SHOWS,
    payload: Mapping[str, type] | None = None,
    money: bool = False,
) -> Kind:
    fields = payload or {}
    plain = frozenset(field for field, kind in fields.items() if kind is not str or field in _PLAIN)
    return declare(Kind(name, meaning, "events", grade, presence, fields, money, plain))


JOINED = _ground("joined", _("Came into the group."), None, presence=Presence.OPENS, payload={"role": str})
LEFT = _ground("left", _("Left the group or was removed."), None, presence=Presence.CLOSES, payload={"reason": str})
RENAMED = _ground("renamed", _("Took another name."), None, payload={"name": str})
ROLE_CHANGED = _ground("role_changed", _("Was given another part in the group."), None, payload={"role": str})
SPOKE = _ground("spoke", _("Sent a message."), Grade.SPEAKING, payload={"form": str, "topic": str})
REPLIED = _ground("replied", _("Answered a message with one of their own."), Grade.INTERACTIVE)
MENTIONED = _ground(
    "mentioned", _("Called someone by name in a message."), Grade.INTERACTIVE, payload={"everyone": bool}
)
RECALLED = _ground("recalled", _("Took a message back."), Grade.SEEN)
EDITED = _ground("edited", _("Changed the words of a message they had sent."), Grade.SEEN)
RENAMED_GROUP = _ground("renamed_group", _("Gave the group another name."), Grade.SEEN, payload={"name": str})
READ = _ground("read", _("Opened a message or an article."), Grade.SEEN)
REACTED = _ground("reacted", _("Answered a message with a sign."), Grade.INTERACTIVE, payload={"sign": str})
LIKED = _ground("liked", _("Liked a piece of content."), Grade.INTERACTIVE)
COMMENTED = _ground("commented", _("Commented on a piece of content."), Grade.INTERACTIVE)
SHARED = _ground("shared", _("Passed a piece of content on."), Grade.INTERACTIVE)
CHECKED_IN = _ground("checked_in", _("Checked in."), Grade.INTERACTIVE)
INVITED = _ground("invited", _("Invited someone."), Grade.INTERACTIVE)
SIGNED_UP = _ground("signed_up", _("Signed up for an activity."), Grade.INTERACTIVE)
ATTENDED = _ground("attended", _("Took part in an activity."), Grade.INTERACTIVE)
ANSWERED = _ground("answered", _("Answered a question or a survey."), Grade.INTERACTIVE, payload={"choice": str})
COMPLAINED = _ground("complained", _("Complained."), Grade.INTERACTIVE)
ORDERED = _ground(
    "ordered",
    _("Paid for an order, or for one line of it."),
    Grade.SEEN,
    payload={"units": float, "product": str},
    money=True,
)
REFUNDED = _ground("refunded", _("Got money back for an order."), Grade.SEEN, money=True)
PUBLISHED = _ground(
    "published",
    _("A piece of content appeared on a platform; told once for each piece."),
    None,
    presence=Presence.NOTHING,
    payload={"platform": str, "account": str, "title": str, "form": str, "url": str},
)
MEASURED = _ground(
    "measured",
    _("A platform's table gave the figures of a piece of content or of an account, as of that moment."),
    None,
    presence=Presence.NOTHING,
    payload={
        "platform": str,
        "account": str,
        "title": str,
        "exposures": int,
        "views": int,
        "viewers": int,
        "likes": int,
        "comments": int,
        "shares": int,
        "saves": int,
        "recommendations": int,
        "barrages": int,
        "profile_visits": int,
        "followers_gained": int,
        "link_clicks": int,
        "contacts": int,
        "pieces": int,
        "completion_rate": float,
        "click_rate": float,
        "bounce_rate": float,
        "seconds": float,
        "index": float,
    },
)
