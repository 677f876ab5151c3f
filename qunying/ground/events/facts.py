"""What `record` is given: facts as plain data, before they are stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from qunying.ground.events.kinds import kind_named
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qunying.ground.members.services import Who


_NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


class Fact(NamedTuple):
    """One fact on its way into the log.

    `key` names the fact within its source and community, and nothing else does: the same key is the
    same fact, whoever brings it. A format with ids uses them; one without uses (group, minute,
    sender, digest of the text, ordinal within that minute). `occurred_at` is aware. `amount` is in
    minor units. `text` is what was said; it is kept apart from the fact.

    A tuple, for a million of them are made in one import and a frozen dataclass takes four times as long.
    """

    kind: str
    occurred_at: datetime
    key: tuple[str | bytes | int, ...]
    who: Who | None = None
    target: Who | None = None
    group_id: int | None = None
    object_type: str = ""
    object_id: str = ""
    channel_key: str = ""
    amount: int | None = None
    payload: Mapping[str, Any] = _NOTHING_MORE
    text: str = ""


@dataclass(slots=True)
class Recorded:
    """What became of the facts given to `record`: the stored ones, and counts.

    `stored_as` has the id of each by its digest (`queries.fact_digests`), `new` are the accounts nobody knew yet.
    `erased` are facts of people who were erased: they are dropped.
    """

    stored_as: dict[bytes, int] = field(default_factory=dict)
    duplicates: int = 0
    new: set[tuple[str, str]] = field(default_factory=set)
    erased: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def ids(self) -> list[int]:
        """The ids of the stored facts, in their order."""
        return sorted(self.stored_as.values())

    @property
    def members_new(self) -> int:
        """How many people are new."""
        return len(self.new)

    @property
    def stored(self) -> int:
        """How many facts were new."""
        return len(self.stored_as)


def check_fact(fact: Fact) -> None:
    """Raise QunyingError where a fact cannot be stored as it is."""
    kind = kind_named(fact.kind)
    if fact.occurred_at.tzinfo is None:
        raise QunyingError(_("A fact has a time without a time zone. Give the offset, such as +08:00."))
    if (fact.amount is not None) != kind.money:
        raise QunyingError(
            _("Facts of the kind “%(kind)s” carry an amount.") % {"kind": kind.name}
            if kind.money
            else _("Facts of the kind “%(kind)s” carry no amount.") % {"kind": kind.name}
        )
    for name, value in fact.payload.items():
        wanted = kind.payload.get(name)
        if wanted is None or not isinstance(value, wanted):
            raise QunyingError(
                _("The field “%(name)s” does not belong to facts of the kind “%(kind)s”, or has the wrong type.")
                % {"name": name, "kind": kind.name}
            )
