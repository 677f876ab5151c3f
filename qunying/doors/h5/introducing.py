"""Who opens a page inside a platform's app: asked only where the person presses the link for it.

The way back is checked twice: the state has to be the one this browser was given (its cookie is signed, lives ten
minutes and is sent to these pages alone), and the code is worth something once. The address to come back to is fixed.
What was found out stays in a signed cookie of an hour, for the page it was asked for and no other.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunying.doors.console.ground.health.timing import address_of
from qunying.doors.h5.pages import Pace, gone, paced, page, too_many
from qunying.ground.groups.queries import groups_of
from qunying.ground.members.accounts import note_unions
from qunying.ground.members.models import Identity
from qunying.ground.members.services import Who, ensure_identities
from qunying.ground.platforms.introducing import STATE_LETTERS, Introduced, introducer_of, introducers_in
from qunying.ground.platforms.names import platform_label
from qunying.ground.privacy.queries import erased_among
from qunying.kit.errors import QunyingError
from qunying.plan.content.queries import call_opened_by

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.groups.models import Group
    from qunying.ground.members.models import Member
    from qunying.plan.content.models import Call

ASKING = Pace(per_minute=20)
"""Each coming back asks the platform."""
_ASKED, _KNOWN = "asked", "known"
_ASKED_SECONDS, _KNOWN_SECONDS = 600, 3600
_SALT = "h5-introduction"
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class Known:
    """Who looks at the page of a call: the account that introduced them, and what it told."""

    call: str
    platform: str
    account: str
    who: Introduced


def asked_of(request: HttpRequest, call: Call) -> str:
    """What people call the platform whose browser this is, where the call's community has an account there; else ''."""
    place = _place(request, call)
    return platform_label(place.platform) if place is not None else ""


def _place(request: HttpRequest, call: Call) -> Group | None:
    names = introducers_in(request.headers.get("User-Agent", ""))
    if not names:
        return None
    there = groups_of(call.community).filter(platform__in=names, account__isnull=False)
    return there.select_related("account").order_by("pk").first()


@require_safe
@paced
def introduce(request: HttpRequest, code: str) -> HttpResponse:
    """Send the browser to the platform, with a state that only this browser knows."""
    call = call_opened_by(code)
    place = _place(request, call) if call is not None and call.closed_at is None else None
    introducer = introducer_of(place.platform) if place is not None else None
    if call is None or place is None or place.account is None or introducer is None:
        return gone()
    state = secrets.token_hex(STATE_LETTERS // 2)
    response = HttpResponseRedirect(introducer.ask(place.account, _back(request), state))
    _keep(request, response, _ASKED, [state, call.code, place.pk], seconds=_ASKED_SECONDS)
    return response


def _back(request: HttpRequest) -> str:
    path = reverse("introduced")
    return settings.PUBLIC_URL.rstrip("/") + path if settings.PUBLIC_URL else request.build_absolute_uri(path)


@require_safe
@paced
def introduced(request: HttpRequest) -> HttpResponse:
    """Take the browser back from the platform: what the code is worth is asked, and the page opened again."""
    asked = _kept(request, _ASKED, seconds=_ASKED_SECONDS)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if asked is None or not compare_digest(str(asked[0]).encode(), state.encode()) or len(code) > _LONGEST:
        return _not_known()
    if not ASKING.allows(address_of(request)):
        return too_many()
    call = call_opened_by(str(asked[1]))
    place = groups_of(call.community).select_related("account").filter(pk=asked[2]).first() if call else None
    introducer = introducer_of(place.platform) if place is not None else None
    if call is None or place is None or place.account is None or introducer is None:
        return gone()
    try:
        found = introducer.who(place.account, code)
    except QunyingError as error:
        return _not_known(str(error))
    response = HttpResponseRedirect(reverse("send_in", args=[call.code]), status=HTTPStatus.SEE_OTHER)
    response.delete_cookie(_ASKED, path=_path())
    told = [call.code, place.platform, place.account.name, found.external_id, found.union_id]
    _keep(request, response, _KNOWN, told, seconds=_KNOWN_SECONDS)
    return response


def _not_known(why: str = "") -> HttpResponse:
    text = why or _("The way back took too long, or was begun in another window. Open the page once more.")
    return page("h5/word.html", {"title": _("We could not learn who you are"), "text": text}, status=400)


def known_by(request: HttpRequest, call: Call) -> Known | None:
    """Who looks at this call's page, where they were introduced for it within the hour."""
    told = _kept(request, _KNOWN, seconds=_KNOWN_SECONDS)
    if told is None or told[0] != call.code:
        return None
    return Known(told[0], told[1], told[2], Introduced(told[3], told[4]))


def member_of(known: Known) -> Member | None:
    """The member behind an introduction, made where the account is new; None for one who was erased.

    Call it inside the transaction of what they do.
    """
    who = Who(known.platform, known.who.external_id)
    if not who.external_id or erased_among([who]):
        return None
    ids, _new = ensure_identities([who])
    if known.who.union_id:
        note_unions({who.key: known.who.union_id})
    return Identity.objects.select_related("member").get(pk=ids[who.key]).member


def _path() -> str:
    return "/w/"


def _keep(request: HttpRequest, response: HttpResponse, name: str, told: list[Any], *, seconds: int) -> None:
    response.set_signed_cookie(
        name,
        json.dumps(told),
        salt=_SALT,
        max_age=seconds,
        path=_path(),
        secure=request.is_secure(),
        httponly=True,
        # Lax: it comes along when the platform leads back, and never when another site's form posts here.
        samesite="Lax",
    )
    response.headers["Cache-Control"] = "no-store"


def _kept(request: HttpRequest, name: str, *, seconds: int) -> list[Any] | None:
    try:
        told = request.get_signed_cookie(name, salt=_SALT, max_age=seconds)
    except (KeyError, BadSignature):
        return None
    found: list[Any] | None = json.loads(told) if told else None
    return found
