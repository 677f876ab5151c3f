"""The page by which members send in what they made, and the one that tells them what came of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from qunying.doors.console.ground.health.timing import address_of
from qunying.doors.h5.introducing import asked_of, known_by, member_of
from qunying.doors.h5.pages import Pace, paced, page, too_many
from qunying.ground.audit.actors import System
from qunying.kit.errors import QunyingError
from qunying.plan.content.models import Submission
from qunying.plan.content.queries import call_opened_by, submission_opened_by
from qunying.plan.content.services_submissions import MOST_PICTURES, Sent, take_submission
from qunying.plan.materials.services_pictures import MOST_BYTES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.plan.content.models import Call

SENDING = Pace(per_minute=20)
"""Somebody sends in one thing, perhaps two; an address that many share has room for more."""
MOST_BODY = MOST_PICTURES * MOST_BYTES + 1024 * 1024
_TRAP = "website"
"""A field that no person sees; programs fill it in."""
VISITOR = System("visitor")


def address_of_call(request: HttpRequest, call: Call) -> str:
    """The whole address of a call, as it is handed round."""
    path = reverse("send_in", args=[call.code])
    return settings.PUBLIC_URL.rstrip("/") + path if settings.PUBLIC_URL else request.build_absolute_uri(path)


@csrf_exempt  # nobody is signed in here: the code in the address is all there is to misuse
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def send_in(request: HttpRequest, code: str) -> HttpResponse:
    """The form; what is wrong is said above it, and what was typed stays."""
    call = call_opened_by(code)
    if call is None:
        return _gone()
    if call.closed_at is not None:
        text = _("This page takes nothing more. Ask the team for a new link.")
        return page("h5/word.html", {"title": call.title, "text": text}, status=HTTPStatus.GONE)
    return _taken(request, call) if request.method == "POST" else _form(request, call, {})


def _taken(request: HttpRequest, call: Call) -> HttpResponse:
    if int(request.headers.get("Content-Length") or 0) > MOST_BODY:
        return _form(request, call, {}, refusal=_("The pictures are too large together. Send fewer, or smaller ones."))
    if not SENDING.allows(address_of(request)):
        return too_many()
    try:
        submission = _take(request, call)
    except QunyingError as refused:
        return _form(request, call, request.POST.dict(), refusal=str(refused), again=bool(request.FILES))
    return HttpResponseRedirect(reverse("sent_in", args=[submission.code]), status=HTTPStatus.SEE_OTHER)


@transaction.atomic
def _take(request: HttpRequest, call: Call) -> Submission:
    known = known_by(request, call)
    member = member_of(known) if known is not None else None
    return take_submission(_sent(request), community=call.community, call=call, member=member, by=VISITOR)


def _sent(request: HttpRequest) -> Sent:
    given = request.POST
    if given.get(_TRAP):
        raise QunyingError(_("The last field has to stay empty: it is there to tell people from programs."))
    files = request.FILES.getlist("pictures")
    return Sent(
        name=given.get("name", ""),
        right=given.get("right", ""),
        agreed=bool(given.get("agreed")),
        words=given.get("words", ""),
        contact=given.get("contact", ""),
        pictures=tuple((one.name or "picture", one.read(MOST_BYTES + 1)) for one in files[: MOST_PICTURES + 1]),
    )


def _form(
    request: HttpRequest, call: Call, typed: dict[str, str], *, refusal: str = "", again: bool = False
) -> HttpResponse:
    known = known_by(request, call)
    context: dict[str, object] = {
        "known": known,
        "asked_of": "" if known else asked_of(request, call),
        "call": call,
        "typed": typed,
        "refusal": refusal,
        "again": again,
        "rights": Submission.Right.choices,
        "most": MOST_PICTURES,
        "trap": _TRAP,
    }
    status = HTTPStatus.BAD_REQUEST if refusal else HTTPStatus.OK
    return page("h5/send_in.html", context, status=status, asks=True)


@require_safe
@paced
def sent_in(_request: HttpRequest, code: str) -> HttpResponse:
    """What came of something that was sent in: its sender alone has the link."""
    found = submission_opened_by(code)
    if found is None:
        return _gone()
    return page("h5/sent_in.html", {"submission": found, "again": found.call and not found.call.closed_at})


def _gone() -> HttpResponse:
    text = _("The link is no longer in use, or a letter of it got lost. Ask whoever gave it to you for a new one.")
    return page("h5/word.html", {"title": _("This link leads nowhere"), "text": text}, status=HTTPStatus.NOT_FOUND)
