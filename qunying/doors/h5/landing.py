"""The page behind a join link: the picture of the group that takes people in now, or a kind word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunying.do.recruitment.queries import link_opened_by, picture_now, picture_up
from qunying.do.recruitment.services_visits import count_visit
from qunying.doors.h5.pages import gone, image, paced, page
from qunying.doors.h5.visitors import is_person, visitor_of
from qunying.ground.platforms.names import WECHAT, WECOM, platform_label

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.do.recruitment.bounds import Standing
    from qunying.do.recruitment.models import JoinLink

_KEPT = 3600


@require_safe
@paced
def landing(request: HttpRequest, code: str) -> HttpResponse:
    """The picture of the group that takes people in now; a person who opens it is counted, once a day."""
    link = link_opened_by(code)
    if link is None:
        return gone()
    chosen = picture_now(link.community)
    if is_person(request):
        count_visit(link, group=chosen.picture.group if chosen else None, visitor=visitor_of(request))
    return page("h5/landing.html", _context(link, chosen))


def _context(link: JoinLink, chosen: Standing | None) -> dict[str, object]:
    context: dict[str, object] = {"community": link.community.name, "wanted": link.channel.wanted, "group": None}
    if chosen is None:
        return context
    group = chosen.picture.group
    return context | {
        "group": group.name,
        "how": _how(group.platform),
        "picture": reverse("landing_picture", args=[link.code, chosen.picture.digest]),
    }


def _how(platform: str) -> str:
    """How one joins from here, in a sentence."""
    if platform in {WECHAT, WECOM}:
        return _("Press and hold the code, then choose to open it. On a computer, scan it with your phone.")
    return _("Scan the code with %(platform)s.") % {"platform": platform_label(platform)}


@require_safe
@paced
def picture(_request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """A picture that is up in the community of this link; what was taken down is gone."""
    link = link_opened_by(code)
    found = picture_up(link.community, digest) if link else None
    if found is None:
        return gone()
    return image(bytes(found.picture), "image/jpeg", seconds=_KEPT)
