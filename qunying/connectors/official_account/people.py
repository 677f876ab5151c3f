"""Followers as WeChat lists them: since when, by which code, who they are across its apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from qunying.connectors.official_account.client import Client
from qunying.ground.members.accounts import note_unions
from qunying.ground.members.services import Who, ensure_identities
from qunying.ground.platforms.names import OFFICIAL
from qunying.ground.platforms.port import Person
from qunying.kit.told import listed, moment, part, parts, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.ground.platforms.models import Account

_LONGEST_ID = 64
_AT_ONCE = 100
_MOST_PAGES = 1_000


def followers(account: Account) -> list[Person]:
    """Everybody who follows the account; raises as `Client.ask`. Who they are across WeChat's apps is kept."""
    with Client(account) as client:
        names = list(_names(client))
        pages = (names[begin : begin + _AT_ONCE] for begin in range(0, len(names), _AT_ONCE))
        told = [one for page in pages for one in _infos(client, page)]
    _keep_unions(told)
    return [_person(one) for one in told if one.get("subscribe") == 1]


def ask_who(account: Account, openid: str) -> None:
    """Keep who one follower is across WeChat's apps; raises as `Client.ask`."""
    with Client(account) as client:
        _keep_unions([client.ask("user/info", openid=openid, lang="zh_CN")])


def _names(client: Client) -> Iterator[str]:
    """Every follower's openid; WeChat gives 10,000 at a time."""
    after = ""
    for _page in range(_MOST_PAGES):
        told = client.ask("user/get", **({"next_openid": after} if after else {}))
        page = [name for one in listed(part(told, "data").get("openid")) if (name := text(one, _LONGEST_ID))]
        yield from page
        following = text(told.get("next_openid"), _LONGEST_ID)
        if not page or not following or following == after:
            return
        after = following


def _infos(client: Client, names: Sequence[str]) -> list[Mapping[str, Any]]:
    asked = [{"openid": name, "lang": "zh_CN"} for name in names]
    told = parts(client.ask("user/info/batchget", user_list=asked).get("user_info_list"))
    return [one for one in told if text(one.get("openid"), _LONGEST_ID)]


def _person(told: Mapping[str, Any]) -> Person:
    channel = text(told.get("qr_scene_str"), _LONGEST_ID) or str(told.get("qr_scene") or "")[:_LONGEST_ID]
    since = moment(told.get("subscribe_time"))
    # What colleagues noted beside a follower is the only name there is: WeChat tells nicknames no longer.
    return Person(text(told.get("openid"), _LONGEST_ID), text(told.get("remark"), 120), since=since, channel=channel)


@transaction.atomic
def _keep_unions(told: Sequence[Mapping[str, Any]]) -> None:
    unions = {
        (OFFICIAL, text(one.get("openid"), _LONGEST_ID)): union
        for one in told
        if one.get("subscribe") == 1 and (union := text(one.get("unionid"), _LONGEST_ID))
    }
    ensure_identities(Who(*key) for key in unions)
    note_unions(unions)
