"""The counts of a run: what its result says, kept in every checkpoint."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.events.facts import Fact, Recorded

_EVER = datetime.max.replace(tzinfo=UTC)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Tally:
    """`rows` is what was read, of which `rejected` and `skipped` gave no fact.

    Facts are `stored`, `duplicates`, or of people who were `erased`: those are dropped.
    """

    rows: int = 0
    stored: int = 0
    duplicates: int = 0
    rejected: int = 0
    skipped: int = 0
    members_new: int = 0
    profiles: int = 0
    erased: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    first: datetime = _EVER
    last: datetime = _NEVER

    def add(self, recorded: Recorded, facts: Iterable[Fact]) -> None:
        """Count what became of some facts."""
        self.stored += recorded.stored
        self.duplicates += recorded.duplicates
        self.members_new += recorded.members_new
        self.erased += recorded.erased
        self.kinds.update(recorded.kinds)
        self.span(facts)

    def span(self, facts: Iterable[Fact]) -> None:
        """Widen the stretch of time to hold these facts."""
        for fact in facts:
            self.first = min(self.first, fact.occurred_at)
            self.last = max(self.last, fact.occurred_at)

    def as_json(self) -> dict[str, Any]:
        """For a checkpoint or a result; times in UTC, null where there was no fact at all."""
        seen = self.first <= self.last
        return {
            "rows": self.rows,
            "stored": self.stored,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "skipped": self.skipped,
            "members_new": self.members_new,
            "profiles": self.profiles,
            "erased": self.erased,
            "kinds": dict(sorted(self.kinds.items())),
            "from": self.first.astimezone(UTC).isoformat() if seen else None,
            "to": self.last.astimezone(UTC).isoformat() if seen else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Tally:
        """The counts of a checkpoint."""
        plain = {
            name: data[name]
            for name in ("rows", "stored", "duplicates", "rejected", "skipped", "members_new", "profiles")
        }
        tally = cls(**plain, erased=data.get("erased", 0), kinds=Counter(data["kinds"]))
        if data["from"] is not None:
            tally.first, tally.last = datetime.fromisoformat(data["from"]), datetime.fromisoformat(data["to"])
        return tally
