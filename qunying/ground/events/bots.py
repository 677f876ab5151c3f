"""Accounts that look like programs: what speaks for it, for a person to judge; nothing is marked by itself.

Four signs, each with its count: a name as programs bear it, notices instead of messages (a program's way to speak on
IRC), messages cut from one pattern, and messages always at the same minute of the hour. The limits are own choices,
tried on real IRC logs; none is a proof.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from qunying.ground.events.kinds import SPOKE
from qunying.ground.events.models import BotDenial, Event
from qunying.ground.groups.queries import members_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from qunying.ground.groups.models import Community

FEWEST = 5
"""So many messages it takes to judge a manner of speaking."""
LATEST = 200
"""So many of the last messages of an account are looked at."""
TALKERS = 200
"""So many accounts, those with the most messages, are looked at; a program that says little counts for little."""
_MOST_SHARE, _HALF = 0.8, 0.5
_PATTERN, _SHORTEST = 24, 15
_HOURS = 8
_NAMES = re.compile(
    r"(?:.*[^a-z])?bot[\W\d_]*|.{3,}bot[\W\d_]*|ubot\w{0,3}|(?:chan|nick|memo|oper)serv|.*webhook|.*[-_]bridge"
    r"|.*(?:机器人|小助手|小秘书).*",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"^\s*@?[^\s:,，：]{1,40}[:,，：]\s*")
_WORDS = re.compile(r"[\w#]+")
_CHANGING = re.compile(r"\d+|https?://\S+|@\S+")


class Sign(StrEnum):
    """What makes an account look like a program."""

    NAME = "name"
    NOTICES = "notices"
    PATTERN = "pattern"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Reason:
    """A sign: in how many of how many messages, and what it was seen in (the name, the pattern, the minute)."""

    sign: Sign
    seen: str
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Suspect:
    """A member (id and name) who may be a program, with the messages of all time and what speaks for it."""

    member: int
    name: str
    messages: int
    reasons: Sequence[Reason]


def suspects_in(community: Community) -> list[Suspect]:
    """Members who look like programs and are neither marked nor said to be people; those with more signs first.

    Three queries; the second and third read every message of the community.
    """
    names = _names(community)
    said = _said(community, names)
    busy = sorted((pk for pk, count in said.items() if count >= FEWEST), key=lambda pk: (-said[pk], pk))[:TALKERS]
    latest = _latest(community, busy)
    found = []
    for member, name in names.items():
        reasons = [Reason(Sign.NAME, name)] if looks_like_a_name(name) else []
        reasons += manners(latest.get(member, []))
        if reasons and said.get(member):
            found.append(Suspect(member, name, said[member], reasons))
    return sorted(found, key=lambda one: (-len(one.reasons), -one.messages, one.member))


def _names(community: Community) -> dict[int, str]:
    """Those still to be judged, by id."""
    denied = BotDenial.objects.filter(community=community).values("member")
    rows = members_of(community).filter(is_staff=False, is_bot=False).exclude(pk__in=denied).order_by("pk")
    return {row.pk: str(row) for row in rows.only("pk", "display_name")}


def _said(community: Community, members: Mapping[int, str]) -> dict[int, int]:
    """Messages by member."""
    rows = Event.objects.filter(community=community, kind=SPOKE.name, identity__isnull=False)
    counted = rows.values_list("identity__member_id").annotate(n=Count("pk"))
    return {member: count for member, count in counted if member in members}


def _latest(community: Community, members: Iterable[int]) -> dict[int, list[tuple[datetime, str, str]]]:
    """When, in which form and what these members (ids) said last."""
    rows = Event.objects.filter(community=community, kind=SPOKE.name, identity__member__in=list(members))
    place = Window(RowNumber(), partition_by=F("identity__member"), order_by=[F("occurred_at").desc(), F("pk").desc()])
    found: dict[int, list[tuple[datetime, str, str]]] = {}
    last = rows.annotate(place=place).filter(place__lte=LATEST)
    for member, at, payload, text in last.values_list("identity__member", "occurred_at", "payload", "message__text"):
        found.setdefault(member, []).append((at, payload.get("form", ""), text or ""))
    return found


def looks_like_a_name(name: str) -> bool:
    """Whether programs bear such names: ubottu, FloodBot2, NickServ, 群小助手."""
    return _NAMES.fullmatch(name.strip()) is not None


def manners(said: Sequence[tuple[datetime, str, str]]) -> list[Reason]:
    """What in the way of speaking looks like a program."""
    if len(said) < FEWEST:
        return []
    found = (_notices(said), _pattern(said), _clock(said))
    return [reason for reason in found if reason]


def _notices(said: Sequence[tuple[datetime, str, str]]) -> Reason | None:
    count = sum(form == "notice" for _at, form, _text in said)
    return Reason(Sign.NOTICES, "", count, len(said)) if count >= _MOST_SHARE * len(said) else None


def _pattern(said: Sequence[tuple[datetime, str, str]]) -> Reason | None:
    """The beginning that most messages share, whoever they speak to and whatever number they tell."""
    shapes = Counter(shape for _at, _form, text in said if len(shape := shape_of(text)) >= _SHORTEST)
    if not shapes:
        return None
    shape, count = shapes.most_common(1)[0]
    return Reason(Sign.PATTERN, shape, count, len(said)) if count >= max(FEWEST, _HALF * len(said)) else None


def shape_of(text: str) -> str:
    """The beginning of a message without the one addressed; numbers, links and mentions are all one."""
    return " ".join(_WORDS.findall(_CHANGING.sub("#", _ADDRESSED.sub("", text, count=1))))[:_PATTERN]


def _clock(said: Sequence[tuple[datetime, str, str]]) -> Reason | None:
    """The minute of the hour at which most messages come, over eight hours or more: somebody set a timer."""
    hours = {at.replace(minute=0, second=0, microsecond=0): at.minute for at, _form, _text in said}
    if len(hours) < _HOURS:
        return None
    minute, count = Counter(hours.values()).most_common(1)[0]
    return Reason(Sign.CLOCK, f"{minute:02}", count, len(hours)) if count >= _MOST_SHARE * len(hours) else None
