"""The codes of a channel that a platform makes: how they stand, making one, leading it elsewhere, deleting it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.do.recruitment.queries import codes_of, get_channel_for, get_code, offer_of, offers_into
from qunying.do.recruitment.rules import check_may_keep_channels, may_keep_channels
from qunying.do.recruitment.services_codes import change_code, end_code, look_after_codes, make_code
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import staff_of
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.codes import GROUPS, coder_of
from qunying.ground.platforms.names import platform_label
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

    from qunying.do.recruitment.models import Channel, ChannelCode
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.codes import Offer
    from qunying.ground.platforms.models import Account


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code with what it is in words, and what its platform counts of it where that was asked for."""

    code: ChannelCode
    offer: Offer | None
    told: Sequence[tuple[object, int]] = ()

    @property
    def kind(self) -> str:
        """What it is, in words; a kind that nobody offers any more stands for itself."""
        return str(self.offer.label) if self.offer else self.code.kind

    @property
    def platform(self) -> str:
        """Who made it."""
        account = self.code.account
        return f"{platform_label(account.platform)} · {account.name}" if account else ""

    @property
    def dialog(self) -> str:
        """What the question is called by which it is deleted."""
        return f"end-code-{self.code.pk}"

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to print."""
        return self.code.ended_at is None and self.offer is not None and not self.offer.key_in_bytes


def _back(slug: str, pk: int) -> str:
    return reverse("platform_codes", args=[slug, pk])


def _kept(request: HttpRequest, slug: str, pk: int) -> tuple[Community, Channel]:
    community, channel = get_channel_for(staff_of(request), slug, pk)
    check_may_keep_channels(staff_of(request), community)
    return community, channel


@require_GET
@login_required
def codes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every code that platforms made of the channel; `told` names one whose figures are asked for at its platform."""
    staff = staff_of(request)
    community, channel = get_channel_for(staff, slug, pk)
    offers = offers_into(community)
    known = {(account.pk, one.kind): one for account, one in offers}
    asked = to_id(request.GET.get("told", ""))
    rows = [
        CodeRow(code, known.get((code.account_id or 0, code.kind)), _told(request, code) if code.pk == asked else ())
        for code in codes_of(channel, community)
    ]
    context = {
        "community": community,
        "channel": channel,
        "rows": rows,
        "any_standing": any(row.code.ended_at is None and row.code.account for row in rows),
        "offers": [(account, platform_label(account.platform), one) for account, one in offers],
        "may_keep": may_keep_channels(staff, community),
        "zone": ZoneInfo(community.timezone),
    }
    return render(request, "console/recruitment/platform_codes.html", context)


def _told(request: HttpRequest, code: ChannelCode) -> Sequence[tuple[object, int]]:
    """What the platform counts of it; a refusal is said on the page."""
    coder = coder_of(code.account.platform) if code.account and code.ended_at is None else None
    if coder is None or code.account is None:
        return ()
    try:
        return coder.told(code.account, code.kind, code.external_id)
    except QunyingError as error:
        messages.error(request, str(error))
        return ()


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, slug: str, pk: int, account: int, kind: str) -> HttpResponse:
    """Choose to whom or where a new code leads, and have it made."""
    community, channel = _kept(request, slug, pk)
    maker = next((one for one, _offer in offers_into(community) if one.pk == account), None)
    if maker is None:
        raise NotFoundError(_("No account makes such codes for this community."))
    offer = offer_of(maker, community, kind)
    if request.method == "POST":
        targets, chosen = request.POST.getlist("targets"), "chosen" in request.POST
        return act_and_return(
            request,
            lambda: make_code(
                channel,
                community=community,
                account=maker,
                kind=kind,
                targets=targets,
                chosen=chosen,
                by=staff_of(request),
            ),
            done=_("The code is made. Whoever comes by it is counted to “%(channel)s”.") % {"channel": channel.name},
            back=_back(slug, pk),
            refused=request.path,
        )
    return _form(request, community, channel, maker, offer)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, slug: str, pk: int, code_pk: int) -> HttpResponse:
    """Have a code lead elsewhere; what was printed stays good."""
    community, channel = _kept(request, slug, pk)
    code = get_code(channel, community, code_pk)
    if request.method == "POST":
        targets, chosen = request.POST.getlist("targets"), "chosen" in request.POST
        return act_and_return(
            request,
            lambda: change_code(code, targets=targets, chosen=chosen, by=staff_of(request)),
            done=_("The code leads there now. What was printed with it stays good."),
            back=_back(slug, pk),
        )
    if code.account is None or code.ended_at is not None:
        messages.error(request, _("This code cannot be changed any more. Make another."))
        return redirect(_back(slug, pk))
    return _form(request, community, channel, code.account, offer_of(code.account, community, code.kind), code=code)


def _form(  # noqa: PLR0913 - what the form is about
    request: HttpRequest,
    community: Community,
    channel: Channel,
    account: Account,
    offer: Offer,
    *,
    code: ChannelCode | None = None,
) -> HttpResponse:
    targets, allowance, trouble = _asked(account, community, offer)
    context = {
        "community": community,
        "channel": channel,
        "platform": platform_label(account.platform),
        "account": account,
        "offer": offer,
        "targets": [(pk, name, code is not None and pk in code.targets) for pk, name in targets.items()],
        "allowance": allowance,
        "trouble": trouble,
        "code": code,
    }
    return render(request, "console/recruitment/platform_code_form.html", context)


def _asked(
    account: Account, community: Community, offer: Offer
) -> tuple[Mapping[str, str], Sequence[tuple[object, int]], str]:
    """Whom or what a code may lead to, what is left of what the platform sells, and why it did not say."""
    coder = coder_of(account.platform)
    if coder is None:
        return {}, (), ""
    try:
        if offer.leads_to == GROUPS:
            groups = groups_through(account).filter(community=community).order_by("name", "pk")
            targets: Mapping[str, str] = dict(groups.values_list("external_id", "name"))
        else:
            targets = coder.colleagues(account)
        return targets, coder.allowance(account, offer.kind), ""
    except QunyingError as error:
        return {}, (), str(error)


@require_POST
@login_required
def end(request: HttpRequest, slug: str, pk: int, code_pk: int) -> HttpResponse:
    """Delete a code at its platform."""
    community, channel = _kept(request, slug, pk)
    code = get_code(channel, community, code_pk)
    done = _("The code is deleted: whatever was printed with it leads nowhere.")
    return act_and_return(request, lambda: end_code(code, by=staff_of(request)), done=done, back=_back(slug, pk))


@require_POST
@login_required
def look(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask the platforms whether the channel's codes still stand."""
    community, channel = _kept(request, slug, pk)
    try:
        gone = len(look_after_codes(channel, community=community, by=staff_of(request)))
    except QunyingError as error:
        messages.error(request, str(error))
        return redirect(_back(slug, pk))
    if gone:
        sentence = ngettext(
            "%(n)d code was deleted at its platform. It is ended here, too.",
            "%(n)d codes were deleted at their platform. They are ended here, too.",
            gone,
        )
        messages.warning(request, sentence % {"n": gone})
    else:
        messages.success(request, _("Every code still stands at its platform."))
    return redirect(_back(slug, pk))


@require_GET
@login_required
def picture(request: HttpRequest, slug: str, pk: int, code_pk: int) -> HttpResponse:
    """The code's picture, shown in the page, or with `take` as a file to keep."""
    community, channel = get_channel_for(staff_of(request), slug, pk)
    code = get_code(channel, community, code_pk)
    if not code.picture:
        raise NotFoundError(_("The channel has no such code here."))
    response = HttpResponse(bytes(code.picture), content_type="image/jpeg")
    if "take" in request.GET:
        response.headers["Content-Disposition"] = f'attachment; filename="code-{code.pk}.jpg"'
    return response
