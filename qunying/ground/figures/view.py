"""The tables a metric is written against, the same for every question.

They are named, not filled: the engine gives the names a meaning for one scope and snapshot. Dates are
variables of the session, so that one compiled statement serves every period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from qunying.ground.events.kinds import Grade, all_kinds, kinds_of_grade

if TYPE_CHECKING:
    from ibis.expr.types import DateValue, IntegerValue, Table

FACTS = ibis.schema(
    {
        "id": "int64",
        "kind": "string",
        "at": "int64",
        "day": "date",
        "hour": "int8",
        "community": "int64",
        "group": "int64",
        "member": "int64",
        "object_id": "string",
        "amount": "int64",
    }
)
MEMBERSHIPS = ibis.schema(
    {"member": "int64", "joined_at": "int64", "left_at": "int64", "joined_day": "date", "left_day": "date"}
)
_NEVER = 2**62


@ibis.udf.scalar.builtin(name="getvariable", signature=((str,), ibis.dtype("date")))
def _date_variable(key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - Ibis reads the signature above
    ...


@ibis.udf.scalar.builtin(name="getvariable", signature=((str,), ibis.dtype("int64")))
def _number_variable(key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - Ibis reads the signature above
    ...


@dataclass(frozen=True, slots=True)
class View:
    """Facts and memberships of the people in the scope; staff and bots are not among them.

    `facts.at`, `joined_at` and `left_at` are microseconds since 1970 (UTC), days are local.
    """

    facts: Table
    memberships: Table

    def day(self, name: str, offset: int = 0) -> DateValue:
        """The date `start`, `end` (of the period) or `last_day` (known to be complete), moved by whole days."""
        return _date_variable(f"{name}{offset:+d}" if offset else name)

    def instant(self, name: str = "as_of") -> IntegerValue:
        """Microseconds from 1970 to the end of `last_day` (as_of), or of the 24-hour days begun on it (known)."""
        return _number_variable(name)

    def acts(self, grade: str) -> Table:
        """Facts that make a person active in this grade: seen, interactive or speaking."""
        mine = kinds_of_grade(Grade(grade))
        others = sorted({kind.name for kind in all_kinds()} - set(mine))
        # Comparing with the shorter list is quicker; every kind is on one of them.
        chosen = self.facts.kind.isin(mine) if len(mine) <= len(others) else self.facts.kind.notin(others)
        return self.facts.filter(chosen)

    def first_times(self, start: str, grade: str) -> Table:
        """When each person began: columns member, at0 (microseconds) and day0 (local).

        `joined` is the first time they came into the scope, `active` their first act of the grade;
        both over all time, so that who comes back is not new again.
        """
        if start == "joined":
            rows = self.memberships
            return rows.group_by("member").agg(at0=rows.joined_at.min(), day0=rows.joined_day.min())
        acts = self.acts(grade)
        return acts.group_by("member").agg(at0=acts.at.min(), day0=acts.day.min())

    def within(self, table: Table, *, before: int = 0) -> Table:
        """Rows whose `day` lies in the period, or up to `before` days earlier."""
        return table.filter(table.day.between(self.day("start", -before), self.day("end")))

    def stays(self) -> Table:
        """Unbroken stays of people in the scope: overlapping memberships in several groups are one.

        Columns member, joined_at, joined_day, left_at and left_day; the last two are null while it lasts.
        Where memberships are told by place, so are stays, with the column `place` first.
        """
        whose = ["place", "member"] if "place" in self.memberships.columns else ["member"]
        rows = self.memberships.mutate(until=self.memberships.left_at.fill_null(_NEVER))
        order = [rows.joined_at, rows.until]
        before = ibis.window(group_by=whose, order_by=order, preceding=(None, 1))
        rows = rows.mutate(reached=rows.until.max().over(before))
        rows = rows.mutate(opens=(rows.reached.isnull() | (rows.joined_at > rows.reached)).cast("int64"))
        so_far = ibis.window(group_by=whose, order_by=[rows.joined_at, rows.until], preceding=(None, 0))
        rows = rows.mutate(stay=rows.opens.sum().over(so_far))
        joined = rows.group_by(*whose, "stay").agg(
            joined_at=rows.joined_at.min(),
            joined_day=rows.joined_day.min(),
            until=rows.until.max(),
            left_on=rows.left_day.max(),
        )
        left = joined.until < _NEVER
        return joined.select(
            *whose,
            "joined_at",
            "joined_day",
            left_at=left.ifelse(joined.until, ibis.null("int64")),
            left_day=left.ifelse(joined.left_on, ibis.null("date")),
        )


def make_view(*, by_place: bool = False) -> View:
    """The view for compiling: its tables are only names. `by_place` adds the column `place` to both."""
    more = {"place": "int64"} if by_place else {}
    facts, memberships = (ibis.schema({**dict(schema.items()), **more}) for schema in (FACTS, MEMBERSHIPS))
    return View(ibis.table(facts, name="facts"), ibis.table(memberships, name="memberships"))


def laid(table: Table, name: str) -> Table:
    """A table the engine computes once, read under its name."""
    return ibis.table(table.schema(), name=name)


def counted(people: Table) -> Table:
    """The people already computed."""
    return laid(people, "counted")
