"""Who may be a bot: suggested with what speaks for it, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return, ids_in
from qunying.doors.console.ground.members.bulk import get_editable
from qunying.ground.events.bots import Reason, Sign, suspects_in
from qunying.ground.events.services_bots import deny_bots
from qunying.kit import formats

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.events.bots import Suspect

MOST = 100


@dataclass(frozen=True, slots=True)
class SuspectRow:
    """A line of the page."""

    suspect: Suspect
    reasons: list[str]


@require_GET
@login_required
def bots(request: HttpRequest, slug: str) -> HttpResponse:
    """Members who look like bots, for somebody who may mark them."""
    _staff, community = get_editable(request, slug)
    found = suspects_in(community)
    rows = [SuspectRow(one, [reason_words(reason) for reason in one.reasons]) for one in found[:MOST]]
    context = {"community": community, "rows": rows, "more": max(0, len(found) - MOST)}
    return render(request, "console/members/bots.html", context)


@require_POST
@login_required
def deny(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the chosen ones are people; they are not suggested again."""
    staff, community = get_editable(request, slug)
    ids = ids_in(request.POST)
    words = ngettext(
        "%(count)s member is a person and is not suggested again.",
        "%(count)s members are people and are not suggested again.",
        len(ids),
    )
    return act_and_return(
        request,
        lambda: deny_bots(ids, community=community, by=staff),
        done=words % {"count": len(ids)},
        back=reverse("members_bots", args=[slug]),
    )


def reason_words(reason: Reason) -> str:
    """What speaks for a bot, with its count."""
    numbers = {"seen": reason.seen, "count": formats.whole(reason.count), "of": formats.whole(reason.of)}
    sentences = {
        Sign.NAME: _("Bots bear names like this."),
        Sign.NOTICES: _("%(count)s of the last %(of)s messages are notices, the way in which programs speak."),
        Sign.PATTERN: _("%(count)s of the last %(of)s messages begin alike: “%(seen)s…”"),
        Sign.CLOCK: _("In %(count)s of %(of)s hours it spoke at minute %(seen)s."),
    }
    return sentences[reason.sign] % numbers
