"""Why two people may be one: what speaks for it, what against, and how much all of it weighs.

Weights are chances. Reasons add up as if independent (1 − ∏(1 − w)); what speaks against takes a share of
the sum away. crowd.dev tells only high (0.9) and low (0.2) likeness; here each reason can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

SUGGESTED = 0.5
"""From this score on a pair is suggested."""
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing two people share, or (`against`) in which they differ."""

    label: _StrPromise
    weight: float
    against: bool = False


REASONS: dict[str, Reason] = {
    "unionid": Reason(_("Same unionid: the platform says it is one person"), 0.98),
    "phone": Reason(_("Same telephone number"), 0.95),
    "email": Reason(_("Same e-mail address"), 0.9),
    "account": Reason(_("Same account id on another platform"), 0.6),
    "real_name": Reason(_("Same real name"), 0.5),
    "address": Reason(_("Same address"), 0.4),
    "birthday": Reason(_("Same birthday"), 0.2),
    "name": Reason(_("Same name"), 0.35),
    "similar_name": Reason(_("Similar name"), 0.2),
    "groups": Reason(_("In the same group"), 0.3),
    "other_phone": Reason(_("Different telephone numbers"), 0.5, against=True),
    "other_real_name": Reason(_("Different real names"), 0.5, against=True),
    "other_birthday": Reason(_("Different birthdays"), 0.6, against=True),
    "side_by_side": Reason(_("Two accounts of one platform in one group at the same time"), 0.4, against=True),
}


def score_of(found: Iterable[str]) -> float:
    """Between 0 and 1, rounded to hundredths: how likely two people with these reasons are one."""
    known = [REASONS[name] for name in found]
    likely = 1 - prod(1 - reason.weight for reason in known if not reason.against)
    return round(likely * prod(1 - reason.weight for reason in known if reason.against), 2)


def in_words(reason: Mapping[str, Any]) -> str:
    """One stored reason as a sentence for a page."""
    known = REASONS.get(reason["why"])
    if known is None:
        return str(reason["why"])
    if reason["why"] == "groups":
        count = int(reason.get("count", 1))
        return ngettext("In %(count)d group together", "In %(count)d groups together", count) % {"count": count}
    return str(known.label)


def told(found: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The reasons as they are stored, what weighs most first."""
    rows = [
        {"why": why, "weight": REASONS[why].weight, "against": REASONS[why].against, **more}
        for why, more in found.items()
    ]
    return sorted(rows, key=lambda row: (row["against"], -row["weight"], row["why"]))
