"""What requests and answers of the API are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

Item = TypeVar("Item")
MOST_ID = 2**63 - 1


def sound(text: str) -> str:
    """Text that every database can keep: no NUL, no half of a pair; raises ValueError."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(_("The text holds characters that nothing can keep."))
    return text


def sound_within(plain: dict[str, Any]) -> dict[str, Any]:
    """The same of every text anywhere in plain data; raises ValueError."""
    waiting: list[Any] = [plain]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend((*one.keys(), *one.values()))
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str):
            sound(one)
    return plain


def sensible(day: date) -> date:
    """A day between 1990 and 2100; raises ValueError."""
    if not date(1990, 1, 1) <= day <= date(2100, 12, 31):
        raise ValueError(_("The day lies before 1990 or after 2100."))
    return day


def reachable(at: datetime) -> datetime:
    """A time between 1990 and 2100, in UTC; raises ValueError."""
    first, last = datetime(1990, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
    if not first <= at < last:
        raise ValueError(_("The day lies before 1990 or after 2100."))
    return at.astimezone(UTC)


Id = Annotated[int, Field(ge=1, le=MOST_ID, examples=[1])]
Text = Annotated[str, AfterValidator(sound)]
Plain = Annotated[dict[str, Any], AfterValidator(sound_within)]
Name = Annotated[str, Field(max_length=120, min_length=1), AfterValidator(sound)]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,60}$", examples=["flowers"])]
Day = Annotated[date, AfterValidator(sensible), Field(examples=["2026-03-01"])]
Instant = Annotated[AwareDatetime, AfterValidator(reachable), Field(examples=["2026-03-05T11:30:00Z"])]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["19:30"])]
Moment = Annotated[datetime, Field(examples=["2026-03-01T02:00:00Z"])]


class Given(Schema):
    """A body: what it does not know it refuses, so that a slip in a name does not pass for a wish."""

    model_config = ConfigDict(extra="forbid")


def _nothing_required(schema: dict[str, Any]) -> None:
    schema.pop("required", None)


class Told(Schema):
    """A thing as it is told. `fields=` leaves out what it does not name, so nothing is sure to be there."""

    model_config = ConfigDict(json_schema_extra=_nothing_required)


class Page(Schema, Generic[Item]):
    """Some things of a list. `next` is the address of the following ones, null at the end.

    `cursor` stands behind the last one told: kept, it goes on later where a list grows.
    """

    items: list[Item]
    next: str | None
    cursor: str | None


class Problem(Schema):
    """What went wrong (RFC 9457), in the language of Accept-Language."""

    type: str = Field(examples=["urn:qunying:problem:not-found"])
    title: str = Field(examples=["There is no such thing"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no community “flowers” that you may open."])
    errors: list[dict[str, str]] = Field(examples=[[]])


class Fields(Schema):
    """Which fields to tell."""

    fields: Annotated[
        str, Field(max_length=500, description="Names of the fields to tell, with commas between them; all without it.")
    ] = ""


class Paging(Fields):
    """Which part of a list to tell, and how."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many things at most.")] = 50
    cursor: Annotated[
        str, Field(max_length=500, description="`cursor` of the answer before; without it, the beginning.")
    ] = ""
    format: Annotated[
        Literal["json", "csv"], Field(description="csv: the same part as a table; asks for `members.export`.")
    ] = "json"
