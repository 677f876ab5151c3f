"""Facts in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.ground.gate import FactsAuth, community_to_fill
from qunying.doors.api.ground.ingest import BatchGiven, BatchResult, take_batch
from qunying.doors.api.paging import Noun, as_json, caller_of, read_cursor, tell, write_cursor
from qunying.doors.api.shapes import Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.events.kinds import all_kinds
from qunying.ground.events.models import Event
from qunying.ground.events.queries import visible_after
from qunying.ground.groups.queries import get_community_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["events"])


class EventTold(Told):
    """A fact as it stands in the log. Words of messages are not told."""

    id: int
    kind: str
    occurred_at: Moment
    recorded_at: Moment
    source: str
    group: int | None
    member: int | None
    identity: int | None
    target: int | None
    object_type: str
    object_id: str
    channel: str
    amount: int | None
    payload: dict[str, Any]


class KindTold(Told):
    """A kind of fact that may be sent."""

    name: str
    meaning: str
    carries_amount: bool
    payload: dict[str, str]


class EventList(Paging):
    """Which facts."""

    kind: Annotated[Text, Field(max_length=40, description="Only facts of this kind.")] = ""


def _rows(events: Sequence[Event]) -> Iterable[dict[str, Any]]:
    for event in events:
        yield {
            "id": event.pk,
            "kind": event.kind,
            "occurred_at": event.occurred_at,
            "recorded_at": event.recorded_at,
            "source": event.source,
            "group": event.group_id,
            "member": event.identity.member_id if event.identity else None,
            "identity": event.identity_id,
            "target": event.target_identity_id,
            "object_type": event.object_type,
            "object_id": event.object_id,
            "channel": event.channel_key,
            "amount": event.amount,
            "payload": event.payload,
        }


EVENTS = Noun("events", EventTold, _rows)


@router.post("/communities/{slug}/events", response=BatchResult, summary="Send facts", auth=FactsAuth())
def send_events(request: HttpRequest, slug: Path[Slug], batch: Body[BatchGiven]) -> HttpResponse:
    """Up to 1,000 facts at once; answered when they are stored for good. Asks for `imports.run`."""
    return as_json(take_batch(batch, community=community_to_fill(caller_of(request), slug)))


@router.get("/communities/{slug}/events", response=Page[EventTold], summary="Read the log")
def list_events(request: HttpRequest, slug: Path[Slug], asked: Query[EventList]) -> HttpResponse:
    """Facts in the order in which they became visible: a cursor kept misses none. Asks for `members.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_MEMBERS)
    tx, event_id = read_cursor(request, asked.cursor) or (0, 0)
    events = visible_after(tx, event_id).filter(community=community).select_related("identity")
    found = list((events.filter(kind=asked.kind) if asked.kind else events)[: asked.limit + 1])
    shown = found[: asked.limit]
    return tell(
        request,
        shown,
        EVENTS,
        asked,
        cursor=write_cursor(request, shown[-1].tx, shown[-1].pk) if shown else asked.cursor,
        more=len(found) > asked.limit,
        unit=community.unit,
    )


@router.get("/event-kinds", response=list[KindTold], summary="Kinds of facts")
def list_kinds(request: HttpRequest) -> HttpResponse:
    """Every kind that may be sent, what it means, and what its payload may hold."""
    return as_json(
        [
            {
                "name": kind.name,
                "meaning": str(kind.meaning),
                "carries_amount": kind.money,
                "payload": {name: of.__name__ for name, of in kind.payload.items()},
            }
            for kind in all_kinds()
        ]
    )
