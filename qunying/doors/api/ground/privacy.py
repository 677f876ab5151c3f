"""What a member agreed to, what limits hold for them, what is held of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router, Schema
from pydantic import Field

from qunying.doors.api.ground.ingest import Past
from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import Given, Id, Moment, Page, Paging, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_member_for
from qunying.ground.groups.rules import permissions_with_member
from qunying.ground.privacy.models import Consent, Freeze
from qunying.ground.privacy.purposes import all_purposes
from qunying.ground.privacy.queries import erasure_of, freeze_of, ledger_of, may_contact, minor_of
from qunying.ground.privacy.services import freeze_member, give_consent, mark_minor, thaw_member, withdraw_consent
from qunying.ground.subjects.rules import check_may_decide
from qunying.ground.subjects.telling import FORMS, export_member
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.members.models import Member

router = Router(tags=["privacy"])
_EITHER = (Permission.EDIT_MEMBERS, Permission.PRIVACY)


class PurposeTold(Told):
    """What people may agree to. `automated` ones are closed to everyone under 18."""

    name: str
    label: str
    meaning: str
    text_version: str
    automated: bool


class ConsentTold(Told):
    """A line of the ledger."""

    id: int
    purpose: str
    given: bool
    at: Moment
    source: str
    text_version: str
    by_guardian: bool


class PrivacyTold(Told):
    """What holds for a member now: `open` names the purposes for which they may be reached."""

    open: list[str]
    band: str | None
    frozen_since: Moment | None
    frozen_why: str | None
    erased_at: Moment | None


class ConsentGiven(Given):
    """A line for the ledger: agreed, or taken back. `at` is when they said so, now if it is left out."""

    purpose: Annotated[Text, Field(min_length=1, max_length=32, examples=["messages"])]
    given: Annotated[bool, Field(examples=[True])]
    at: Past | None = None
    text_version: Annotated[Text, Field(max_length=40, description="Which wording they were shown.")] = ""
    by_guardian: Annotated[bool, Field(description="Whether a guardian agreed.")] = False


class AgeGiven(Given):
    """How young the member is."""

    band: Annotated[Literal["under_14", "under_18", ""], Field(description="Empty: of age.")]


class FreezeGiven(Given):
    """Why nothing more is to be done with what is held of them."""

    reason: Annotated[Text, Field(min_length=1, max_length=Freeze.REASON_LENGTH, examples=["对手机号有异议"])]


class HeldAsked(Schema):
    """In which form."""

    form: Annotated[Literal["json", "html"], Field(description="html: a page that anyone can read.")] = "json"


def _consents(rows: Sequence[Consent]) -> Iterable[dict[str, Any]]:
    for one in rows:
        names = ("purpose", "given", "at", "source", "text_version", "by_guardian")
        yield {"id": one.pk} | {name: getattr(one, name) for name in names}


CONSENTS = Noun("consents", ConsentTold, _consents, newest_first=True)


@router.get("/purposes", response=list[PurposeTold], summary="Purposes of consents")
def list_purposes(request: HttpRequest) -> HttpResponse:
    """What people may agree to, in words."""
    plain = ("name", "text_version", "automated")
    return as_json(
        [
            {name: getattr(one, name) for name in plain} | {"label": str(one.label), "meaning": str(one.meaning)}
            for one in all_purposes()
        ]
    )


@router.get("/members/{pk}/privacy", response=PrivacyTold, summary="What holds for a member")
def show_privacy(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Purposes that are open, age, freeze, erasure. Asks for `members.see`."""
    return as_json(_privacy(get_member_for(caller_of(request), pk)))


@router.get("/members/{pk}/consents", response=Page[ConsentTold], summary="Consents of a member")
def list_consents(request: HttpRequest, pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """The ledger, the newest line first. Asks for `members.see`."""
    return page(request, ledger_of(get_member_for(caller_of(request), pk)), CONSENTS, asked)


@router.post("/members/{pk}/consents", response={201: ConsentTold}, summary="Write a consent down")
def write_consent(request: HttpRequest, pk: Path[Id], given: Body[ConsentGiven]) -> HttpResponse:
    """Or that it was taken back, which holds at once. Asks for `members.edit` or `privacy.handle`."""
    person, key = held_with(request, pk, *_EITHER), caller_of(request)
    if given.given:
        more: dict[str, Any] = {"text_version": given.text_version, "by_guardian": given.by_guardian}
        line = give_consent(person, purpose=given.purpose, at=given.at, by=key, source=Consent.Source.FORM, **more)
    else:
        line = withdraw_consent(person, purpose=given.purpose, at=given.at, by=key, source=Consent.Source.FORM)
    line.refresh_from_db()
    return CONSENTS.one(line, status=201)


@router.post("/members/{pk}/age", response=PrivacyTold, summary="Say how young a member is")
def mark_age(request: HttpRequest, pk: Path[Id], given: Body[AgeGiven]) -> HttpResponse:
    """Asks for `members.edit` or `privacy.handle`."""
    person = held_with(request, pk, *_EITHER)
    mark_minor(person, band=given.band, by=caller_of(request))
    return as_json(_privacy(person))


@router.post("/members/{pk}/freeze", response=PrivacyTold, summary="Freeze what is held of a member")
def freeze(request: HttpRequest, pk: Path[Id], given: Body[FreezeGiven]) -> HttpResponse:
    """Left out wherever people are reached; figures stay. Asks for `privacy.handle` wherever they are."""
    person = to_decide(request, pk)
    freeze_member(person, reason=given.reason, by=caller_of(request))
    return as_json(_privacy(person))


@router.delete("/members/{pk}/freeze", response=PrivacyTold, summary="Lift a freeze")
def thaw(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `privacy.handle` wherever they are."""
    person = to_decide(request, pk)
    thaw_member(person, by=caller_of(request))
    return as_json(_privacy(person))


@router.get(
    "/members/{pk}/held",
    response=dict[str, Any],
    summary="Everything held of a member",
    openapi_extra={"responses": {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}},
)
def show_held(request: HttpRequest, pk: Path[Id], asked: Query[HeldAsked]) -> HttpResponse:
    """For the person themselves, private fields in plain; written down. Asks for `privacy.handle` wherever they are."""
    # A reading, so that no Idempotency-Key keeps a copy of it.
    raw = export_member(to_decide(request, pk), form=asked.form, by=caller_of(request))
    name = content_disposition_header(as_attachment=True, filename=f"member-{pk}.{asked.form}") or "attachment"
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(raw, content_type=FORMS[asked.form], headers=headers)


def held_with(request: HttpRequest, pk: int, *permissions: Permission) -> Member:
    """The member, where the key holds one of these permissions with them."""
    key = caller_of(request)
    person = get_member_for(key, pk)
    if permissions_with_member(key, person).isdisjoint(permissions):
        names = ", ".join(permissions)
        raise NotAllowedError(
            _("The key may not do this with this member. Give it one of: %(names)s.") % {"names": names}
        )
    return person


def to_decide(request: HttpRequest, pk: int) -> Member:
    """The member, where the key decides about their data in every community they are or were in."""
    person = held_with(request, pk, Permission.PRIVACY)
    check_may_decide(caller_of(request), person)
    return person


def _privacy(person: Member) -> dict[str, Any]:
    young, frozen, erased = minor_of(person), freeze_of(person), erasure_of(person)
    return {
        "open": [purpose.name for purpose in all_purposes() if may_contact(person, purpose.name)],
        "band": young.band if young else None,
        "frozen_since": frozen.since if frozen else None,
        "frozen_why": frozen.reason if frozen else None,
        "erased_at": erased.at if erased else None,
    }
