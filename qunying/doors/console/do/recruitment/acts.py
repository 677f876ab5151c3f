"""What buttons of a channel do: end it, take it up again, its costs, its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunying.do.recruitment.queries import get_channel_for, get_cost, open_link_of
from qunying.do.recruitment.rules import check_may_change_channel, check_may_keep_channels
from qunying.do.recruitment.services import (
    book_cost,
    close_link,
    end_channel,
    open_link,
    resume_channel,
    withdraw_cost,
)
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.do.recruitment.forms import CostForm
from qunying.doors.console.people import staff_of
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.do.recruitment.models import Channel
    from qunying.ground.groups.models import Community


def _back(slug: str, pk: int) -> str:
    return reverse("channel", args=[slug, pk])


def _kept(request: HttpRequest, slug: str, pk: int) -> tuple[Community, Channel]:
    community, channel = get_channel_for(staff_of(request), slug, pk)
    check_may_keep_channels(staff_of(request), community)
    return community, channel


@require_POST
@login_required
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Use the channel no more."""
    staff = staff_of(request)
    _community, channel = get_channel_for(staff, slug, pk)
    check_may_change_channel(staff, channel)
    done = _("“%(channel)s” has ended. Whoever opens its link is told so.") % {"channel": channel.name}
    return act_and_return(request, lambda: end_channel(channel, by=staff), done=done, back=_back(slug, pk))


@require_POST
@login_required
def resume(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Use the channel again."""
    staff = staff_of(request)
    _community, channel = get_channel_for(staff, slug, pk)
    check_may_change_channel(staff, channel)
    done = _("“%(channel)s” is in use again.") % {"channel": channel.name}
    return act_and_return(request, lambda: resume_channel(channel, by=staff), done=done, back=_back(slug, pk))


@require_POST
@login_required
def cost(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Book what the channel cost."""
    community, channel = _kept(request, slug, pk)
    form = CostForm(request.POST, community=community)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect(_back(slug, pk))
    given = form.cleaned_data
    return act_and_return(
        request,
        lambda: book_cost(channel, community=community, by=staff_of(request), **given),
        done=_("The cost is booked."),
        back=_back(slug, pk),
    )


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str, pk: int, cost_pk: int) -> HttpResponse:
    """Take a cost back."""
    community, channel = _kept(request, slug, pk)
    found = get_cost(channel, community, cost_pk)
    done = _("The cost is withdrawn: it counts no more.")
    return act_and_return(request, lambda: withdraw_cost(found, by=staff_of(request)), done=done, back=_back(slug, pk))


@require_POST
@login_required
def link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Open the channel's link into this community."""
    community, channel = _kept(request, slug, pk)
    return act_and_return(
        request,
        lambda: open_link(channel, community=community, by=staff_of(request)),
        done=_("The link is open. Print its code, or copy its address."),
        back=_back(slug, pk),
    )


@require_POST
@login_required
def close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Close the channel's link into this community."""
    community, channel = _kept(request, slug, pk)
    found = open_link_of(channel, community)
    if found is None:
        raise NotFoundError(_("The channel has no open link here."))
    return act_and_return(
        request,
        lambda: close_link(found, by=staff_of(request)),
        done=_("The link is closed: whatever was printed with it leads nowhere."),
        back=_back(slug, pk),
    )
