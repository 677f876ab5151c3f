"""Lists in parts behind signed cursors, with the fields asked for, as JSON or CSV."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from qunying.doors.api.problems import ProblemError
from qunying.doors.console.lists import EXPORT
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may, may_anywhere
from qunying.ground.audit.services import write_act
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from ninja import Schema

    from qunying.doors.api.shapes import Paging
    from qunying.ground.access.models import ApiKey
    from qunying.ground.units.models import Unit

Kind = TypeVar("Kind", bound=models.Model)
_SALT = "qunying.api.cursor"
_FORMS = {"cursor", "limit", "fields", "format"}


@dataclass(frozen=True, slots=True)
class Noun(Generic[Kind]):
    """A kind of thing the API tells: its name in the audit, its schema, and the rows of a few of them at once."""

    name: str
    schema: type[Schema]
    rows: Callable[[Sequence[Kind]], Iterable[dict[str, Any]]]
    newest_first: bool = False

    def columns(self, asked: str) -> list[str]:
        """The fields asked for, in the order of the schema; raises ProblemError for one there is not."""
        known = list(self.schema.model_fields)
        wanted = {name.strip() for name in asked.split(",") if name.strip()}
        strange = sorted(wanted - set(known))
        if strange:
            raise _wrong(
                "fields",
                _("There is no field “%(name)s”. Those there are: %(known)s.")
                % {"name": strange[0], "known": ", ".join(known)},
            )
        return [name for name in known if name in wanted] if wanted else known

    def one(self, thing: Kind, *, fields: str = "", status: int = 200) -> HttpResponse:
        """One thing with the fields asked for."""
        columns = self.columns(fields)
        [row] = self.rows([thing])
        return as_json({name: row[name] for name in columns}, status=status)


def _wrong(field: str, detail: str) -> ProblemError:
    errors = [{"field": f"query.{field}", "detail": detail}]
    return ProblemError(detail, status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)


def as_json(content: object, *, status: int = 200) -> HttpResponse:
    """Plain data as an answer; times are told in UTC."""
    text = json.dumps(content, ensure_ascii=False, cls=DjangoJSONEncoder)
    return HttpResponse(text, status=status, content_type="application/json")


def made(request: HttpRequest, noun: Noun[Kind], thing: Kind, *, at: str = "") -> HttpResponse:
    """A thing that was made, with its address: below that of the request, or `at`."""
    answer = noun.one(thing, status=HTTPStatus.CREATED)
    answer["Location"] = at or f"{request.path}/{thing.pk}"
    return answer


def caller_of(request: HttpRequest) -> ApiKey:
    """The key that opened this request."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def page(
    request: HttpRequest, things: QuerySet[Kind], noun: Noun[Kind], asked: Paging, *, unit: Unit | None = None
) -> HttpResponse:
    """The part of the list asked for, in the order of making. `unit` is where a CSV asks for leave."""
    after = read_cursor(request, asked.cursor)
    if after:
        things = things.filter(**{"pk__lt" if noun.newest_first else "pk__gt": after[0]})
    found = list(things.order_by("-pk" if noun.newest_first else "pk")[: asked.limit + 1])
    last = found[: asked.limit][-1].pk if found else None
    return tell(
        request,
        found[: asked.limit],
        noun,
        asked,
        unit=unit,
        cursor=write_cursor(request, last) if last is not None else asked.cursor,
        more=len(found) > asked.limit,
    )


def tell(  # noqa: PLR0913 - what a part of a list is
    request: HttpRequest,
    found: Sequence[Kind],
    noun: Noun[Kind],
    asked: Paging,
    *,
    cursor: str,
    more: bool,
    unit: Unit | None = None,
) -> HttpResponse:
    """A part of a list that was already read, with the cursor behind it and whether there is more."""
    columns = noun.columns(asked.fields)
    following = _address(request, cursor) if more else None
    if asked.format == "csv":
        _check_may_export(caller_of(request), unit)
        answer = _as_csv(request, columns, noun.rows(found), noun=noun, count=len(found))
    else:
        items = [{name: row[name] for name in columns} for row in noun.rows(found)]
        answer = as_json({"items": items, "next": following, "cursor": cursor or None})
    if following:
        answer["Link"] = f'<{following}>; rel="next"'
    return answer


def write_cursor(request: HttpRequest, *place: int) -> str:
    """The place behind a thing of this list, signed, so that it opens this list alone."""
    return signing.dumps([_list_of(request), *place], salt=_SALT)


def read_cursor(request: HttpRequest, text: str) -> list[int]:
    """The place a cursor of this list stands for, empty at the beginning; raises ProblemError for any other."""
    if not text:
        return []
    try:
        of, *place = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        of, place = "", []
    if of != _list_of(request):
        raise _wrong("cursor", _("This cursor does not belong to this list. Begin without one."))
    return [int(number) for number in place]


def _list_of(request: HttpRequest) -> str:
    """What tells this list from others: its address and filters."""
    filters = sorted((name, value) for name, value in request.GET.items() if name not in _FORMS)
    return sha256(repr((request.path, filters)).encode(errors="surrogatepass")).hexdigest()[:12]


def _address(request: HttpRequest, cursor: str) -> str:
    given = [(name, value) for name, value in request.GET.items() if name != "cursor"]
    return f"{request.path}?{urlencode([*given, ('cursor', cursor)], errors='replace')}"


def _check_may_export(key: ApiKey, unit: Unit | None) -> None:
    held = may_anywhere(key, Permission.EXPORT) if unit is None else may(key, Permission.EXPORT, unit)
    if not held:
        raise NotAllowedError(_("The key may not take lists out as files. Give it “members.export”."))


def _as_csv(
    request: HttpRequest, columns: list[str], rows: Iterable[dict[str, Any]], *, noun: Noun[Kind], count: int
) -> HttpResponse:
    from qunying.kit.sheets import csv_lines  # noqa: PLC0415 - brings a writer of workbooks along

    with transaction.atomic():
        details = {"rows": count, "format": "csv"}
        write_act(EXPORT, by=caller_of(request), subject_type=noun.name, details=details)
    lines = csv_lines(columns, ([_cell(row[name]) for name in columns] for row in rows))
    headers = {"Content-Disposition": f'attachment; filename="{noun.name}.csv"'}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    text = json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return text.strip('"') if not isinstance(value, dict | list) else text
