"""The chain, checked link by link against the acts as they stand now."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.chain import FIRST, chain_key, link
from qunying.ground.audit.heads import Head, remembered_head
from qunying.ground.audit.models import Act, Seal
from qunying.ground.audit.queries import acts_behind, unsealed_up_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

_CHUNK = 1000
_MOST_BREAKS = 1000


class Fault(StrEnum):
    """What became of an act after it was written down."""

    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT = "cut"


FAULTS: dict[Fault, _StrPromise] = {
    Fault.CHANGED: _("the act or its seal was changed"),
    Fault.DELETED: _("the act or its seal was deleted"),
    Fault.INSERTED: _("the act was put in behind the seals"),
    Fault.REORDERED: _("the act stands in another place than it was sealed in"),
    Fault.CUT: _("the end of the chain is missing or was replaced"),
}


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the trail is not what was sealed; `act` and `number` are None where unknown."""

    fault: Fault
    act: int | None
    number: int | None

    @property
    def words(self) -> _StrPromise:
        """The fault in words."""
        return FAULTS[self.fault]


@dataclass(slots=True)
class AuditReport:
    """What a check of the chain found; at most a thousand breaks are listed.

    `sealed` links, `unsealed` acts waiting for the sealer, `head` is the newest digest in
    hexadecimal: kept elsewhere, it proves later that nothing before it was touched.
    """

    sealed: int = 0
    unsealed: int = 0
    head: str = ""
    breaks: list[Break] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the trail is exactly what was sealed."""
        return not self.breaks

    def add(self, fault: Fault, *, act: int | None = None, number: int | None = None) -> None:
        """Note a break."""
        if len(self.breaks) < _MOST_BREAKS:
            self.breaks.append(Break(fault, act, number))


def verify_chain() -> AuditReport:
    """Recompute every link from the acts; reads all of them, a thousand at a time, and changes nothing."""
    report = AuditReport()
    walk = _Walk(chain_key(), report, remembered_head())
    for seals, acts in _chunks():
        for seal in seals:
            walk.check(seal, acts.get(seal.act_id))
    walk.finish()
    return report


def _chunks() -> Iterator[tuple[list[Seal], dict[int, Act]]]:
    number = -1
    while seals := list(Seal.objects.filter(number__gt=number).order_by("number")[:_CHUNK]):
        yield seals, Act.objects.in_bulk([seal.act_id for seal in seals])
        number = seals[-1].number


@dataclass(slots=True)
class _Walk:
    """Where the check stands: the link before, the last place that was right, and the last one seen."""

    key: bytes
    report: AuditReport
    remembered: Head | None
    number: int = 0
    before: bytes | None = FIRST
    place: tuple[int, int] = (-1, 0)
    seen: tuple[int, int] = (-1, 0)

    def check(self, seal: Seal, act: Act | None) -> None:
        """One link; after a gap the link before is unknown, and this one cannot be judged."""
        if seal.number != self.number + 1:
            self.report.add(Fault.DELETED, number=self.number + 1)
            self.before = None
        digest = bytes(seal.digest)
        if act is None:
            self.report.add(Fault.DELETED, act=seal.act_id, number=seal.number)
        else:
            self._compare(seal.number, digest, act)
        if self.remembered and seal.number == self.remembered.number and digest != self.remembered.digest:
            self.report.add(Fault.CUT, number=seal.number)
        self.number, self.before = seal.number, digest
        self.report.sealed += 1

    def _compare(self, number: int, digest: bytes, act: Act) -> None:
        place = (act.tx, act.pk)
        if self.before is None or hmac.compare_digest(link(self.key, number, self.before, act), digest):
            self.place = max(place, self.place)
        else:
            fault = Fault.REORDERED if place < self.seen else Fault.CHANGED
            self.report.add(fault, act=act.pk, number=number)
        self.seen = place

    def finish(self) -> None:
        """What lies behind the last link, and what should not lie before it."""
        self.report.head = self.before.hex() if self.number and self.before else ""
        if self.remembered and self.remembered.number > self.number:
            self.report.add(Fault.CUT, number=self.number + 1)
        self.report.unsealed = acts_behind(*self.place).filter(seal=None).count()
        for pk in unsealed_up_to(*self.place).values_list("pk", flat=True)[:_MOST_BREAKS]:
            self.report.add(Fault.INSERTED, act=pk)
