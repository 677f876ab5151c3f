"""Lists people sort and take away: columns declared once give the headings, the order and the file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction
from django.db.models import F
from django.db.models.expressions import Expression, OrderBy
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.kit.sheets import csv_lines, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, QueryDict
    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

    from qunying.ground.audit.actors import Actor

EXPORT = declare_verb("lists.export", gettext_lazy("A list was taken away as a file."))
MOST_XLSX = 100_000
"""Rows an XLSX file may have; it is written before it is sent, CSV is not."""

_CHUNK = 500
_IN_MEMORY = 5 * 1024 * 1024
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = TypeVar("Row")
Kind = TypeVar("Kind", bound="Model")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a list.

    `order` sorts by it: a field or an expression where the database does, True where `value` itself is
    the key. `value` is what stands in the file (datetimes are told in the zone of the list with their
    offset); None keeps it out of the file. `shown` is False for what stands in the file only.
    """

    name: str
    label: str | _StrPromise
    value: Callable[[Row], object] | None = None
    order: str | Expression | bool = False
    css: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """One heading of a table: its words, the order it asks for next, and how the list stands by it now."""

    label: str
    css: str
    order: str
    aria: str


@dataclass(frozen=True, slots=True)
class Order:
    """One order to choose from, for those who see no headings."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """A list: its name in the audit, its title, its columns, the order it comes in, and the parameter that turns it.

    An order is the name of a column, with a minus where it runs backwards.
    """

    name: str
    title: str | _StrPromise
    columns: tuple[Column[Row], ...]
    default: str
    parameter: str = "order"

    def asked(self, query: QueryDict) -> str:
        """The order the address asks for; the default where it asks for none there is."""
        wanted = query.get(self.parameter, "")
        return wanted if wanted in self._orders() else self.default

    def _orders(self) -> list[str]:
        return [f"{sign}{column.name}" for column in self.columns if column.order for sign in ("", "-")]

    def _column(self, order: str) -> Column[Row]:
        return next(column for column in self.columns if column.name == order.removeprefix("-"))

    def sort(self, found: QuerySet[Kind], query: QueryDict) -> QuerySet[Kind]:
        """The rows in the order asked for; what has no value comes last, and equals in the order of their making."""
        order = self.asked(query)
        by = self._column(order).order
        field = by if isinstance(by, Expression) else F(str(by))
        back = order.startswith("-")
        return found.order_by(OrderBy(field, descending=back, nulls_last=True), "-pk" if back else "pk")

    def sort_rows(self, rows: Iterable[Row], query: QueryDict) -> list[Row]:
        """The same for rows that no table of the database holds; what has no value comes last."""
        order = self.asked(query)
        value: Callable[[Row], Any] = self._column(order).value or (lambda _row: None)
        rows = list(rows)
        known = [row for row in rows if value(row) is not None]
        known.sort(key=value, reverse=order.startswith("-"))
        return known + [row for row in rows if value(row) is None]

    def heads(self, query: QueryDict) -> list[Head]:
        """The headings of the table; the one the list is sorted by turns it round."""
        order = self.asked(query)
        return [_head(column, order) for column in self.columns if column.shown]

    def orders(self, query: QueryDict) -> list[Order]:
        """Every order there is, in words."""
        now = self.asked(query)
        words = {"": _("%(column)s, ascending"), "-": _("%(column)s, descending")}
        return [
            Order(
                order, words["-" if order.startswith("-") else ""] % {"column": self._column(order).label}, order == now
            )
            for order in self._orders()
        ]

    def table(self, query: QueryDict) -> dict[str, object]:
        """What the parts `heads.html` and `order.html` want in their context."""
        return {"heads": self.heads(query), "orders": self.orders(query), "order_parameter": self.parameter}

    def export(  # noqa: PLR0913 - what a file is made of
        self, request: HttpRequest, rows: Iterable[Row], *, count: int, zone: ZoneInfo, by: Actor, of: str = ""
    ) -> HttpResponseBase:
        """These rows as the file the address asks for (`format`: csv or xlsx); the taking is written down.

        `of` names whose list it is where there is one for each community. Times are local to `zone`.
        """
        form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
        if form == "xlsx" and count > MOST_XLSX:
            sentence = _("%(count)d rows are too many for an XLSX file. Narrow the list, or take it as CSV.")
            raise QunyingError(sentence % {"count": count})
        with transaction.atomic():
            write_act(EXPORT, by=by, subject_type=self.name, subject_id=of, details={"rows": count, "format": form})
        kept = [column for column in self.columns if column.value]
        cells = _cells([column.value for column in kept if column.value], rows, zone, get_language() or "en")
        day = timezone.localdate(timezone=zone).isoformat()
        stem = "-".join(part for part in (of, str(self.title), day) if part)
        return as_file([str(column.label) for column in kept], cells, form=form, stem=stem, sheet=str(self.title))


def _head(column: Column[Any], order: str) -> Head:
    if not column.order:
        return Head(str(column.label), column.css, "", "")
    aria = {column.name: "ascending", f"-{column.name}": "descending"}.get(order, "")
    return Head(str(column.label), column.css, f"-{column.name}" if aria == "ascending" else column.name, aria)


def in_chunks(found: QuerySet[Kind], rows_of: Callable[[Sequence[Kind]], Iterable[Row]]) -> Iterator[Row]:
    """Rows made of a few hundred records at a time, so that memory stays flat."""
    source = found.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(source, _CHUNK)):
        yield from rows_of(chunk)


def _cells(
    values: Sequence[Callable[[Row], object]], rows: Iterable[Row], zone: ZoneInfo, language: str
) -> Iterator[list[object]]:
    source = iter(rows)
    while True:
        # Rows are read while the answer is on its way, when the language of the request is forgotten.
        with override(language):
            found = list(islice(source, 1))
            line = [_cell(value(row), zone) for row in found for value in values]
        if not found:
            return
        yield line


def _cell(value: object, zone: ZoneInfo) -> object:
    """Numbers and nothing stay what they are; times are told with their offset; all else is text."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if value is None or isinstance(value, int | float) else str(value)


def as_file(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, form: str, stem: str, sheet: str
) -> HttpResponseBase:
    """A table as a file to keep: CSV as it is read, XLSX once it is written; no cell can act as a formula."""
    name = f"{stem}.{form}"
    if form == "csv":
        disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        headers = {"Content-Disposition": disposition}
        lines = csv_lines(columns, rows)
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_xlsx(file, columns, rows, sheet=sheet)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)
