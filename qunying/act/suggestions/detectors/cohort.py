"""Newcomers who leave early: what the newest cohorts do in their second week, against earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.kit.formats import percent
from qunying.kit.significance import Proportion, falls_short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.act.suggestions.history import Cohort, History, Look
    from qunying.kit.periods import Period

_FEWEST, _FEWEST_BEFORE = 30, 60
_MOST_WEEKS, _WEEKS_BEFORE = 4, 12
_LESS = 0.1


def _find(look: Look) -> Iterator[Asked]:
    cohorts = look.cohorts()
    many = next((n for n in range(1, _MOST_WEEKS + 1) if sum(one.size for one in cohorts[:n]) >= _FEWEST), _MOST_WEEKS)
    new, old = _pool(cohorts[:many]), _pool(cohorts[many : many + _WEEKS_BEFORE])
    if new.whole < _FEWEST or old.whole < _FEWEST_BEFORE:
        return
    yield Asked(
        "cohort",
        "",
        p=falls_short(new, old),
        large=old.share - new.share >= _LESS,
        effect=new.share - old.share,
        params={
            "part": new.part,
            "whole": new.whole,
            "share": new.share,
            "before": old.share,
            "weeks": many,
            "from": cohorts[many - 1].monday.isoformat(),
        },
        evidence={
            "kind": "shares",
            "rows": [
                {"day": one.monday.isoformat(), "part": one.active, "whole": one.size, "marked": number < many}
                for number, one in reversed(list(enumerate(cohorts[: many + _WEEKS_BEFORE])))
            ],
        },
    )


def _pool(cohorts: Sequence[Cohort]) -> Proportion:
    return Proportion(sum(one.active for one in cohorts), sum(one.size for one in cohorts))


def _title(_params: Mapping[str, Any]) -> str:
    return _("Newcomers drop off in their second week")


def _sentence(params: Mapping[str, Any]) -> str:
    said = {**params, "share": percent(params["share"]), "before": percent(params["before"])}
    return (
        _(
            "Of the %(whole)s people who came most recently, %(share)s did anything in the week after; of those who "
            "came in the twelve weeks before it was %(before)s."
        )
        % said
    )


def _figure(history: History, period: Period, _params: Mapping[str, Any]) -> Measured | None:
    share = _pool([one for one in history.cohorts if period.start <= one.monday <= period.end])
    return Measured(share.share, share.part, share.whole) if share.whole else None


register_detector(
    Detector(
        "cohort",
        gettext_lazy("A cohort that leaves early"),
        gettext_lazy(
            "Whether newcomers do anything in the week after they came, the newest against the twelve weeks before."
        ),
        _find,
        _title,
        _sentence,
        (
            gettext_lazy("Look at what changed in those weeks: the channel, the welcome, who was on duty."),
            gettext_lazy("Write to each of them on the second and the fifth day with one thing worth opening."),
            gettext_lazy(
                "Invite them to the next small activity by name; the first thing done together is what holds."
            ),
        ),
        _figure,
        gettext_lazy("Active in the week after joining"),
        unit="share",
    )
)
