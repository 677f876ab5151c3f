"""Facts that several threads bring at the same moment go into one transaction and share its one wait for the disk."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from django.db import connection

from qunying.ground.events.queries import fact_digests
from qunying.ground.events.services import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.events.facts import Fact, Recorded
    from qunying.ground.groups.models import Community

_MOST = 2_000
"""Facts of one transaction, so that nobody waits long for the others'."""

_waiting: deque[_Batch] = deque()
_turn = Lock()


@dataclass(slots=True, eq=False)
class _Batch:
    """What one thread brought, and what became of it. `stored` is None until a common transaction took it along."""

    facts: Sequence[Fact]
    community: Community
    source: str
    was_tried: bool = False
    stored: dict[bytes, int] | None = None
    new: set[tuple[str, str]] = field(default_factory=set)

    @property
    def place(self) -> tuple[int, str]:
        return self.community.pk, self.source


@dataclass(frozen=True, slots=True)
class Stored:
    """The id of each stored fact by its digest (`queries.fact_digests`), and how many people are new by them."""

    by_digest: dict[bytes, int]
    members_new: int


def record_together(facts: Sequence[Fact], *, community: Community, source: str) -> Stored:
    """As `record`: all stored when it returns, or none and its error is raised.

    What other threads of this process bring for the same community and source while one writes is written by the
    next of them in one go. If that cannot be stored, each stores its own, so that nobody answers for another's
    fault. Inside a transaction it is `record` and nothing more.
    """
    mine = _Batch(facts, community, source)
    if connection.in_atomic_block:
        return _alone(mine)
    _waiting.append(mine)
    with _turn:
        if not mine.was_tried:
            _take_along(mine)
        return _alone(mine) if mine.stored is None else Stored(mine.stored, len(mine.new))


def _alone(batch: _Batch) -> Stored:
    done = record(batch.facts, community=batch.community, source=batch.source)
    return Stored(done.stored_as, done.members_new)


def _take_along(first: _Batch) -> None:
    """Write this batch and those that wait for the same place, in the order they came; alone, it writes for itself."""
    batches, others, room = [], [], _MOST - len(first.facts)
    while _waiting:
        one = _waiting.popleft()
        if one is first:
            batches.append(one)
        elif one.place == first.place and len(one.facts) <= room:
            batches.append(one)
            room -= len(one.facts)
        else:
            others.append(one)
    _waiting.extendleft(reversed(others))
    for batch in batches:
        batch.was_tried = True
    if len(batches) == 1:
        return
    try:
        done = record(
            [fact for batch in batches for fact in batch.facts], community=first.community, source=first.source
        )
    except Exception:  # noqa: BLE001 - whatever it is, each batch meets its own when it is stored alone
        return
    _share_out(batches, done)


def _share_out(batches: Sequence[_Batch], done: Recorded) -> None:
    """Of a fact or a person that several brought, the first is who brought it: the others have a duplicate."""
    left, new = dict(done.stored_as), set(done.new)
    for batch in batches:
        digests = fact_digests(batch.facts, batch.community)
        batch.stored = {digest: left.pop(digest) for digest in digests if digest in left}
        people = {who.key for fact in batch.facts for who in (fact.who, fact.target) if who is not None}
        batch.new = people & new
        new -= people
