"""Plain SQL over the log and the memberships, on SQLite and PostgreSQL alike.

Nothing here knows of the lake, of Ibis or of the metrics: local days become UTC instants in Python,
and the database counts between instants.
"""

# ruff: noqa: S608 - only constants are put together; every value is bound
from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from qunying.ground.events.kinds import Grade, kinds_of_grade

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

_ACTS = """
FROM events_event e
JOIN members_identity i ON i.id = e.identity_id
JOIN members_member m ON m.id = i.member_id
WHERE NOT m.is_staff AND NOT m.is_bot AND e.community_id = %s AND e.occurred_at >= %s AND e.occurred_at < %s
"""
_STAYS = """
FROM groups_membership s
JOIN members_identity i ON i.id = s.identity_id
JOIN members_member m ON m.id = i.member_id
WHERE NOT m.is_staff AND NOT m.is_bot AND s.community_id = %s
"""
_OTHERS = """
SELECT 1 FROM groups_membership o JOIN members_identity oi ON oi.id = o.identity_id
WHERE o.community_id = s.community_id AND oi.member_id = i.member_id
"""
_BEGINNING = date(1970, 1, 2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one community, counted between local days; `until` always means the day is included."""

    community: int
    zone: ZoneInfo

    def instants(self, first: date, last: date) -> tuple[Any, Any]:
        """Begin of the first and end of the last day, as this database compares them."""
        begin = datetime.combine(first, time(), self.zone).astimezone(UTC)
        end = datetime.combine(last + _DAY, time(), self.zone).astimezone(UTC)
        adapt = connection.ops.adapt_datetimefield_value
        return adapt(begin), adapt(end)

    def count(self, kinds: Sequence[str], first: date, last: date) -> int:
        """Facts of these kinds."""
        return int(_value(f"SELECT count(*) {_ACTS} {_of(kinds)}", *self._bounds(first, last), *kinds))

    def people(self, kinds: Sequence[str], first: date, last: date) -> set[int]:
        """Who has a fact of these kinds."""
        sql = f"SELECT DISTINCT m.id {_ACTS} {_of(kinds)}"
        return {row[0] for row in _rows(sql, *self._bounds(first, last), *kinds)}

    def moments(self, kinds: Sequence[str], first: date, last: date) -> list[tuple[int, str, datetime]]:
        """(member, kind, instant) of every fact of these kinds, by member and time."""
        sql = f"SELECT m.id, e.kind, e.occurred_at {_ACTS} {_of(kinds)} ORDER BY m.id, e.occurred_at"
        return [(who, kind, instant(at)) for who, kind, at in _rows(sql, *self._bounds(first, last), *kinds)]

    def present(self, day: date) -> set[int]:
        """Who is here when the day ends."""
        _begin, end = self.instants(day, day)
        sql = f"SELECT DISTINCT m.id {_STAYS} AND s.joined_at < %s AND (s.left_at IS NULL OR s.left_at >= %s)"
        return {row[0] for row in _rows(sql, self.community, end, end)}

    def around(self, first: date, last: date) -> set[int]:
        """Who was here at any time."""
        begin, end = self.instants(first, last)
        sql = f"SELECT DISTINCT m.id {_STAYS} AND s.joined_at < %s AND (s.left_at IS NULL OR s.left_at >= %s)"
        return {row[0] for row in _rows(sql, self.community, end, begin)}

    def comings(self, first: date, last: date) -> int:
        """Stays that began: a joining while the person was nowhere else in the community."""
        inside = f"{_OTHERS} AND o.joined_at < s.joined_at AND (o.left_at IS NULL OR o.left_at >= s.joined_at)"
        return self._moves("joined_at", inside, first, last)

    def goings(self, first: date, last: date) -> int:
        """Stays that ended: a leaving that left the person nowhere in the community."""
        inside = f"{_OTHERS} AND o.joined_at <= s.left_at AND (o.left_at IS NULL OR o.left_at > s.left_at)"
        return self._moves("left_at", inside, first, last)

    def _moves(self, column: str, inside: str, first: date, last: date) -> int:
        between = f"s.{column} >= %s AND s.{column} < %s"
        distinct = f"SELECT DISTINCT m.id, s.{column} {_STAYS} AND {between} AND NOT EXISTS ({inside})"
        return int(_value(f"SELECT count(*) FROM ({distinct}) moved", *self._bounds(first, last)))

    def newcomers(self, first: date, last: date) -> set[int]:
        """Who came into the community for the first time ever."""
        having = "GROUP BY m.id HAVING min(s.joined_at) >= %s AND min(s.joined_at) < %s"
        return {row[0] for row in _rows(f"SELECT m.id {_STAYS} {having}", *self._bounds(first, last))}

    def money(self, first: date, last: date) -> int:
        """What was paid minus what was paid back, in minor units."""
        net = "sum(CASE WHEN e.kind = 'refunded' THEN -abs(e.amount) ELSE e.amount END)"
        kinds = ("ordered", "refunded")
        return int(_value(f"SELECT {net} {_ACTS} {_of(kinds)}", *self._bounds(first, last), *kinds) or 0)

    def orders(self, first: date, last: date) -> int:
        """Distinct orders; a fact without an order's id is an order of its own."""
        key = "CASE WHEN e.object_id = '' THEN '#' || e.id ELSE e.object_id END"
        return int(_value(f"SELECT count(DISTINCT {key}) {_ACTS} AND e.kind = 'ordered'", *self._bounds(first, last)))

    def totals(self, first: date, last: date) -> dict[str, tuple[int, int]]:
        """Facts and amounts by kind."""
        sql = f"SELECT e.kind, count(*), coalesce(sum(e.amount), 0) {_ACTS} GROUP BY e.kind"
        return {kind: (int(many), int(amount)) for kind, many, amount in _rows(sql, *self._bounds(first, last))}

    def sales(self, last: date) -> list[tuple[int, str, str, int, int, datetime]]:
        """(member, kind, order, id, amount, instant) of every paid or refunded fact up to a day."""
        kinds = ("ordered", "refunded")
        sql = f"SELECT m.id, e.kind, e.object_id, e.id, e.amount, e.occurred_at {_ACTS} {_of(kinds)}"
        found = _rows(sql, *self._bounds(_BEGINNING, last), *kinds)
        return [(who, kind, order, pk, amount, instant(at)) for who, kind, order, pk, amount, at in found]

    def first_and_last_day(self) -> tuple[date, date] | None:
        """The local days of the first and the last fact, whoever's it is."""
        found = _rows(
            "SELECT min(occurred_at), max(occurred_at) FROM events_event WHERE community_id = %s", self.community
        )
        if found[0][0] is None:
            return None
        first, last = (instant(at).astimezone(self.zone).date() for at in found[0])
        return first, last

    def yesterday(self) -> date:
        """The last local day that is over."""
        return timezone.now().astimezone(self.zone).date() - _DAY

    def _bounds(self, first: date, last: date) -> tuple[Any, ...]:
        return (self.community, *self.instants(first, last))


def graded(grade: str) -> list[str]:
    """The kinds that make someone active in this grade."""
    return kinds_of_grade(Grade(grade))


def instant(value: datetime | str) -> datetime:
    """A stored time as an aware one; SQLite keeps it without a zone, in UTC."""
    told = datetime.fromisoformat(value) if isinstance(value, str) else value
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _of(kinds: Sequence[str]) -> str:
    return f"AND e.kind IN ({', '.join(['%s'] * len(kinds))})"


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _value(sql: str, *values: Any) -> Any:
    return _rows(sql, *values)[0][0]
