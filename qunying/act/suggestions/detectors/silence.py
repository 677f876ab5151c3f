"""A group that has gone silent: its messages of a week against its own earlier weeks."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.history import middle, series, total
from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.kit.significance import as_quiet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from qunying.act.suggestions.history import History, Look
    from qunying.kit.periods import Period

_WEEKS, _FEWEST_WEEKS, _LONGEST = 12, 4, 26
_ENOUGH = 14
"""Messages a week below which a group was never lively: two a day."""
_SILENT = 0.1


def _find(look: Look) -> Iterator[Asked]:
    for group, daily in look.history.messages.items():
        weeks = look.weeks(daily, count=_LONGEST)
        # Weeks of the same silence are not what it is held against.
        silent = len(list(takewhile(lambda messages: not messages, weeks)))
        earlier = weeks[silent : silent + _WEEKS]
        usual = middle(earlier)
        if len(earlier) < _FEWEST_WEEKS or usual < _ENOUGH:
            continue
        now = total(daily, look.recent())
        name, since = look.history.groups[group], _weeks_since(daily, look)
        yield Asked(
            "silence",
            str(group),
            p=as_quiet(now, earlier),
            large=now <= _SILENT * usual,
            effect=now / usual - 1,
            params={"group": name, "group_id": group, "now": now, "usual": round(usual), "weeks": since},
            evidence={
                "kind": "days",
                "rows": series(daily, look.recent(56 + 7 * (since - 1))),
                "recent": look.recent().start.isoformat(),
                "usual": usual / 7,
            },
        )


def _weeks_since(daily: Mapping[date, int], look: Look) -> int:
    """Whole weeks since anybody spoke, festive ones too; one at least, for the week that is asked about."""
    last = max((day for day, messages in daily.items() if messages and day <= look.until), default=look.until)
    return max(1, (look.until - last).days // 7)


def _title(params: Mapping[str, Any]) -> str:
    return _("%(group)s has gone silent") % params


def _sentence(params: Mapping[str, Any]) -> str:
    if params["now"]:
        return (
            _("%(group)s saw only %(now)s messages in the last seven days; %(usual)s a week were usual before.")
            % params
        )
    if params["weeks"] > 1:
        return (
            _("Nobody has spoken in %(group)s for %(weeks)s weeks; %(usual)s messages a week were usual before.")
            % params
        )
    return _("Nobody spoke in %(group)s in the last seven days; %(usual)s messages a week were usual before.") % params


def _figure(history: History, period: Period, params: Mapping[str, Any]) -> Measured | None:
    daily = history.messages.get(params["group_id"])
    return None if daily is None else Measured(total(daily, period) / period.days * 7)


register_detector(
    Detector(
        "silence",
        gettext_lazy("A group gone silent"),
        gettext_lazy("Messages of each group in the last seven days, against its twelve weeks before."),
        _find,
        _title,
        _sentence,
        (
            gettext_lazy("Ask two or three people of the group in private what happened before posting anything."),
            gettext_lazy(
                "Open with one question that everybody can answer in a sentence, at the hour the group was liveliest."
            ),
            gettext_lazy("Where another group has taken over, say so and merge the two rather than keep both alive."),
        ),
        _figure,
        gettext_lazy("Messages a week in the group"),
        unit="per_week",
    )
)
