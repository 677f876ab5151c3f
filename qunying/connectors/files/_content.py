"""What the tables of content platforms share: pieces of content, their figures, and when they were counted.

Each row gives `published` once for the piece, and `measured` for its figures as of the day of the table. Such
tables carry no date of their own: the option “date” or the file's name gives it, else the time of the import.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import LONGEST_OBJECT, first_day
from qunying.connectors.files._people import RowError
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import Column, Importer, Option, Rejection, Row, register_importer
from qunying.ground.imports.tabular import NO_TABLE, mapped_columns, mapped_rows, match_columns
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import from_serial, to_count, to_seconds, to_share
from qunying.kit.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.utils.functional import _StrPromise

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_LONGEST_TITLE = 300
_LONGEST_URL = 1000
_MEANINGS: dict[str, _StrPromise] = {
    "title": _("The title or the first words."),
    "published_at": _("When it appeared."),
    "id": _("The piece's own id on the platform."),
    "account": _("The account it appeared under."),
    "account_id": _("That account's id on the platform."),
    "form": _("Video, pictures, article…"),
    "url": _("The address of the piece."),
    "state": _("Whether it passed the platform's review."),
    "exposures": _("How often it was shown."),
    "views": _("How often it was played or read."),
    "viewers": _("How many people played or read it."),
    "likes": _("Likes."),
    "comments": _("Comments."),
    "shares": _("Times passed on."),
    "saves": _("Times kept as a favourite."),
    "recommendations": _("Recommendations (在看, 推荐)."),
    "barrages": _("Comments across the picture (弹幕)."),
    "profile_visits": _("Visits to the account's page."),
    "followers_gained": _("People who followed because of it."),
    "link_clicks": _("Clicks on the WeCom link."),
    "contacts": _("Times added as a contact."),
    "pieces": _("How many pieces appeared."),
    "completion_rate": _("Share of plays or readings to the end."),
    "click_rate": _("Share of showings that were clicked."),
    "bounce_rate": _("Share of plays left within two seconds."),
    "seconds": _("Average time of a play."),
    "index": _("The ranking's own index."),
}
_PARSERS: dict[str, Callable[[str], Any]] = {
    "completion_rate": to_share,
    "click_rate": to_share,
    "bounce_rate": to_share,
    "seconds": to_seconds,
    "index": lambda text: None if text.strip() in {"", "-", "--"} else float(text.replace(",", "")),
}
_WORDS = {"title", "published_at", "id", "account", "account_id", "form", "url", "state"}
_DATE = Option("date", _("Day on which the table was exported: 2024-05-01; otherwise from the file's name, else now."))
_TIMEZONE = Option("timezone", _("Time zone of the times in the file; otherwise the community's."))


@dataclass(frozen=True, slots=True)
class Table:
    """One platform's table: other names of its columns, which it needs, which headers only it has."""

    name: str
    label: _StrPromise
    looks: _StrPromise
    where: _StrPromise
    platform: str
    aliases: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...]
    """Sets of headers of which one, all together, marks the table."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, for the wizard and the mapping."""
        return tuple(
            Column(name, _MEANINGS[name], needed=name in self.needed, aliases=aliases)
            for name, aliases in self.aliases.items()
        )


def register_table(table: Table) -> Importer:
    """Make the importer of a platform's table."""
    return register_importer(
        Importer(
            name=table.name,
            label=table.label,
            looks=table.looks,
            columns=table.columns,
            options=(_DATE, _TIMEZONE),
            platform=table.platform,
            sniff=lambda source: _sniff(source, table),
            read=lambda source, context: _read(source, context, table),
            where=table.where,
        )
    )


def _sniff(source: Source, table: Table) -> float:
    if source.shape in NO_TABLE:
        return 0.0
    try:
        header = {name.strip() for name in source.header}
    except QunyingError:
        return 0.0
    if match_columns(source.header, table.columns, {}).missing:
        return 0.0
    return 1.0 if any(header.issuperset(marks) for marks in table.marks) else 0.0


def _read(source: Source, context: Context, table: Table) -> Iterator[Item]:
    matched, counted = mapped_columns(source, table.columns, context.columns), _counted_at(source, context)
    for row in mapped_rows(source, matched, needed=table.needed):
        if isinstance(row, Rejection):
            yield row
            continue
        number, cells, _raw = row
        try:
            yield _row(cells, context, table, counted)
        except RowError as error:
            yield error.at(number, matched.columns)


def _counted_at(source: Source, context: Context) -> datetime:
    """When the figures were so; the end of the day a date names. Not after the import itself."""
    try:
        day = first_day(source, context)
    except QunyingError:
        if context.options.get("date"):
            raise
        return context.now.astimezone(UTC)
    end = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=context.zone()).astimezone(UTC)
    return min(end, context.now.astimezone(UTC))


def _row(cells: dict[str, str], context: Context, table: Table, counted: datetime) -> Row:
    figures = {name: value for name in table.aliases if (value := _figure(cells, name)) is not None}
    platform, account = table.platform, cells.get("account_id") or cells.get("account", "")
    about: dict[str, Any] = {"platform": platform}
    if cells.get("account"):
        about["account"] = cells["account"][:_LONGEST_TITLE]
    title = cells.get("title", "")[:_LONGEST_TITLE]
    if "title" not in table.aliases or not title:
        return Row(tuple(_account_row(cells, context, about, figures, account, counted)))
    at = _when(cells, context)
    number = _number(cells, title, at, account)
    what: dict[str, Any] = {"group_id": context.group_id, "object_type": "content", "object_id": number}
    told = {name: cells[name][:_LONGEST_URL] for name in ("form", "url") if cells.get(name)}
    facts = [
        Fact("published", at, ("published", platform, number), payload={**about, "title": title, **told}, **what),
    ]
    if figures:
        key = ("measured", platform, number, *(f"{name}={value}" for name, value in sorted(figures.items())))
        payload = {**about, "title": title, **figures}
        facts.append(Fact("measured", max(counted, at), key, payload=payload, **what))
    return Row(tuple(facts))


def _account_row(  # noqa: PLR0913, PLR0917 - the parts of a row
    cells: Mapping[str, str],
    context: Context,
    about: dict[str, Any],
    figures: dict[str, Any],
    account: str,
    counted: datetime,
) -> Iterator[Fact]:
    """The figures of an account, of a day the row names or of the table's."""
    if not account or not figures:
        raise RowError("empty_cell", "account" if figures else "views")
    at = _when(cells, context) if cells.get("published_at") else counted
    day = at.isoformat() if cells.get("published_at") else ""
    values = (f"{name}={value}" for name, value in sorted(figures.items()))
    key = ("measured", about["platform"], "account", account, day, *values)
    yield Fact(
        "measured",
        at,
        key,
        group_id=context.group_id,
        object_type="account",
        object_id=account[:LONGEST_OBJECT],
        payload={**about, **figures},
    )


def _figure(cells: Mapping[str, str], name: str) -> Any:
    if name in _WORDS or not cells.get(name):
        return None
    try:
        return _PARSERS.get(name, to_count)(cells[name])
    except ValueError:
        raise RowError("bad_figure", name, cells[name]) from None


def _when(cells: Mapping[str, str], context: Context) -> datetime:
    written, zone = cells.get("published_at", ""), context.zone()
    try:
        at = from_serial(written, zone)
    except ValueError:
        try:
            at = parse_time(written, zone)
        except ValueError:
            raise RowError("bad_time", "published_at", written) from None
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        raise RowError("absurd_time", "published_at", written) from None
    if not context.possible(at):
        raise RowError("absurd_time", "published_at", written)
    return at


def _number(cells: Mapping[str, str], title: str, at: datetime, account: str) -> str:
    """The id of a piece: its own, else what account, time and title make."""
    if given := cells.get("id") or cells.get("url", ""):
        if len(given) <= LONGEST_OBJECT:
            return given
        return blake2b(given.encode(), digest_size=16).hexdigest()
    return blake2b(f"{account}\n{at.isoformat()}\n{title}".encode(), digest_size=16).hexdigest()
