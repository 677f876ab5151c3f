"""The CDNOW purchases: fixed columns of customer, date (yyyymmdd), number of CDs, dollars."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import Importer, Option, Rejection, register_importer
from qunying.ground.members.services import Who
from qunying.kit.encodings import is_broken, shown
from qunying.kit.money import to_minor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_CELLS = 4
_LONGEST = 20


def sniff(source: Source) -> float:
    """Sure where the first full lines are four numbers, the second a date of eight digits."""
    rows = [line.split() for line in source.first_lines if line.strip()]
    rows = [row for row in rows[:10] if not row[0].startswith("customer")]
    good = sum(len(row) == _CELLS and row[0].isdigit() and row[1].isdigit() and len(row[1]) == 8 for row in rows)  # noqa: PLR2004 - yyyymmdd
    return 1.0 if rows and good == len(rows) else 0.0


def read(source: Source, context: Context) -> Iterator[Item]:
    """One `ordered` a row, at the start of its local day, in the community's currency.

    Purchases have no number: identical rows of a customer are told apart by their order in the file.
    """
    zone = context.zone()
    for number, line in enumerate(source.lines(), 1):
        cells = line.split()
        if not cells or cells[0] == "customer_id":
            continue
        if len(cells) != _CELLS or is_broken(line):
            yield Rejection(
                number, "too_many_cells" if len(cells) > _CELLS else "empty_cell", value=shown(line.strip())
            )
            continue
        yield _purchase(number, cells, context, zone)


@lru_cache(maxsize=1024)
def _beginning(day: str, zone: ZoneInfo) -> datetime:
    """The first instant of a local day; a file has few days and very many rows."""
    return datetime.strptime(day, "%Y%m%d").replace(tzinfo=zone).astimezone(UTC)


def _purchase(number: int, cells: list[str], context: Context, zone: ZoneInfo) -> Item:
    customer, day, units, dollars = cells
    try:
        at = _beginning(day, zone)
    except (ValueError, OverflowError):
        return Rejection(number, "bad_time", "date", day)
    if not day[:4] > "1970" or not context.possible(at):
        return Rejection(number, "absurd_time", "date", day)
    try:
        amount, count = to_minor(dollars, context.community.currency), int(units)
    except ValueError:
        return Rejection(number, "bad_amount", "dollar_value", dollars, {"currency": context.community.currency})
    if len(customer) > _LONGEST or len(dollars) > _LONGEST or len(units) > _LONGEST:
        return Rejection(number, "too_long", value=" ".join(cells), params={"most": _LONGEST})
    ordinal = context.repeats.seen(customer, day, units, dollars)
    return Fact(
        "ordered",
        at,
        (customer, day, units, dollars, ordinal),
        who=Who("cdnow", customer),
        group_id=context.group_id,
        object_type="order",
        object_id=f"{customer}-{day}-{units}-{dollars}-{ordinal}",
        amount=amount,
        payload={"units": float(count)},
    )


register_importer(
    Importer(
        name="cdnow",
        label=_("CDNOW purchases"),
        looks=_("lines of four numbers: customer, date as yyyymmdd, units, dollars"),
        platform="cdnow",
        options=(Option("timezone", _("Time zone of the days in the file."), ""),),
        sniff=sniff,
        read=read,
    )
)
