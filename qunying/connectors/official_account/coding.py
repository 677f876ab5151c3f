"""Codes of an official account for channels: whoever scans one and follows comes with the channel's key (`scene`).

WeChat makes 100,000 codes for good and deletes none; asked again for the same scene it gives the same one. What it
gives is an address, of which the code is drawn here.
"""

from __future__ import annotations

import io
import secrets
from typing import TYPE_CHECKING

import segno
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.official_account.client import Client, app_of
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.codes import GROUPS, Made, Offer
from qunying.ground.platforms.names import OFFICIAL
from qunying.ground.platforms.port import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.codes import Wish
    from qunying.ground.platforms.models import Account

FOLLOW = "follow"
MOST_SCENE = 64
_MOST_ADDRESS = 500
_SCALE = 10

_OFFER = Offer(
    FOLLOW,
    gettext_lazy("Code of the official account"),
    gettext_lazy("Whoever scans it follows the account. It does not expire, and WeChat never deletes it."),
    GROUPS,
    1,
    MOST_SCENE,
)


class OfficialCoder:
    """Makes codes at WeChat for accounts whose followers are tied."""

    platform = OFFICIAL

    def offers(self, account: Account, *, community: str) -> Sequence[Offer]:
        """One kind, where the followers belong to this community."""
        tied = groups_through(account).filter(external_id=app_of(account), community__slug=community)
        return [_OFFER] if tied.exists() else []

    def colleagues(self, account: Account) -> Mapping[str, str]:  # noqa: ARG002 - the port's
        """Nobody: these codes lead to the account."""
        return {}

    def allowance(self, account: Account, kind: str) -> Sequence[tuple[str | _StrPromise, int]]:  # noqa: ARG002 - as above
        """WeChat does not say how many of the 100,000 are left."""
        return ()

    def make(self, account: Account, wish: Wish) -> Made:
        """Ask for the code of the channel's key; the id is ours, for WeChat knows no other than the key."""
        scene = {"scene_str": wish.key}
        with Client(account) as client:
            told = client.ask("qrcode/create", action_name="QR_LIMIT_STR_SCENE", action_info={"scene": scene})
        address = str(told["url"])[:_MOST_ADDRESS]
        drawn = io.BytesIO()
        segno.make(address, error="m").save(drawn, kind="png", scale=_SCALE)
        return Made(f"{wish.key}:{secrets.token_hex(4)}", address, drawn.getvalue())

    def change(self, account: Account, external_id: str, wish: Wish) -> None:
        """It leads to the account, and that stays."""

    def drop(self, account: Account, kind: str, external_id: str) -> None:  # noqa: ARG002 - as above
        """WeChat deletes no code."""
        raise RefusedError(
            _("WeChat never deletes a code: what was printed with it works on. End the channel instead.")
        )

    def standing(self, account: Account, kind: str, external_ids: Collection[str]) -> set[str]:  # noqa: ARG002 - as above
        """All of them."""
        return set(external_ids)

    def told(self, account: Account, kind: str, external_id: str) -> Sequence[tuple[str | _StrPromise, int]]:  # noqa: ARG002 - as above
        """WeChat counts nothing of a code; who came by it stands in our own figures."""
        return ()


CODER = OfficialCoder()
