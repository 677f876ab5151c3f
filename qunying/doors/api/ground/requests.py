"""What people ask about their data, how long things are kept, and the keys that encrypt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.ground.privacy import held_with
from qunying.doors.api.ground.running import JOBS, JobTold
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.problems import wrong
from qunying.doors.api.shapes import Day, Fields, Given, Id, Moment, Page, Paging, Text, Told
from qunying.ground.access.queries import get_unit_for, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_everywhere
from qunying.ground.privacy.services_keys import rotate_keys
from qunying.ground.subjects.models import SubjectRequest
from qunying.ground.subjects.queries import get_request_for, requests_for
from qunying.ground.subjects.retention import all_classes
from qunying.ground.subjects.rules import check_may_decide
from qunying.ground.subjects.services import close_request, correct_member, take_request
from qunying.ground.subjects.services_erasure import erase_member
from qunying.ground.subjects.services_retention import retention_report, set_retention
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.access.models import ApiKey

router = Router(tags=["privacy"])
_Kind = Literal["export", "correction", "freeze", "erasure"]
_Field = Literal["name", "real_name", "phone", "email", "birthday", "address"]
_Class = Annotated[Text, Field(pattern=r"^[a-z_]{1,32}$", examples=["messages"])]
_Note = Annotated[Text, Field(max_length=SubjectRequest.NOTE_LENGTH)]


class AskedTold(Told):
    """A request on the register. `job` erases, once that has begun; `result` counts what went."""

    id: int
    member: int
    kind: str
    state: str
    received: str
    due: str
    note: str
    answer: str
    job: int | None
    result: dict[str, Any]
    closed_at: Moment | None


class ClassTold(Told):
    """A class of data; `floor` is the shortest period in days the law allows, 0 for none."""

    name: str
    label: str
    floor: int
    by_unit: bool
    fixed: int | None


class DueTold(Told):
    """What has been kept long enough and would go tonight, by month; `days` 0: kept for good."""

    name: str
    unit: int | None
    days: int
    total: int
    months: dict[str, int]


class KeepingTold(Told):
    """How long what is kept, and what would go."""

    classes: list[ClassTold]
    due: list[DueTold]


class AskedGiven(Given):
    """What the person asks, when it came (today if left out), and how it was meant."""

    kind: _Kind
    received: Day | None = None
    note: _Note = ""


class CorrectionGiven(Given):
    """What is to stand there; an empty value clears a private field."""

    field: _Field
    value: Annotated[Text, Field(max_length=500, examples=["13800138000"])]


class ErasureGiven(Given):
    """The name of the person as it is shown (their number, where they have none), so that nobody errs."""

    name: Annotated[Text, Field(max_length=120, examples=["小美"])]


class ClosingGiven(Given):
    """What the person was told; a refusal says why."""

    answer: _Note = ""
    refused: Annotated[bool, Field(description="Whether the request was refused.")] = False


class PeriodGiven(Given):
    """How many days; 0 for good, null takes the rule away. Without a unit, everywhere."""

    days: Annotated[int, Field(ge=0, le=36500, examples=[365])] | None
    unit: Id | None = None


class AskedList(Paging):
    """Which requests."""

    state: Literal["open", "done", "refused"] | None = None


def _asked(rows: Sequence[SubjectRequest]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = {name: getattr(one, name) for name in ("kind", "state", "note", "answer", "result", "closed_at")}
        days = {"received": one.received.isoformat(), "due": one.due.isoformat()}
        yield {"id": one.pk, "member": one.member_id, "job": one.job_id} | plain | days


REQUESTS = Noun("requests", AskedTold, _asked, newest_first=True)


@router.get("/requests", response=Page[AskedTold], summary="Requests about data")
def list_requests(request: HttpRequest, asked: Query[AskedList]) -> HttpResponse:
    """The register, the newest first. Asks for `privacy.handle`."""
    found = requests_for(_officer(request))
    return page(request, found.filter(state=asked.state) if asked.state else found, REQUESTS, asked)


@router.post("/members/{pk}/requests", response={201: AskedTold}, summary="Take a request in")
def take(request: HttpRequest, pk: Path[Id], given: Body[AskedGiven]) -> HttpResponse:
    """Due after fifteen working days. Asks for `members.edit` or `privacy.handle`."""
    person = held_with(request, pk, Permission.EDIT_MEMBERS, Permission.PRIVACY)
    row = take_request(person, kind=given.kind, received=given.received, note=given.note, by=caller_of(request))
    return made(request, REQUESTS, row, at=f"/api/v1/requests/{row.pk}")


@router.get("/requests/{pk}", response=AskedTold, summary="One request")
def show_request(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `privacy.handle`."""
    return REQUESTS.one(get_request_for(caller_of(request), pk), fields=asked.fields)


@router.post("/requests/{pk}/correct", response=AskedTold, summary="Put a field right")
def correct(request: HttpRequest, pk: Path[Id], given: Body[CorrectionGiven]) -> HttpResponse:
    """What stood there before is kept, encrypted. Asks for `privacy.handle` wherever the person is."""
    row = _to_decide(request, pk)
    correct_member(row.member, field=given.field, value=given.value, by=caller_of(request), request=row)
    return REQUESTS.one(row)


@router.post("/requests/{pk}/erase", response=AskedTold, summary="Erase a member")
def erase(request: HttpRequest, pk: Path[Id], given: Body[ErasureGiven]) -> HttpResponse:
    """Begins the job that erases; there is no way back. Asks for `privacy.handle` wherever the person is."""
    row = _to_decide(request, pk)
    if given.name.strip() != (row.member.display_name or str(row.member.pk)):
        raise wrong("name", _("The name does not match. Nothing was erased."))
    if row.kind != SubjectRequest.Kind.ERASURE or row.state != SubjectRequest.State.OPEN:
        raise QunyingError(_("This request does not ask for an erasure, or is closed."))
    erase_member(row.member, by=caller_of(request), request=row)
    return REQUESTS.one(row)


@router.post("/requests/{pk}/close", response=AskedTold, summary="Close a request")
def close(request: HttpRequest, pk: Path[Id], given: Body[ClosingGiven]) -> HttpResponse:
    """Answered, or refused with the reason. Asks for `privacy.handle`."""
    row = get_request_for(caller_of(request), pk)
    close_request(row, answer=given.answer, refused=given.refused, by=caller_of(request))
    return REQUESTS.one(row)


@router.get("/retention", response=KeepingTold, summary="How long what is kept")
def show_retention(request: HttpRequest) -> HttpResponse:
    """A dry run: what would go tonight; nothing is deleted. Asks for `privacy.handle`."""
    key = _officer(request)
    everywhere = may_everywhere(key, Permission.PRIVACY)
    inside = set(units_for(key, Permission.PRIVACY).values_list("pk", flat=True))
    found = retention_report(units=None if everywhere else sorted(inside))
    due = [one for one in found if one.unit is None or everywhere or one.unit.pk in inside]
    classes = [
        {
            "name": one.name,
            "label": str(one.label),
            "floor": one.floor,
            "by_unit": one.by_unit,
            "fixed": one.fixed() if one.fixed else None,
        }
        for one in all_classes()
    ]
    told = [
        {
            "name": one.kind.name,
            "unit": one.unit.pk if one.unit else None,
            "days": one.days,
            "total": one.total,
            "months": {month.isoformat()[:7]: count for month, count in sorted(one.months.items())},
        }
        for one in due
    ]
    return as_json({"classes": classes, "due": told})


@router.patch("/retention/{name}", response=KeepingTold, summary="Set how long a class is kept")
def set_period(request: HttpRequest, name: Path[_Class], given: Body[PeriodGiven]) -> HttpResponse:
    """Asks for `privacy.handle` in the unit, and without a unit everywhere."""
    key = _officer(request)
    unit = None if given.unit is None else get_unit_for(key, given.unit, Permission.PRIVACY)
    if unit is None:
        _check_everywhere(key)
    set_retention(name, days=given.days, unit=unit, by=key)
    return show_retention(request)


@router.post("/encryption-keys/rotate", response=JobTold, summary="Take a new key into use")
def rotate(request: HttpRequest) -> HttpResponse:
    """A job encrypts everything with it. Asks for `privacy.handle` everywhere."""
    key = _officer(request)
    _check_everywhere(key)
    return JOBS.one(rotate_keys(by=key))


def _officer(request: HttpRequest) -> ApiKey:
    key = caller_of(request)
    if not may_anywhere(key, Permission.PRIVACY):
        raise NotAllowedError(_("The key may not handle requests about data. Give it “privacy.handle”."))
    return key


def _check_everywhere(key: ApiKey) -> None:
    if not may_everywhere(key, Permission.PRIVACY):
        raise NotAllowedError(_("What holds everywhere is set by somebody who answers for every unit."))


def _to_decide(request: HttpRequest, pk: int) -> SubjectRequest:
    row = get_request_for(caller_of(request), pk)
    check_may_decide(caller_of(request), row.member)
    return row
