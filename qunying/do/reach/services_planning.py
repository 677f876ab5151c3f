"""Planning: making deliveries of what apps want to leave, each once, with the way it goes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.reach.models import Delivery
from qunying.ground.groups.models import Membership
from qunying.ground.platforms.directs import direct_accounts
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.port import Action, Capability, Way, connector_of
from qunying.kit.bulk import insert_rows, time_writer
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import QunyingError
from qunying.kit.spoken import kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from qunying.do.reach.models import Sending
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Identity

_COLUMNS = {
    "key": "text",
    "order_key": "text",
    "origin": "text",
    "origin_id": "text",
    "sending_id": "bigint",
    "community_id": "bigint",
    "action": "text",
    "group_id": "bigint",
    "identity_id": "bigint",
    "account_id": "bigint",
    "subject": "text",
    "words": "text",
    "options": "jsonb",
    "content_hash": "text",
    "advert": "boolean",
    "by_traits": "boolean",
    "way": "text",
    "way_reason": "text",
    "state": "text",
    "held_by": "text",
    "why": "text",
    "due_at": "timestamptz",
    "expires_at": "timestamptz",
    "attempts": "smallint",
    "external_id": "text",
    "made_at": "timestamptz",
    "ended_at": "timestamptz",
}
_UNCONNECTED = gettext_lazy("No account is connected there: a person sends it.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing an app wants to leave at `due_at` (aware) for a group or one person.

    `key` is unique among everything the app ever wants; the same key again is the same thing. `content_hash` is what
    the app had approved (`hash_of` of the words where it has none of its own).
    """

    key: str
    action: Action
    due_at: datetime
    group: Group | None = None
    identity: Identity | None = None
    words: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    content_hash: str = ""
    advert: bool = False
    by_traits: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Which app wants something to leave, for which of its rows; for a sending of this app, which."""

    app: str
    id: str = ""
    sending: Sending | None = None


def hash_of(words: str, *parts: str) -> str:
    """What names these words (and whatever else belongs to them); the same everywhere, it is no secret."""
    return keyed_digest(b"reach content", words, *parts).hex()


def draft_deliveries(wanted: Iterable[Wanted], *, community: Community, origin: Origin) -> list[Delivery]:
    """The deliveries as they would be planned, not stored: to preview them, and to ask the guards.

    Raises QunyingError for one that leads nowhere.
    """
    found = list(wanted)
    routes = _Routes([one.identity for one in found if one.identity is not None], community)
    return [_drafted(one, routes, community=community, origin=origin) for one in found]


def plan_deliveries(wanted: Iterable[Wanted], *, community: Community, origin: Origin, at: datetime) -> int:
    """Store what is wanted as deliveries that wait; how many were new. A key that is there already changes nothing.

    `at` is now (aware UTC). Workers begin after commit.
    """
    return store_deliveries(draft_deliveries(wanted, community=community, origin=origin), at=at)


@transaction.atomic
def store_deliveries(drafted: Sequence[Delivery], *, at: datetime) -> int:
    """Store drafted deliveries, each key once; how many were new."""
    before = _known([one.key for one in drafted])
    writer = time_writer(connection)
    keep = _Keeper()
    rows = [_row(one, writer(at), writer, keep) for one in drafted if one.key not in before]
    insert_rows(connection, Delivery._meta.db_table, _COLUMNS, rows, once=("key",))  # noqa: SLF001 - Django's own name
    accounts = {one.account_id for one in drafted if one.account_id and one.due_at <= at}
    if accounts:
        from qunying.do.reach.tasks import wake  # noqa: PLC0415 - tasks send what is planned here

        transaction.on_commit(lambda: wake(accounts))
    return len(rows)


def _known(keys: list[str]) -> set[str]:
    return set(Delivery.objects.filter(key__among=keys).values_list("key", flat=True))


def _row(one: Delivery, now: object, writer: Any, keep: _Keeper) -> tuple[Any, ...]:
    values: dict[str, Any] = {name: getattr(one, name) for name in _COLUMNS}
    for name in ("way_reason", "why"):
        values[name] = keep[values[name]]
    values["options"] = json.dumps(one.options, ensure_ascii=False)
    for name in ("due_at", "expires_at", "ended_at"):
        values[name] = writer(values[name]) if values[name] is not None else None
    values["made_at"] = now
    return tuple(values.values())


class _Keeper(dict[Any, str]):
    """Words as their column holds them: many deliveries go the same way for the same reason."""

    def __missing__(self, words: Any) -> str:
        self[words] = kept(words)
        return self[words]


def _drafted(one: Wanted, routes: _Routes, *, community: Community, origin: Origin) -> Delivery:
    if one.group is None and one.identity is None:
        raise QunyingError(_("A delivery goes to a group or to a person; this one leads nowhere."))
    account, way = routes.route(one)
    refused = way.way is Way.IMPOSSIBLE
    return Delivery(
        key=f"{origin.app}:{one.key}",
        order_key=uuid4().hex,
        origin=origin.app,
        origin_id=origin.id,
        sending=origin.sending,
        community=community,
        action=one.action.value,
        group=one.group,
        identity=one.identity,
        account=account,
        subject=one.subject,
        words=one.words,
        options=dict(one.options),
        content_hash=one.content_hash or hash_of(one.words),
        advert=one.advert,
        by_traits=one.by_traits,
        way=way.way.value,
        way_reason=way.reason,
        state=Delivery.State.REFUSED if refused else Delivery.State.WAITING,
        why=way.reason if refused else "",
        due_at=one.due_at,
        expires_at=one.expires_at,
        ended_at=one.due_at if refused else None,
    )


class _Routes:
    """Finds the account and the way of each delivery; asks every connector once for each action and group."""

    def __init__(self, identities: Sequence[Identity], community: Community) -> None:
        self._accounts = _accounts_of(identities, community)
        self._asked: dict[tuple[int, Action, str], Capability] = {}

    def route(self, one: Wanted) -> tuple[Account | None, Capability]:
        account = one.group.account if one.group else self._account_for(one.identity)
        group = one.group.external_id if one.group else ""
        connector = connector_of(account.platform) if account else None
        if account is None or connector is None:
            return None, Capability(Way.HAND, _UNCONNECTED)
        asked = (account.pk, one.action, group)
        if asked not in self._asked:
            self._asked[asked] = connector.capability(one.action, account=account, group=group)
        way = self._asked[asked]
        by_itself = way.way in {Way.OFFICIAL, Way.CONFIRM}
        return (account if by_itself else None), way

    def _account_for(self, identity: Identity | None) -> Account | None:
        return self._accounts.get(identity.pk) if identity is not None else None


def _accounts_of(identities: Sequence[Identity], community: Community) -> dict[int, Account]:
    """The account of a group of the community in which each person stands, on the platform of their identity.

    Else the one through which a connector can write to them, where it answers for the community's unit.
    """
    if not identities:
        return {}
    stays = Membership.objects.filter(
        community=community,
        left_at__isnull=True,
        group__account__isnull=False,
        identity__among=[one.pk for one in identities],
    ).order_by("-group")
    own, direct = dict(stays.values_list("identity", "group__account")), direct_accounts([one.pk for one in identities])
    accounts = Account.objects.select_related("unit").in_bulk({*own.values(), *direct.values()})
    above = {pk for pk, account in accounts.items() if community.unit.path.startswith(account.unit.path)}
    rows = {identity: account for identity, account in direct.items() if account in above} | own
    return {identity: accounts[account] for identity, account in rows.items()}
