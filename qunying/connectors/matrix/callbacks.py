"""What the homeserver sends: transactions of events, pings, questions after users and rooms.

https://spec.matrix.org/latest/application-service-api/. A transaction is answered when everything in it is stored;
one that comes again stores nothing, for every fact is keyed by the id of its event.
"""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django_q.tasks import async_task

from qunying.connectors.matrix.hearing import SOURCE, Reader, part, read_receipts
from qunying.ground.events.together import record_together
from qunying.ground.groups.lately import groups_lately
from qunying.ground.platforms.callbacks import Answer, Taker
from qunying.ground.platforms.sealing import open_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.callbacks import Callback
    from qunying.ground.platforms.models import Account

MOST_BYTES = 16 * 1024 * 1024
"""A transaction has up to a hundred events of up to 64 kB, and receipts."""
_ROOT = "_matrix/app/v1/"
_CODES = {
    HTTPStatus.FORBIDDEN: "M_FORBIDDEN",
    HTTPStatus.NOT_FOUND: "M_NOT_FOUND",
    HTTPStatus.METHOD_NOT_ALLOWED: "M_UNRECOGNIZED",
    HTTPStatus.BAD_REQUEST: "M_NOT_JSON",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "M_TOO_LARGE",
}


def refuse(status: int) -> Answer:
    """A refusal as Matrix words it."""
    return Answer(status, {"errcode": _CODES.get(HTTPStatus(status), "M_UNKNOWN"), "error": HTTPStatus(status).phrase})


def take(account: Account | None, callback: Callback) -> Answer:
    """Answer one request of the homeserver; whoever has not its token learns nothing."""
    if not _is_from_server(account, callback) or account is None:
        return refuse(HTTPStatus.FORBIDDEN)
    kind, _slash, name = callback.path.removeprefix(_ROOT).partition("/")
    if not callback.path.startswith(_ROOT) or (kind, callback.method) not in _METHODS:
        return refuse(HTTPStatus.NOT_FOUND)
    if kind == "users":
        known = unquote(name) == account.settings.get("user")
        return Answer(HTTPStatus.OK) if known else refuse(HTTPStatus.NOT_FOUND)
    if kind == "rooms":
        return refuse(HTTPStatus.NOT_FOUND)
    return Answer(HTTPStatus.OK) if kind == "ping" else _transaction(account, callback.body)


_METHODS = {("users", "GET"), ("rooms", "GET"), ("ping", "POST"), ("transactions", "PUT")}


def _is_from_server(account: Account | None, callback: Callback) -> bool:
    expected = open_secrets(account).get("hs_token", "") if account is not None else ""
    scheme, _space, token = callback.headers.get("authorization", "").partition(" ")
    same = hmac.compare_digest(token.strip().encode(), expected.encode())
    return bool(expected) and scheme.lower() == "bearer" and same


def _transaction(account: Account, body: bytes) -> Answer:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return refuse(HTTPStatus.BAD_REQUEST)
    events = [event for event in _list(told.get("events")) if isinstance(event, dict)]
    ephemeral = told.get("ephemeral") or told.get("de.sorunome.msc2409.ephemeral")
    hear(account, events, [one for one in _list(ephemeral) if isinstance(one, dict)])
    _follow_invitations(account, events)
    return Answer(HTTPStatus.OK)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def hear(account: Account, events: Iterable[Mapping[str, Any]], ephemeral: Iterable[Mapping[str, Any]] = ()) -> int:
    """Record what events of tied rooms tell, in their order; rooms that no group is tied to are passed over.

    How many facts it were. When this returns, they are stored.
    """
    rooms = _by_room(events)
    receipts = _by_room(one for one in ephemeral if one.get("type") == "m.receipt")
    groups = groups_lately(account, {*rooms, *receipts})
    by_community: dict[int, list[Reader]] = defaultdict(list)
    for room, group in groups.items():
        reader = _read(group, str(account.settings.get("user", "")), rooms.get(room, []), receipts.get(room, []))
        by_community[group.community_id].append(reader)
    many = 0
    for readers in by_community.values():
        facts = [fact for reader in readers for fact in reader.facts]
        many += len(facts)
        if facts:
            record_together(facts, community=readers[0].group.community, source=SOURCE)
    return many


def _by_room(events: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    rooms: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        if isinstance(event.get("room_id"), str):
            rooms[event["room_id"]].append(event)
    return dict(rooms)


def _read(group: Group, own: str, events: list[Mapping[str, Any]], receipts: Iterable[Mapping[str, Any]]) -> Reader:
    reader = Reader(group, own)
    reader.look_up(events)
    for event in events:
        reader.read(event)
    for receipt in receipts:
        read_receipts(reader, part(receipt.get("content")))
    return reader


def _follow_invitations(account: Account, events: Iterable[Mapping[str, Any]]) -> None:
    """Somebody of the account's own server invited it into a room: a worker accepts, so that it can be tied."""
    own = str(account.settings.get("user", ""))
    server = own.partition(":")[2]
    for event in events:
        invited = event.get("type") == "m.room.member" and event.get("state_key") == own
        if invited and part(event.get("content")).get("membership") == "invite":
            by, room = event.get("sender"), event.get("room_id")
            if isinstance(by, str) and by.partition(":")[2] == server and isinstance(room, str):
                async_task("qunying.connectors.matrix.tasks.accept", account.pk, room, cluster="fast")


TAKER = Taker(MOST_BYTES, take, refuse)
