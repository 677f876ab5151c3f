"""A broken step of the funnel: the share that takes it in four weeks, against earlier blocks of four weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.history import BLOCK
from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.ground.events.kinds import kind_named
from qunying.kit.formats import percent
from qunying.kit.significance import Proportion, falls_short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.act.suggestions.history import History, Look
    from qunying.kit.periods import Period

_BLOCKS, _FEWEST_BLOCKS = 6, 3
_FEWEST = 50
_FALL = 0.25


def _find(look: Look) -> Iterator[Asked]:
    firsts = look.blocks()[: _BLOCKS + 1]
    if len(firsts) <= _FEWEST_BLOCKS:
        return
    counted = [look.history.funnel(first) for first in firsts]
    for step in range(1, len(counted[0])):
        shares = [Proportion(block[step], block[step - 1]) for block in counted]
        now, earlier = shares[0], [share for share in shares[1:] if share.whole >= _FEWEST]
        if now.whole < _FEWEST or len(earlier) < _FEWEST_BLOCKS:
            continue
        before = Proportion(sum(each.part for each in earlier), sum(each.whole for each in earlier))
        yield Asked(
            "funnel",
            str(step),
            p=falls_short(now, before),
            large=_is_fall(now, before, earlier),
            effect=now.share / before.share - 1 if before.share else 0.0,
            params={
                "step": step,
                "name": look.history.funnel_names[step],
                "from": look.history.funnel_names[step - 1],
                "part": now.part,
                "whole": now.whole,
                "share": now.share,
                "before": before.share,
            },
            evidence={
                "kind": "shares",
                "rows": [
                    {"day": first.isoformat(), "part": share.part, "whole": share.whole, "marked": first == firsts[0]}
                    for first, share in zip(reversed(firsts), reversed(shares), strict=True)
                ],
            },
        )


def _is_fall(now: Proportion, before: Proportion, earlier: Sequence[Proportion]) -> bool:
    """By a quarter, and below every earlier block: seasons move shares more than chance does."""
    return now.share <= (1 - _FALL) * before.share and now.share < min(each.share for each in earlier)


def _step(name: str) -> str:
    return " / ".join(str(kind_named(kind).meaning) for kind in name.split("+"))


def _title(params: Mapping[str, Any]) -> str:
    return _("Fewer go on to step %(number)s of the funnel") % {"number": params["step"] + 1}


def _sentence(params: Mapping[str, Any]) -> str:
    said = {
        "number": params["step"] + 1,
        "whole": params["whole"],
        "days": BLOCK,
        "share": percent(params["share"]),
        "before": percent(params["before"]),
    }
    return (
        _(
            "Of %(whole)s people who reached the step before within %(days)s days, %(share)s took step %(number)s; "
            "in the blocks before it was %(before)s."
        )
        % said
    )


def _figure(history: History, period: Period, params: Mapping[str, Any]) -> Measured | None:
    reached = history.funnel(period.start)
    part, whole = reached[params["step"]], reached[params["step"] - 1]
    return Measured(part / whole, part, whole) if whole else None


register_detector(
    Detector(
        "funnel",
        gettext_lazy("A broken step of the funnel"),
        gettext_lazy(
            "The share that goes from each step of the funnel to the next within 14 days, in blocks of four weeks."
        ),
        _find,
        _title,
        _sentence,
        (
            gettext_lazy(
                "Walk through the step yourself on a phone: link, form, payment. Most breaks are seen at once."
            ),
            gettext_lazy("Ask three people who stopped there what they were waiting for."),
            gettext_lazy("Make the step smaller: fewer fields, one clear offer, a date."),
        ),
        _figure,
        gettext_lazy("Share that takes the step"),
        unit="share",
    )
)
