"""Writing the ledger of steps: many rows at once, each step of a traveller once in each round."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from qunying.do.journeys.models import Passage
from qunying.do.journeys.wayfinding import sends
from qunying.kit.bulk import insert_rows, time_writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qunying.do.journeys.definition import Step

ORIGIN = "journeys"
_COLUMNS = {
    "traveller_id": "bigint",
    "step_id": "text",
    "kind": "text",
    "round": "smallint",
    "due_at": "timestamptz",
    "state": "text",
    "outcome": "text",
    "why": "text",
    "delivery_key": "text",
}


class Next(NamedTuple):
    """A step that a traveller (id) is to meet, in which round, and when (aware)."""

    traveller: int
    step: Step
    round: int
    due_at: datetime


def delivery_key(traveller: int, step: str, number: int) -> str:
    """The key in reach of what a step says to a traveller in a round."""
    return f"{ORIGIN}:{own_key(traveller, step, number)}"


def own_key(traveller: int, step: str, number: int) -> str:
    """The same as this app says it to reach."""
    return f"{traveller}:{step}:{number}"


def insert_passages(steps: Sequence[Next]) -> None:
    """Store what is to come; a step that stands there already changes nothing. Inside a transaction."""
    writer, state = time_writer(connection), Passage.State.DUE.value
    rows = [
        (
            one.traveller,
            one.step.id,
            one.step.do,
            one.round,
            writer(one.due_at),
            state,
            "",
            "",
            delivery_key(one.traveller, one.step.id, one.round) if sends(one.step) else "",
        )
        for one in steps
    ]
    once = ("traveller_id", "step_id", "round")
    insert_rows(connection, Passage._meta.db_table, _COLUMNS, rows, once=once)  # noqa: SLF001 - Django's own name
