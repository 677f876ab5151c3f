"""Reading a room backwards, page by page: a job whose checkpoint is the place of the next page.

Pages come newest first; the log takes facts in any order, so that presence follows from all of them. A page and its
checkpoint commit together, and a page read twice stores nothing.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.connectors.matrix.client import Client, path
from qunying.connectors.matrix.hearing import SOURCE, Reader
from qunying.ground.events.services import record
from qunying.ground.groups.models import Group
from qunying.ground.platforms.port import BusyError
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.jobs.turns import Turn

KIND = "matrix_history"
_PAGE = 200
_LONGEST_PAUSE = 5.0


def step(turn: Turn) -> bool:
    """Read pages until the turn is over; whether the room's beginning was reached."""
    at = dict(turn.job.checkpoint)
    group = Group.objects.select_related("account", "community").filter(pk=at["group"]).first()
    if group is None or group.account is None:
        raise QunyingError(_("The group is not tied to an account any more. What was read stays."))
    client = Client(group.account)
    while True:
        page = _page(client, group.external_id, str(at.get("from", "")))
        events = list(reversed(page.get("chunk", [])))
        facts = _facts(group, client.own, events)
        at |= {"from": page.get("end", ""), "events": at.get("events", 0) + len(events)}
        with transaction.atomic():
            done = record(facts, community=group.community, source=SOURCE)
            at["stored"] = at.get("stored", 0) + done.stored
            turn.job.result = {"events": at["events"], "stored": at["stored"]}
            turn.save(checkpoint=at, done=at["events"])
        turn.tell()
        if not at["from"] or not events:
            return True
        if turn.over():
            return False


def _facts(group: Group, own: str, events: list[Mapping[str, Any]]) -> list[Any]:
    """What a page tells; who came is dated by the event, and what was taken back says so itself."""
    reader = Reader(group, own)
    known = [event for event in events if isinstance(event, dict)]
    reader.look_up(known)
    for event in known:
        reader.read(event)
    return reader.facts


def _page(client: Client, room: str, start: str) -> dict[str, Any]:
    """One page; where the homeserver asks for a pause it is waited, and what does not answer is tried again later."""
    asked: dict[str, str | int] = {"dir": "b", "limit": _PAGE}
    if start:
        asked["from"] = start
    try:
        return client.get(path("rooms", room, "messages"), **asked)
    except BusyError as busy:
        if busy.again_at is not None:
            time.sleep(min(max((busy.again_at - timezone.now()).total_seconds(), 0), _LONGEST_PAUSE))
        # No fault of the room's: the job stumbles, and goes on from its checkpoint a little later.
        raise ConnectionError(str(busy)) from busy
