"""Channels and pictures for tests."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import segno
from PIL import Image

from qunying.do.recruitment.models import ChannelCode
from qunying.do.recruitment.queries import open_link_of
from qunying.do.recruitment.services import About, book_cost, create_channel
from qunying.do.recruitment.services_pictures import put_picture
from qunying.ground.platforms.codes import Made, Offer
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from qunying.do.recruitment.models import Channel, GroupPicture, JoinLink
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.codes import Wish
    from qunying.ground.platforms.models import Account


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


class PlayedCoder:
    """Makes codes without a platform: of groups, three at most, under keys of eight letters."""

    platform = "matrix"

    def __init__(self) -> None:
        self.there: dict[str, Wish] = {}
        self.refusal: Exception | None = None

    def offers(self, account: Account, *, community: str) -> list[Offer]:  # noqa: ARG002 - the port's
        return [Offer("group", "Code of groups", "Scan it.", "groups", 3, 8, choice="Another when full")]  # type: ignore[arg-type]

    def colleagues(self, account: Account) -> dict[str, str]:  # noqa: ARG002 - the port's
        return {"aqiang": "阿强"}

    def allowance(self, account: Account, kind: str) -> list[tuple[str, int]]:  # noqa: ARG002 - the port's
        return [("Left", 7)]

    def make(self, account: Account, wish: Wish) -> Made:  # noqa: ARG002 - the port's
        if self.refusal is not None:
            raise self.refusal
        name = f"made{len(self.there)}"
        self.there[name] = wish
        return Made(name, f"https://example.com/{name}", code_png(name))

    def change(self, account: Account, external_id: str, wish: Wish) -> None:  # noqa: ARG002 - the port's
        self.there[external_id] = wish

    def drop(self, account: Account, kind: str, external_id: str) -> None:  # noqa: ARG002 - the port's
        self.there.pop(external_id)

    def standing(self, account: Account, kind: str, external_ids: Collection[str]) -> set[str]:  # noqa: ARG002 - as above
        return set(external_ids) & set(self.there)

    def told(self, account: Account, kind: str, external_id: str) -> list[tuple[str, int]]:  # noqa: ARG002 - as above
        return [("Tapped", 12)]


def recruitment_things(community: Community, group: Group) -> dict[str, int]:
    """A picture for the group, a channel, what it cost, a platform's code of it: the ids that addresses name."""
    put_up(group)
    channel = make_channel(community)
    cost = book_cost(channel, community=community, day=date(2026, 3, 2), amount=100, by=TESTS)
    code = ChannelCode.objects.create(
        channel=channel, community=community, kind="group", external_id="made", address="", picture=b"JPEG"
    )
    return {"channel": channel.pk, "cost": cost.pk, "code": code.pk}
