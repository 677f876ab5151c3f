"""One look at the facts for all the figures of a page: what is shown together was counted together."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import cache, cached_property
from typing import TYPE_CHECKING

from qunying.ground.figures.versions import changes_by_community, scope_version
from qunying.ground.groups.queries import currencies_of, zones_of
from qunying.ground.warehouse.queries import last_marked_day, open_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import pyarrow as pa

    from qunying.ground.figures.asked import Asked, Reach
    from qunying.ground.figures.engine import Desk, Session
    from qunying.ground.figures.versions import Changes
    from qunying.ground.warehouse.queries import Snapshot

    Communities = tuple[int, ...]


class Sitting:
    """A snapshot, and what was found out about it once. For one thread, and briefly: it does not move on."""

    def __init__(self, closing: ExitStack) -> None:
        self._closing = closing
        self._marked = cache(last_marked_day)
        self.zones = cache(zones_of)
        self.currencies = cache(currencies_of)

    @cached_property
    def snapshot(self) -> Snapshot:
        """The lake and what it does not hold yet, as they were when this was first asked."""
        return open_snapshot()

    @cached_property
    def _changes(self) -> Changes:
        return changes_by_community()

    def session(self, asked: Asked, reach: Reach, *, everyone: bool = False) -> Session:
        """A session for one question, at the one desk of this sitting."""
        from qunying.ground.figures.engine import Session

        return Session(self.desk, asked, reach, everyone=everyone)

    @cached_property
    def desk(self) -> Desk:
        """The desk, opened when a figure has to be counted."""
        from qunying.ground.figures.engine import open_desk

        # Versions are read before the people: a change in between makes a figure look too old, never too new.
        snapshot, _first = self.snapshot, self._changes
        return self._closing.enter_context(open_desk(snapshot))

    def version(self, communities: Communities) -> str:
        """The state of people, memberships and tags from which figures of these communities are counted."""
        return scope_version(communities, self._changes)

    def last_fact_day(self, communities: Communities) -> date | None:
        """The last local day on which anything is recorded of these communities, in the lake or after it."""
        import pyarrow.compute as pc

        waiting = pc.max(self._waiting(communities)["day"]).as_py()
        return max((day for day in (waiting, self._marked(communities)) if day), default=None)

    def waits(self, communities: Communities, first: date | None, last: date) -> bool:
        """Whether a fact of these communities, between two local days, is not in the lake yet."""
        import pyarrow.compute as pc

        days = self._waiting(communities)["day"]
        within = pc.less_equal(days, last)
        return bool(pc.any(pc.and_(within, pc.greater_equal(days, first)) if first else within).as_py())

    def _waiting(self, communities: Communities) -> pa.Table:
        import pyarrow as pa
        import pyarrow.compute as pc

        tail = self.snapshot.tail
        theirs = pa.array(communities, type=pa.int64())
        return tail.filter(pc.is_in(tail["community"], theirs)) if tail.num_rows else tail


_current: ContextVar[Sitting | None] = ContextVar("sitting", default=None)


@contextmanager
def one_snapshot() -> Iterator[Sitting]:
    """Count everything asked for inside from one snapshot, that of the outermost such block.

    A page or a report puts it around all its figures: they agree with one another, and what they need in
    common is read once. Facts recorded meanwhile are not seen: it is not meant to be kept open.
    """
    if (current := _current.get()) is not None:
        yield current
        return
    with ExitStack() as closing:
        current = Sitting(closing)
        closing.callback(_current.reset, _current.set(current))
        yield current
