"""Codes of links to be printed: one as PNG or SVG, all of them as a ZIP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qunying.do.recruitment.queries import get_channel_for, open_link_of, open_links
from qunying.doors.console.do.recruitment.rows import address_of_link
from qunying.doors.console.people import staff_of
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.do.recruitment.models import JoinLink


@require_GET
@login_required
def one(request: HttpRequest, slug: str, pk: int, form: str) -> HttpResponse:
    """The code of the channel's link; shown in the page, or with `take` as a file to keep."""
    from qunying.do.recruitment.printing import FORMS, draw_code, file_stem

    community, channel = get_channel_for(staff_of(request), slug, pk)
    link = open_link_of(channel, community)
    if form not in FORMS or link is None:
        raise NotFoundError(_("The channel has no open link here."))
    drawn = draw_code(address_of_link(request, link), title=_title(link), form=form)
    return _answer(drawn, FORMS[form], f"{file_stem(_title(link))}.{form}", kept="take" in request.GET)


@require_GET
@login_required
def every(request: HttpRequest, slug: str) -> HttpResponse:
    """The codes of every open link into the community as one ZIP."""
    from qunying.do.recruitment.printing import file_stem, pack_codes

    community = get_community_for(staff_of(request), slug)
    links = [link for link in open_links(community).values() if link.channel.ended_at is None]
    if not links:
        raise NotFoundError(_("No channel has an open link here. Open one first."))
    packed = pack_codes((link.channel.name, _title(link), address_of_link(request, link)) for link in links)
    return _answer(packed, "application/zip", f"{file_stem(community.name)}.zip", kept=True)


def _title(link: JoinLink) -> str:
    return f"{link.community.name} · {link.channel.name}"


def _answer(content: bytes, media_type: str, name: str, *, kept: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    if disposition := content_disposition_header(as_attachment=kept, filename=name):
        response.headers["Content-Disposition"] = disposition
    return response
