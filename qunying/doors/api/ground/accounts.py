"""Accounts on platforms for programs: how they are and what they can do. What opens them is never told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Page, Paging, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.models import Group
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.port import Action, Capability, connector_of
from qunying.ground.platforms.queries import accounts_for, get_account_for
from qunying.ground.platforms.services_health import health_of, told_of
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

router = Router(tags=["platforms"])


class StepSeen(Told):
    """A step of the last look: whether it holds, and what to do where it does not."""

    name: str = Field(examples=["服务器可达"])
    holds: bool = Field(examples=[True])
    words: str = Field(examples=[""])


class AccountTold(Told):
    """An account, robot or application at a platform, as it was seen last."""

    id: int
    name: str = Field(examples=["花店机器人"])
    platform: str = Field(examples=["matrix"])
    unit: int
    health: str = Field(description="well, ill, paused, or unknown (nobody has looked yet).", examples=["well"])
    steps: list[StepSeen] = Field(description="Step by step.")
    checked_at: Moment | None = Field(description="When it was looked at last.")
    paused_at: Moment | None = Field(description="Since when nothing leaves through it.")
    groups: int = Field(description="How many groups are spoken to through it.", examples=[3])


class CapabilityTold(Told):
    """How an action goes: by itself, confirmed by a person, by hand, from files, or not at all; and why."""

    action: str = Field(examples=["send"])
    way: str = Field(description="official, confirm, hand, import or impossible.", examples=["official"])
    reason: str = Field(description="Why no better way goes; '' for official.", examples=[""])


class TiedGroupTold(Told):
    """A group that is spoken to through an account."""

    id: int
    community: str
    name: str = Field(examples=["花友一群"])
    external_id: str = Field(description="The platform's own name for it.", examples=["!abc:example.com"])


class AccountList(Paging):
    """Which accounts."""

    platform: Annotated[Text, Field(max_length=24, description="Only those of this platform.")] = ""


class PlaceAsked(Given):
    """Where."""

    group: Annotated[Id | None, Field(description="One of the account's groups; without it, the account at large.")] = (
        None
    )


def _accounts(rows: Sequence[Account]) -> Iterable[dict[str, Any]]:
    tied: dict[int, int] = {}
    for account in Group.objects.filter(account__in=rows).values_list("account", flat=True):
        tied[account] = tied.get(account, 0) + 1
    for one in rows:
        steps = [{"name": step.name, "holds": step.holds, "words": step.words} for step in told_of(one)]
        told = {"id": one.pk, "name": one.name, "platform": one.platform, "unit": one.unit_id, "steps": steps}
        told |= {"health": health_of(one), "groups": tied.get(one.pk, 0)}
        yield told | {"checked_at": one.checked_at, "paused_at": one.paused_at}


def _groups(rows: Sequence[Group]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told = {"id": one.pk, "community": one.community.slug}
        yield told | {"name": one.name, "external_id": one.external_id}


ACCOUNTS = Noun("platform_accounts", AccountTold, _accounts)
TIED = Noun("tied_groups", TiedGroupTold, _groups)


@router.get("/platform-accounts", response=Page[AccountTold], summary="Accounts on platforms")
def list_accounts(request: HttpRequest, asked: Query[AccountList]) -> HttpResponse:
    """Asks for `platforms.connect`."""
    found = _accounts_for(request)
    return page(request, found.filter(platform=asked.platform) if asked.platform else found, ACCOUNTS, asked)


@router.get("/platform-accounts/{pk}", response=AccountTold, summary="One account on a platform")
def show_account(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `platforms.connect`."""
    return ACCOUNTS.one(get_account_for(caller_of(request), pk), fields=asked.fields)


@router.get("/platform-accounts/{pk}/groups", response=Page[TiedGroupTold], summary="Groups of an account")
def list_groups(request: HttpRequest, pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """Asks for `platforms.connect`."""
    account = get_account_for(caller_of(request), pk)
    return page(request, groups_through(account), TIED, asked, unit=account.unit)


@router.get("/platform-accounts/{pk}/capabilities", response=list[CapabilityTold], summary="What an account can do")
def list_capabilities(request: HttpRequest, pk: Path[Id], asked: Query[PlaceAsked]) -> HttpResponse:
    """Action by action, at large or in one of its groups. Asks for `platforms.connect`."""
    account = get_account_for(caller_of(request), pk)
    external = ""
    if asked.group is not None:
        found = groups_through(account).filter(pk=asked.group).first()
        if found is None:
            raise NotFoundError(_("There is no such group of this account."))
        external = found.external_id
    return as_json([_capability(account, action, external) for action in Action])


def _capability(account: Account, action: Action, group: str) -> dict[str, str]:
    connector = connector_of(account.platform)
    if connector is None:
        return {"action": action, "way": "hand", "reason": _("Nothing here connects to that platform.")}
    seen: Capability = connector.capability(action, account=account, group=group)
    return {"action": action, "way": seen.way, "reason": str(seen.reason)}


def _accounts_for(request: HttpRequest) -> QuerySet[Account]:
    key = caller_of(request)
    if not may_anywhere(key, Permission.CONNECT):
        raise NotAllowedError(_("The key may not see accounts on platforms. Give it “platforms.connect”."))
    return accounts_for(key)
