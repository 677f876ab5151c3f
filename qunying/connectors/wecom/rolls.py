"""The list of members of a customer group, as WeCom keeps it: read, and held against what our facts say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.connectors.wecom.models import Roll
from qunying.ground.audit.actors import System
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.members.accounts import note_unions
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members
from qunying.ground.platforms.names import WECOM
from qunying.ground.platforms.port import BusyError
from qunying.kit.told import listed, part, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qunying.connectors.wecom.client import Client
    from qunying.ground.groups.models import Group

SOURCE = "wecom"
BY = System("wecom")
_COLLEAGUE = 1
_LONGEST_ID = 64
_LONGEST_NAME = 120
_LONGEST_STATE = 64
_LONGEST_UNION = 64
_GROUP = "externalcontact/groupchat/get"


@dataclass(frozen=True, slots=True)
class There:
    """Someone in a group: WeCom's id and name, since when, by which code, by whom, in which part."""

    id: str
    name: str = ""
    role: str = "member"
    since: datetime | None = None
    state: str = ""
    inviter: str = ""
    union: str = ""
    colleague: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A group as WeCom lists it."""

    name: str
    version: str
    people: Mapping[str, There] = field(default_factory=dict)


def moment(seconds: Any) -> datetime | None:
    """A time of WeCom's; None for what is none, or lies ahead."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds <= timezone.now().timestamp():
        return None
    return datetime.fromtimestamp(seconds, UTC)


def fetch_group(client: Client, chat_id: str) -> Listed:
    """Ask for a group; raises as `Client.ask`."""
    chat = part(client.ask(_GROUP, chat_id=chat_id, need_name=1), "group_chat")
    owner = text(chat.get("owner"), _LONGEST_ID)
    admins = {text(part({"": one}, "").get("userid"), _LONGEST_ID) for one in listed(chat.get("admin_list"))}
    people = [_person(part({"": one}, ""), owner, admins) for one in listed(chat.get("member_list"))]
    return Listed(
        text(chat.get("name"), _LONGEST_NAME),
        text(chat.get("member_version"), Roll.VERSION_LENGTH),
        {one.id: one for one in people if one.id},
    )


def _person(told: Mapping[str, Any], owner: str, admins: set[str]) -> There:
    name = text(told.get("userid"), _LONGEST_ID)
    return There(
        name,
        text(told.get("name"), _LONGEST_NAME) or text(told.get("group_nickname"), _LONGEST_NAME),
        "owner" if name and name == owner else "admin" if name in admins else "member",
        moment(told.get("join_time")),
        text(told.get("state"), _LONGEST_STATE),
        text(part(told, "invitor").get("userid"), _LONGEST_ID),
        text(told.get("unionid"), _LONGEST_UNION),
        told.get("type") == _COLLEAGUE,
    )


def version_of(group: Group) -> str:
    """Up to which state of its list our facts of the group go; '' where nobody knows."""
    return Roll.objects.filter(group=group).values_list("version", flat=True).first() or ""


@transaction.atomic
def bring_level(  # noqa: PLR0913 - an occasion is made of these
    group: Group, now: Listed, *, seen: str, at: datetime, key: str, why: str = ""
) -> int:
    """Record the difference between the list and our facts; how many facts it was.

    `seen` is the version our facts had before the list was asked for: where they have moved on meanwhile the list may
    be older than they are, and BusyError asks for another. `at` is when people left, `why` the reason to write down
    with it, `key` what tells this occasion from others.
    """
    if _locked_version(group) != seen:
        raise BusyError(_("The group has changed while it was asked for. It is asked for again."))
    roles = dict(_present(group))
    came = [one for name, one in sorted(now.people.items()) if name not in roles]
    gone = sorted(set(roles) - set(now.people))
    turned = [one for name, one in sorted(now.people.items()) if roles.get(name, one.role) != one.role]
    facts = [joined(group, one, at) for one in came]
    facts += [left(group, name, at, key=key, why=why) for name in gone]
    facts += [_turned(group, one, at, key) for one in turned if _is_part(one.role) or _is_part(roles[one.id])]
    done = record(facts, community=group.community, source=SOURCE)
    note_people(came)
    keep_version(group, now.version)
    return done.stored


def _is_part(role: str) -> bool:
    """Whether WeCom knows this part in a group; others are given by our own people and stay."""
    return role in {Membership.Role.OWNER, Membership.Role.ADMIN}


def _present(group: Group) -> Iterable[tuple[str, str]]:
    rows = Membership.objects.filter(group=group, left_at__isnull=True, identity__platform=WECOM)
    return rows.values_list("identity__external_id", "role")


def _locked_version(group: Group) -> str:
    rows = Roll.objects.select_for_update().filter(group=group)
    return rows.values_list("version", flat=True).first() or ""


def keep_version(group: Group, version: str) -> None:
    """Note up to which state of the list our facts go."""
    Roll.objects.update_or_create(group=group, defaults={"version": version[: Roll.VERSION_LENGTH]})


def joined(group: Group, one: There, at: datetime) -> Fact:
    """Who came: keyed by the second WeCom says they did, so that every way of hearing of it is the same fact."""
    since = one.since or at
    target = Who(WECOM, one.inviter) if one.inviter and one.inviter != one.id else None
    return Fact(
        "joined",
        since,
        ("joined", group.external_id, one.id, int(since.timestamp())),
        who=Who(WECOM, one.id, one.name),
        target=target,
        group_id=group.pk,
        channel_key=one.state,
        payload={"role": one.role} if one.role != Membership.Role.MEMBER else {},
    )


def left(group: Group, name: str, at: datetime, *, key: str, why: str) -> Fact:
    """Who went."""
    payload = {"reason": why} if why else {}
    fact_key = ("left", group.external_id, name, key)
    return Fact("left", at, fact_key, who=Who(WECOM, name), group_id=group.pk, payload=payload)


def _turned(group: Group, one: There, at: datetime, key: str) -> Fact:
    fact_key = ("part", group.external_id, one.id, key)
    who = Who(WECOM, one.id)
    return Fact("role_changed", at, fact_key, who=who, group_id=group.pk, payload={"role": one.role})


def note_people(people: Iterable[There]) -> None:
    """Keep what else is known of people who came: who they are across WeChat's apps, and who is a colleague."""
    given = list(people)
    note_unions({(WECOM, one.id): one.union for one in given if one.union})
    note_colleagues({one.id for one in given if one.colleague})


def note_colleagues(names: set[str]) -> None:
    """Mark colleagues as such, so that they are in no figure."""
    own = Member.objects.filter(is_staff=False, identities__platform=WECOM, identities__external_id__in=sorted(names))
    ids = list(own.values_list("pk", flat=True)) if names else []
    if ids:
        mark_members(ids, mark=Mark.STAFF, on=True, by=BY)
