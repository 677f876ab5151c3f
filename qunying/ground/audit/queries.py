"""The audit trail, searched."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from qunying.ground.audit.heads import remembered_head
from qunying.ground.audit.models import Act, Seal
from qunying.kit.sql import before_horizon

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet


LIFT = "COALESCE((SELECT max(lift) FROM audit_lift), 0)"
"""SQL for what is added to the transaction numbers of acts since a restore."""


def search_acts(  # noqa: PLR0913 - the ways to look for an act
    *,
    actors: Collection[str] | None = None,
    actor: str = "",
    verb: str = "",
    subject: str = "",
    day: date | None = None,
    since: date | None = None,
    until: date | None = None,
    zone: ZoneInfo | None = None,
) -> QuerySet[Act]:
    """Acts, the newest first, that fit everything asked.

    `actors` keeps those of these people only (None: everyone), `actor` is a whole key or a stem
    (`system` finds `system:cli`), so is `verb` (`staff` finds `staff.grant`), `subject` is `type`
    or `type:id`, `day` a local day in `zone` (UTC where none is given), `since` and `until` the first
    and the last local day of a period.
    """
    acts = Act.objects.select_related("seal").order_by("-id")
    if actors is not None:
        acts = acts.filter(actor__in=actors)
    if actor:
        acts = acts.filter(actor=actor) if ":" in actor else acts.filter(actor__startswith=f"{actor}:")
    if verb:
        acts = acts.filter(verb=verb) if "." in verb else acts.filter(verb__startswith=f"{verb}.")
    if subject:
        kind, _colon, number = subject.partition(":")
        acts = acts.filter(subject_type=kind, **({"subject_id": number} if number else {}))
    first, last = day or since, day or until
    if first:
        acts = acts.filter(at__gte=datetime.combine(first, time(), zone or UTC))
    if last:
        acts = acts.filter(at__lt=datetime.combine(last + timedelta(days=1), time(), zone or UTC))
    return acts


def last_seal() -> Seal | None:
    """The newest link of the chain."""
    return Seal.objects.select_related("act").order_by("-number").first()


def head_is_in_chain() -> bool:
    """Whether the link this machine remembers is still there, or there is none to remember.

    While it is missing the sealer leaves the memory alone, so that the cut stays visible.
    """
    head = remembered_head()
    if head is None:
        return True
    kept = Seal.objects.filter(number=head.number).values_list("digest", flat=True).first()
    return kept is not None and bytes(kept) == head.digest


def acts_behind(tx: int, act_id: int) -> QuerySet[Act]:
    """Acts after the pair (tx, id), in the order of the chain, finished or not."""
    return Act.objects.extra(where=["(audit_act.tx, audit_act.id) > (%s, %s)"], params=[tx, act_id]).order_by(
        "tx", "id"
    )


def unsealed_up_to(tx: int, act_id: int) -> QuerySet[Act]:
    """Acts without a seal where every act must have one: somebody put them in."""
    return Act.objects.filter(seal=None).extra(where=["(audit_act.tx, audit_act.id) <= (%s, %s)"], params=[tx, act_id])


def acts_to_seal(limit: int, *, behind: Seal | None) -> list[Act]:
    """The next acts behind this link, up to the horizon: nothing can slip in between them any more."""
    waiting = acts_behind(behind.act.tx, behind.act_id) if behind else acts_behind(-1, 0)
    return list(waiting.extra(where=[before_horizon(connection, f"audit_act.tx - {LIFT}")])[:limit])  # noqa: S610 - a constant
