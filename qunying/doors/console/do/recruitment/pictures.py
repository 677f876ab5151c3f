"""The pictures by which people join groups: how each stands, putting one up, taking it down, putting it first."""

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
from django.views.decorators.http import require_GET, require_POST

from qunying.do.recruitment.bounds import bound_of, choose, state_of
from qunying.do.recruitment.queries import picture_of, standings
from qunying.do.recruitment.rules import check_may_keep_channels, may_keep_channels
from qunying.do.recruitment.services_pictures import put_picture, remove_picture, show_first
from qunying.do.recruitment.sources import why_of
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.do.recruitment.forms import PictureForm
from qunying.doors.console.do.recruitment.words import LEVELS, STATES
from qunying.doors.console.people import staff_of
from qunying.ground.groups.queries import get_community_for, get_group_for
from qunying.ground.platforms.names import platform_label
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.do.recruitment.bounds import Standing
    from qunying.do.recruitment.models import GroupPicture
    from qunying.ground.groups.models import Community, Group

_MOST_READ = 5_000_001


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A group and the picture that is up for it, if any."""

    group: Group
    standing: Standing | None
    state: str = ""
    level: str = ""
    why: str = ""
    days: int | None = None

    @property
    def platform(self) -> str:
        """The platform in words."""
        return platform_label(self.group.platform)


def picture_rows(community: Community) -> list[PictureRow]:
    """The groups with a picture in the order in which they are shown, then the others by name. Three queries."""
    up = standings([community])
    chosen = choose(up)
    rows = [_row(one, chosen) for one in up]
    known = {one.picture.group_id for one in up}
    rest = [group for group in community.groups.all() if group.pk not in known]
    return rows + [PictureRow(group, None, days=_days(group)) for group in rest]


def _row(one: Standing, chosen: Standing | None) -> PictureRow:
    state = state_of(one, chosen)
    group = one.picture.group
    return PictureRow(group, one, str(STATES[state]), LEVELS.get(state, ""), why_of(one), _days(group))


def _days(group: Group) -> int | None:
    lives = bound_of(group.platform).lives
    return lives.days if lives else None


@require_GET
@login_required
def pictures(request: HttpRequest, slug: str) -> HttpResponse:
    """Which picture visitors are shown now, which come next, and what needs a new one."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    rows = picture_rows(community)
    context = {
        "community": community,
        "rows": rows,
        "serves": any(row.standing and row.standing.serves for row in rows),
        "any_up": any(row.standing for row in rows),
        "zone": ZoneInfo(community.timezone),
        "may_keep": may_keep_channels(staff, community),
    }
    return render(request, "console/recruitment/pictures.html", context)


@require_POST
@login_required
def put(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put up a picture for the group."""
    staff = staff_of(request)
    group = _kept(request, slug, pk)
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("join_pictures", slug=slug)
    given = form.cleaned_data
    raw = given["picture"].read(_MOST_READ)
    return act_and_return(
        request,
        lambda: put_picture(group, raw=raw, until=given["until"], people=given["people"], by=staff),
        done=_("The picture of “%(group)s” is up.") % {"group": group.name},
        back=_back(slug),
    )


@require_POST
@login_required
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the group's picture down."""
    picture = _up(_kept(request, slug, pk))
    done = _("The picture is taken down; nobody is led into “%(group)s” any more.") % {"group": picture.group.name}
    return act_and_return(request, lambda: remove_picture(picture, by=staff_of(request)), done=done, back=_back(slug))


@require_POST
@login_required
def first(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the group's picture before the others."""
    picture = _up(_kept(request, slug, pk))
    done = _("“%(group)s” comes first now.") % {"group": picture.group.name}
    return act_and_return(request, lambda: show_first(picture, by=staff_of(request)), done=done, back=_back(slug))


@require_GET
@login_required
def look(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The group's picture itself, for colleagues."""
    picture = _up(get_group_for(staff_of(request), slug, pk))
    return HttpResponse(bytes(picture.picture), content_type="image/jpeg")


def _back(slug: str) -> str:
    return reverse("join_pictures", args=[slug])


def _kept(request: HttpRequest, slug: str, pk: int) -> Group:
    group = get_group_for(staff_of(request), slug, pk)
    check_may_keep_channels(staff_of(request), group.community)
    return group


def _up(group: Group) -> GroupPicture:
    picture = picture_of(group)
    if picture is None:
        raise NotFoundError(_("No picture is up for “%(group)s”.") % {"group": group.name})
    return picture
