"""Facts from programs: each item of a batch checked by itself, the good ones stored in one transaction."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from qunying.doors.api.problems import ProblemError
from qunying.doors.api.shapes import MOST_ID, Given, Slug, Text
from qunying.doors.api.wording import plain_words
from qunying.ground.events.facts import Fact, check_fact
from qunying.ground.events.queries import fact_digests, known_digests
from qunying.ground.events.together import record_together
from qunying.ground.members.services import Who
from qunying.kit.errors import QunyingError
from qunying.kit.limits import MOST_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qunying.ground.groups.models import Community

SOURCE = "api"
MOST_ITEMS = 1000
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_MOST_FIELDS = 40


def _is_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(_("A time is text such as 2026-03-01T10:00:00+08:00."))  # noqa: TRY004 - pydantic's way
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(_("A time is text such as 2026-03-01T10:00:00+08:00.")) from None


def _in_time(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(_("The time has no offset. Write it with one, such as +08:00 or Z."))
    naive = moment.replace(tzinfo=UTC)
    if not _EARLIEST + _AHEAD <= naive <= datetime.now(UTC) + 2 * _AHEAD or moment > timezone.now() + _AHEAD:
        raise ValueError(_("The time lies before 1990 or in the future."))
    return moment


Past = Annotated[
    datetime,
    BeforeValidator(_is_text),
    AfterValidator(_in_time),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-01T10:00:00+08:00"]}),
]
"""A moment between 1990 and now, with its offset."""


def _plain(payload: dict[str, Any]) -> dict[str, Any]:
    if len(payload) > _MOST_FIELDS:
        raise ValueError(_("The payload has more than %(most)d fields.") % {"most": _MOST_FIELDS})
    for value in payload.values():
        if isinstance(value, str):
            _short(value)
        elif isinstance(value, bool | int | float):
            if not math.isfinite(value) or abs(value) > MOST_ID:
                raise ValueError(_("A number of the payload is too large."))
        else:
            raise ValueError(_("The payload holds text, numbers and truth values only."))  # noqa: TRY004 - as above
    return payload


def _short(value: str) -> None:
    if len(value) > 2000 or "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):  # noqa: PLR2004
        raise ValueError(_("A text of the payload is longer than 2,000 characters or holds what nothing can keep."))


class Account(Given):
    """An account as its platform names it; whoever is new becomes a member."""

    platform: Annotated[Text, Field(min_length=1, max_length=24, examples=["wechat"])]
    external_id: Annotated[Text, Field(min_length=1, max_length=190, examples=["wxid_8f3a"])]
    name: Annotated[Text, Field(max_length=120, examples=["小美"])] = ""

    def as_who(self) -> Who:
        """For `record`."""
        return Who(self.platform, self.external_id, self.name)


class EventGiven(Given):
    """One fact.

    `key` names it within the batch's `source`: the same key is the same fact and is stored once. `amount` is in
    minor units of the community's currency. `group` is the number or the name of a group of the community.
    """

    key: Annotated[Text, Field(min_length=1, max_length=200, examples=["order-4711"])]
    kind: Annotated[Text, Field(min_length=1, max_length=40, examples=["ordered"])]
    occurred_at: Past
    who: Account | None = None
    target: Account | None = None
    group: Annotated[int, Field(strict=True, ge=1, le=MOST_ID)] | Annotated[Text, Field(max_length=120)] | None = None
    object_type: Annotated[Text, Field(max_length=24)] = ""
    object_id: Annotated[Text, Field(max_length=80)] = ""
    channel: Annotated[Text, Field(max_length=64)] = ""
    amount: Annotated[int, Field(strict=True, ge=-MOST_ID, le=MOST_ID)] | None = None
    payload: Annotated[dict[str, Any], AfterValidator(_plain)] = Field(default_factory=dict)
    text: Annotated[Text, Field(max_length=MOST_TEXT)] = ""


EXAMPLE: dict[str, Any] = {
    "key": "order-4711",
    "kind": "ordered",
    "occurred_at": "2026-03-01T10:00:00+08:00",
    "who": {"platform": "wechat", "external_id": "wxid_8f3a", "name": "小美"},
    "amount": 19900,
    "payload": {"product": "玫瑰"},
}


def _inlined(model: type[Schema]) -> dict[str, Any]:
    """The schema of a model without references, to stand within another."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})

    def put_in(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return put_in(parts[value["$ref"].rsplit("/", 1)[-1]])
            return {name: put_in(inner) for name, inner in value.items()}
        return [put_in(inner) for inner in value] if isinstance(value, list) else value

    result: dict[str, Any] = put_in(schema)
    return result


class BatchGiven(Given):
    """Up to 1,000 facts. Each is judged by itself: one that cannot be stored does not hold up the others."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"source": "shop", "events": [EXAMPLE]}]})

    source: Annotated[
        Slug, Field(description="Within it keys name facts; one word for each system that sends.", examples=["shop"])
    ]
    events: Annotated[
        list[Any], WithJsonSchema({"type": "array", "maxItems": MOST_ITEMS, "items": _inlined(EventGiven)})
    ]


class EventResult(Schema):
    """What became of one item, at its place in the batch."""

    key: str | None = Field(examples=["order-4711"])
    result: str = Field(examples=["stored"], json_schema_extra={"enum": ["stored", "duplicate", "rejected"]})
    reason: str | None = Field(examples=[None], description="Why it was rejected.")


class BatchResult(Schema):
    """What became of a batch: counts, and each item in the order it came."""

    stored: int = Field(examples=[1])
    duplicates: int = Field(examples=[0])
    rejected: int = Field(examples=[0])
    members_new: int = Field(examples=[1])
    results: list[EventResult]


class _Judged(NamedTuple):
    """An item: its key as far as it has one, and the fact it is or why it is none."""

    key: str | None
    fact: Fact | None
    reason: str


def take_batch(batch: BatchGiven, *, community: Community) -> dict[str, Any]:
    """Store the good facts of a batch in one transaction; the result of each item, in their order."""
    if len(batch.events) > MOST_ITEMS:
        detail = _("A batch holds at most %(most)d events; this one has %(many)d.") % {
            "most": MOST_ITEMS,
            "many": len(batch.events),
        }
        raise ProblemError(detail, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    groups = _groups(community) if _names_groups(batch.events) else {}
    judged = [_judge(item, batch.source, groups) for item in batch.events]
    facts = [one.fact for one in judged if one.fact is not None]
    done = record_together(facts, community=community, source=SOURCE)
    digests = fact_digests(facts, community)
    known = known_digests([digest for digest in digests if digest not in done.by_digest], source=SOURCE)
    results = _results(judged, digests, set(done.by_digest), known)
    counts = {name: sum(one["result"] == name for one in results) for name in ("stored", "duplicate", "rejected")}
    return {
        "stored": counts["stored"],
        "duplicates": counts["duplicate"],
        "rejected": counts["rejected"],
        "members_new": done.members_new,
        "results": results,
    }


def _names_groups(items: Sequence[object]) -> bool:
    return any(isinstance(item, dict) and item.get("group") is not None for item in items)


def _groups(community: Community) -> dict[int | str, int]:
    rows = list(community.groups.values_list("pk", "name"))
    return {name: pk for pk, name in rows} | {pk: pk for pk, _name in rows}


def _judge(item: object, source: str, groups: Mapping[int | str, int]) -> _Judged:
    key = item.get("key") if isinstance(item, dict) else None
    key = key[:200] if isinstance(key, str) else None
    try:
        fact = _fact(EventGiven.model_validate(item), source, groups)
        check_fact(fact)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if not str(part).startswith("constrained"))
        return _Judged(key, None, f"{place}: {plain_words(first)}" if place else plain_words(first))
    except QunyingError as error:
        return _Judged(key, None, str(error))
    return _Judged(key, fact, "")


def _fact(given: EventGiven, source: str, groups: Mapping[int | str, int]) -> Fact:
    if given.group is not None and given.group not in groups:
        raise QunyingError(_("There is no group “%(group)s” in this community.") % {"group": given.group})
    return Fact(
        given.kind,
        given.occurred_at,
        (SOURCE, source, given.key),
        who=given.who.as_who() if given.who else None,
        target=given.target.as_who() if given.target else None,
        group_id=None if given.group is None else groups[given.group],
        object_type=given.object_type,
        object_id=given.object_id,
        channel_key=given.channel,
        amount=given.amount,
        payload=given.payload,
        text=given.text,
    )


def _results(
    judged: Sequence[_Judged], digests: Sequence[bytes], stored: set[bytes], known: set[bytes]
) -> list[dict[str, Any]]:
    """The first fact of a digest that was stored is the stored one; what the log does not hold was dropped."""
    coming, left, results = iter(digests), set(stored), []
    for one in judged:
        result, reason = "rejected", one.reason or None
        if one.fact is not None:
            digest = next(coming)
            if digest in left:
                left.discard(digest)
                result = "stored"
            elif digest in stored or digest in known:
                result = "duplicate"
            else:
                reason = _("This person was erased; nothing is stored of them any more.")
        results.append({"key": one.key, "result": result, "reason": reason})
    return results
