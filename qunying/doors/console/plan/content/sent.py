"""What members sent in: the pages by which they do, the list, one of them with its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.do.publishing.rules import may_publish
from qunying.do.publishing.services_thanks import account_of_sender, thank_sender, thanks_sent
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_may, staff_of
from qunying.doors.console.plan.content.views import writer_in
from qunying.doors.h5.submitting import address_of_call
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.platforms.names import platform_label
from qunying.kit.crypto import mask
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.numerals import to_id
from qunying.plan.content.models import Submission
from qunying.plan.content.queries import calls_of, get_submission_for, get_theme_of, submissions_of, themes_of
from qunying.plan.content.services_submissions import (
    accept_submission,
    close_call,
    contact_of,
    decline_submission,
    look_at_contact,
    open_call,
    thanks_for,
)
from qunying.plan.materials.services_pictures import picture_bytes

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

PAGE = 50
LOOKS = {
    Submission.State.WAITING: ("status-fair", "inbox"),
    Submission.State.ACCEPTED: ("status-good", "circle-check"),
    Submission.State.DECLINED: ("status-open", "x"),
}
"""State → (style, icon)."""

SUBMISSIONS: Listing[Submission] = Listing(
    "submissions",
    gettext_lazy("Sent in by members"),
    (
        Column("name", pgettext_lazy("of a sender", "From"), lambda row: row.name, order="name", css="main"),
        Column("words", pgettext_lazy("of content", "Words"), lambda row: row.words),
        Column("theme", gettext_lazy("Theme"), lambda row: row.theme or "", order="theme__name", css="on-desk"),
        Column("at", gettext_lazy("Sent in on"), lambda row: row.at, order="at"),
        Column("state", pgettext_lazy("of content", "State"), lambda row: row.get_state_display(), order="state"),
    ),
    default="-at",
)


def _found(request: HttpRequest, community: Community) -> QuerySet[Submission]:
    found, state, words = submissions_of(community), request.GET.get("state", ""), request.GET.get("q", "").strip()
    if state in Submission.State.values:
        found = found.filter(state=state)
    if words:
        found = found.filter(words__icontains=words[:100]) | found.filter(name__icontains=words[:100])
    return SUBMISSIONS.sort(found, request.GET)


@require_GET
@login_required
def submissions(request: HttpRequest, slug: str) -> HttpResponse:
    """What was sent in to a community, and the pages by which it comes."""
    staff, community = writer_in(request, slug)
    page = Paginator(_found(request, community), PAGE).get_page(request.GET.get("page"))
    calls = list(calls_of(community))
    context = {
        "community": community,
        "page": page,
        "rows": [{"one": one, "look": LOOKS[Submission.State(one.state)]} for one in page.object_list],
        "calls": [{"call": one, "address": address_of_call(request, one)} for one in calls],
        "themes": list(themes_of(community)),
        "states": Submission.State.choices,
        "wanted": request.GET,
        "narrows": bool(request.GET.get("state") or request.GET.get("q")),
        "may_export": Permission.EXPORT in permissions_in(staff, community.unit),
        **SUBMISSIONS.table(request.GET),
    }
    return render(request, "console/content/sent.html", context)


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What was sent in as a file, without the ways to reach senders."""
    staff, community = writer_in(request, slug)
    refusal = _("Your role may not take lists out. Ask the lead of the unit.")
    check_may(staff, Permission.EXPORT, community.unit, refusal=refusal)
    found, zone = _found(request, community), ZoneInfo(community.timezone)
    return SUBMISSIONS.export(request, found.iterator(), count=found.count(), zone=zone, by=staff, of=slug)


@require_POST
@login_required
def calls(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a page for sending things in, or close one."""
    staff, community = writer_in(request, slug)
    back, given = reverse("submissions", args=[slug]), request.POST

    def close() -> None:
        call = calls_of(community).filter(pk=to_id(given.get("call", "")) or 0).first()
        if call is None:
            raise NotFoundError(_("There is no such page in this community."))
        close_call(call, by=staff)

    def make() -> None:
        theme = get_theme_of(community, to_id(given["theme"])) if given.get("theme") else None
        open_call(given.get("title", ""), community=community, theme=theme, words=given.get("words", ""), by=staff)

    if given.get("act") == "close":
        return act_and_return(request, close, done=_("The page is closed."), back=back)
    return act_and_return(request, make, done=_("The page is open. Hand its link to the members."), back=back)


@require_GET
@login_required
def submission(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One thing that was sent in, and what can be answered."""
    staff, community = writer_in(request, slug)
    found = get_submission_for(staff, slug, pk)
    contact = contact_of(found)
    context = {
        "community": community,
        "submission": found,
        "look": LOOKS[Submission.State(found.state)],
        "pictures": list(found.pictures.select_related("file")),
        "masked": mask(contact) if contact else "",
        "may_unmask": Permission.UNMASK in permissions_in(staff, community.unit),
        "contact": request.session.pop(f"contact-{pk}", ""),
        "title": _title(found),
        "thanks": thanks_for(found),
        "facts": _facts(found),
        "thanked": thanks_sent(found),
        "reachable": account_of_sender(found) is not None,
        "may_thank": may_publish(staff, community),
    }
    return render(request, "console/content/submission.html", context)


def _title(found: Submission) -> str:
    first = found.words.strip().split("\n")[0][:30]
    return first or _("From %(name)s") % {"name": found.name}


def _facts(found: Submission) -> list[tuple[str, str | _StrPromise]]:
    known = [(_("Known as"), f"{found.member} ({_platforms(found.member)})")] if found.member else []
    return [
        *known,
        (_("From the page"), found.call.title if found.call else _("From a program")),
        (_("Theme"), found.theme.label if found.theme else "–"),
        (_("By what right"), found.get_right_display()),
        (_("Agreed to the wording of"), found.consent),
    ]


def _platforms(member: Member) -> str:
    """Where somebody is known from."""
    names = member.identities.order_by("platform").values_list("platform", flat=True).distinct()
    return ", ".join(platform_label(name) for name in names)


@require_POST
@login_required
def act(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make an entry of it, with thanks, or decline it with a sentence; or send the thanks later."""
    staff, _community = writer_in(request, slug)
    found, given = get_submission_for(staff, slug, pk), request.POST
    here = reverse("submission", args=[slug, pk])
    if given.get("act") == "decline":
        reason = given.get("reason", "")
        return act_and_return(
            request,
            lambda: decline_submission(found, reason=reason, by=staff),
            done=_("The sender is told."),
            back=here,
        )
    if given.get("act") == "thank":
        done = _("The thanks are on their way. What goes by hand is in the list of things to send.")
        return act_and_return(request, lambda: thank_sender(found, by=staff), done=done, back=here)
    try:
        with transaction.atomic():
            entry = accept_submission(found, title=given.get("title", ""), thanks=given.get("thanks", ""), by=staff)
            if given.get("tell"):
                thank_sender(found, by=staff)
    except QunyingError as refused:
        messages.error(request, str(refused))
        return redirect(here)
    messages.success(request, _("It is a draft now, and the sender reads your thanks."))
    return redirect("entry", slug=slug, pk=entry.pk)


@require_POST
@login_required
def contact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show once how to reach the sender; that it was looked at is written down."""
    staff = staff_of(request)
    _same, community = writer_in(request, slug)
    found = get_submission_for(staff, slug, pk)
    refusal = _("Your role may not see how to reach senders. Ask the lead of the unit.")
    check_may(staff, Permission.UNMASK, community.unit, refusal=refusal)
    request.session[f"contact-{pk}"] = look_at_contact(found, by=staff)
    return redirect("submission", slug=slug, pk=pk)


@require_GET
@login_required
def picture(request: HttpRequest, slug: str, pk: int, place: int) -> HttpResponse:
    """A picture that was sent in."""
    staff, _community = writer_in(request, slug)
    shown = get_submission_for(staff, slug, pk).pictures.filter(place=place).select_related("file").first()
    if shown is None:
        raise NotFoundError(_("There is no such picture here."))
    raw, media_type = picture_bytes(shown.file)
    return HttpResponse(raw, content_type=media_type, headers={"Cache-Control": "private, max-age=86400"})
