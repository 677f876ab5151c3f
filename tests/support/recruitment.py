"""Channels and pictures for tests."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import segno
from PIL import Image

from qunying.do.recruitment.queries import open_link_of
from qunying.do.recruitment.services import About, book_cost, create_channel
from qunying.do.recruitment.services_pictures import put_picture
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from typing import Any

    from qunying.do.recruitment.models import Channel, GroupPicture, JoinLink
    from qunying.ground.groups.models import Community, Group


def code_png(text: str = "https://weixin.qq.com/g/abc", *, scale: int = 8) -> bytes:
    """A code such as a platform shows for a group, as PNG."""
    with io.BytesIO() as out:
        segno.make(text).save(out, kind="png", scale=scale)
        return out.getvalue()


def code_jpeg_with_place() -> bytes:
    """A photograph of one, that tells where it was taken and by which camera."""
    picture = Image.open(io.BytesIO(code_png())).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 0.0)}
    with io.BytesIO() as out:
        picture.save(out, "JPEG", exif=exif)
        return out.getvalue()


def make_channel(community: Community, name: str = "传单", **about: Any) -> Channel:
    """A channel of the community, with its link."""
    return create_channel(community, about=About(name, **about), by=TESTS)


def link_of(channel: Channel) -> JoinLink:
    """The open link of a community's own channel."""
    assert channel.community is not None
    link = open_link_of(channel, channel.community)
    assert link is not None
    return link


def put_up(group: Group, **told: Any) -> GroupPicture:
    """A picture for the group."""
    return put_picture(group, raw=code_png(group.name), by=TESTS, **told)


def recruitment_things(community: Community, group: Group) -> dict[str, int]:
    """A picture for the group, a channel and what it cost: the ids that addresses name."""
    put_up(group)
    channel = make_channel(community)
    cost = book_cost(channel, community=community, day=date(2026, 3, 2), amount=100, by=TESTS)
    return {"channel": channel.pk, "cost": cost.pk}
