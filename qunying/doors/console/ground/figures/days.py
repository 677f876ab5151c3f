"""Which days a figure page shows: presets, days of one's own, and where the facts end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.events.spans import fact_span
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period, last_days, month_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from zoneinfo import ZoneInfo

PRESETS = {
    "7d": gettext_lazy("7 days"),
    "28d": gettext_lazy("28 days"),
    "90d": gettext_lazy("90 days"),
    "365d": gettext_lazy("1 year"),
    "month": gettext_lazy("This month"),
    "all": gettext_lazy("All"),
}
DEFAULT = "28d"


@dataclass(frozen=True, slots=True)
class Reach:
    """From which to which local day there are facts; `until` is the day a preset ends with."""

    first: date
    last: date
    until: date
    empty: bool = False


def reach_of(communities: Collection[int], zone: ZoneInfo) -> Reach:
    """Where the facts of these communities begin and end.

    Presets end with the last whole day (yesterday) where facts go on to the present, and with the
    last day that has facts where they stop earlier, so that an old history is not an empty page.
    """
    today = timezone.localdate(timezone=zone)
    span = fact_span(communities) if communities else None
    if span is None:
        return Reach(today, today, today - timedelta(days=1), empty=True)
    first = min(span[0].astimezone(zone).date(), today)
    last = min(span[1].astimezone(zone).date(), today)
    yesterday = today - timedelta(days=1)
    until = yesterday if last >= yesterday >= first else last
    return Reach(first, last, until)


def choose_period(query: Mapping[str, str], reach: Reach, *, default: str = DEFAULT) -> tuple[Period, str]:
    """The period a query asks for and the name of its preset ('' for days of one's own)."""
    begins, ends = query.get("from", ""), query.get("to", "")
    if begins or ends:
        return Period(_day(begins or ends), _day(ends or begins)), ""
    preset = query.get("period", default)
    preset = preset if preset in PRESETS else default
    return _preset(preset, reach), preset


def _preset(name: str, reach: Reach) -> Period:
    if name == "all":
        return Period(min(reach.first, reach.until), reach.until)
    if name == "month":
        return Period(month_of(reach.until).start, reach.until)
    return last_days(int(name.removesuffix("d")), until=reach.until)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QunyingError(_("“%(text)s” is not a day. Write it as 2026-03-02.") % {"text": text}) from None
