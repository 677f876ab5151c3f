"""Codes that WeCom makes: of colleagues, of groups, and links of 获客助手. The channel's key goes along as `state`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import httpx
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.contacts import community_of
from qunying.connectors.wecom.models import Contact
from qunying.connectors.wecom.refusals import IP_UNKNOWN, NO_PRIVILEGE, NOT_CALLABLE, WeComRefusalError
from qunying.ground.members.models import Identity
from qunying.ground.platforms.codes import COLLEAGUES, GROUPS, Made, Offer
from qunying.ground.platforms.names import WECOM
from qunying.ground.platforms.port import BusyError, RefusedError
from qunying.kit.told import listed, part, text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.codes import Wish
    from qunying.ground.platforms.models import Account

CONTACT, GROUP, LINK = "contact", "group", "link"
_KEY, _LINK_KEY = 30, 64
_REMARK = 30
_BY_SCANNING, _SEVERAL = 2, 2
_PICTURES = ".qpic.cn"
"""Where WeCom keeps the pictures of its codes."""
_MOST_PICTURE = 2 * 1024 * 1024
_MOST_ADDRESS = 500
_SPAN = timedelta(days=30)
"""The longest that WeCom counts a link over."""
_BARRED = frozenset({IP_UNKNOWN, NO_PRIVILEGE, NOT_CALLABLE})
"""Refusals that say nothing of whether a code is there. For one that is gone WeCom's documents name no number."""

_CONTACT = Offer(
    CONTACT,
    gettext_lazy("Code of colleagues"),
    gettext_lazy("Whoever scans it adds one of these colleagues, by turns."),
    COLLEAGUES,
    100,
    _KEY,
    choice=gettext_lazy("Add at once, without the colleague's consent"),
)
_GROUP = Offer(
    GROUP,
    gettext_lazy("Code of groups"),
    gettext_lazy("Whoever scans it joins the first of these groups that is not full. It does not expire."),
    GROUPS,
    5,
    _KEY,
    choice=gettext_lazy("When all are full, let WeCom open another group"),
    choice_help=gettext_lazy("The owner of the last group owns it. Tie it here afterwards."),
)
_LINK = Offer(
    LINK,
    gettext_lazy("Link that adds a colleague"),
    gettext_lazy("For articles and advertisements: one tap instead of a scan. WeCom charges for each who comes by it."),
    COLLEAGUES,
    100,
    _LINK_KEY,
    key_in_bytes=True,
    choice=gettext_lazy("Add at once, without the colleague's consent"),
)


class WeComCoder:
    """Makes codes for one corp. WeCom lets an app see and change only those it made itself."""

    platform = WECOM

    def offers(self, account: Account, *, community: str) -> Sequence[Offer]:
        """Groups count where they are tied; whoever adds a colleague, in the community of the account's contacts."""
        own = community_of(account)
        return (_CONTACT, _LINK, _GROUP) if own is not None and own.slug == community else (_GROUP,)

    def colleagues(self, account: Account) -> Mapping[str, str]:
        """Everyone who may have customers, by the name we know or else WeCom's own id."""
        with Client(account) as client:
            told = client.ask("externalcontact/get_follow_user_list")
        ids = {text(one, Contact.USER_LENGTH) for one in listed(told.get("follow_user"))} - {""}
        known = Identity.objects.filter(platform=WECOM, external_id__among=sorted(ids)).exclude(display_name="")
        return {one: one for one in sorted(ids)} | dict(known.values_list("external_id", "display_name"))

    def allowance(self, account: Account, kind: str) -> Sequence[tuple[str | _StrPromise, int]]:
        """What is left of the links that were bought."""
        if kind != LINK:
            return ()
        with Client(account) as client:
            told = client.ask("externalcontact/customer_acquisition_quota")
        return ((_("Left of what was bought"), int(told["balance"])), (_("Bought in all"), int(told["total"])))

    def make(self, account: Account, wish: Wish) -> Made:
        """Ask WeCom for it, and fetch its picture where it has one."""
        with Client(account) as client:
            return _MAKERS[wish.kind](client, wish)

    def change(self, account: Account, external_id: str, wish: Wish) -> None:
        """Have it lead to others."""
        name, given = _CHANGES[wish.kind](external_id, wish)
        with Client(account) as client:
            client.ask(f"externalcontact/{name}", **given)

    def drop(self, account: Account, kind: str, external_id: str) -> None:
        """Delete it."""
        name, field = _DROPS[kind]
        with Client(account) as client:
            client.ask(f"externalcontact/{name}", **{field: external_id})

    def standing(self, account: Account, kind: str, external_ids: Collection[str]) -> set[str]:
        """Lists first, as they hold a thousand at a time; then one by one what stands in none."""
        with Client(account) as client:
            there = _listed(client, kind) & set(external_ids)
            return there | {one for one in set(external_ids) - there if _is_there(client, kind, one)}

    def told(self, account: Account, kind: str, external_id: str) -> Sequence[tuple[str | _StrPromise, int]]:
        """WeCom counts links alone: who tapped and who came within 30 days, and who came in all."""
        if kind != LINK:
            return ()
        until = timezone.now() - timedelta(days=1)
        span = {"start_time": int((until - _SPAN + timedelta(days=1)).timestamp()), "end_time": int(until.timestamp())}
        with Client(account) as client:
            told = client.ask("externalcontact/customer_acquisition/statistic", link_id=external_id, **span)
            pages = client.pages(
                "externalcontact/customer_acquisition/customer", "customer_list", link_id=external_id, limit=1000
            )
            came = sum(1 for _one in pages)
        return (
            (_("Tapped within 30 days"), int(told["click_link_customer_cnt"])),
            (_("New contacts within 30 days"), int(told["new_customer_cnt"])),
            (_("Contacts in all"), came),
        )


def _remark(wish: Wish) -> str:
    return wish.name[:_REMARK]


def _make_contact(client: Client, wish: Wish) -> Made:
    told = client.ask(
        "externalcontact/add_contact_way",
        type=_SEVERAL if len(wish.targets) > 1 else 1,
        scene=_BY_SCANNING,
        remark=_remark(wish),
        skip_verify=wish.chosen,
        state=wish.key,
        user=list(wish.targets),
    )
    return _with_picture(str(told["config_id"]), told.get("qr_code"))


def _group_way(wish: Wish) -> dict[str, Any]:
    """Without a name for it, WeCom calls another group after the first."""
    return {
        "scene": _BY_SCANNING,
        "remark": _remark(wish),
        "auto_create_room": int(wish.chosen),
        "chat_id_list": list(wish.targets),
        "state": wish.key,
    }


def _make_group(client: Client, wish: Wish) -> Made:
    config = str(client.ask("externalcontact/groupchat/add_join_way", **_group_way(wish))["config_id"])
    told = part(client.ask("externalcontact/groupchat/get_join_way", config_id=config), "join_way")
    return _with_picture(config, told.get("qr_code"))


def _make_link(client: Client, wish: Wish) -> Made:
    told = client.ask(
        "externalcontact/customer_acquisition/create_link",
        link_name=_remark(wish),
        range={"user_list": list(wish.targets)},
        skip_verify=wish.chosen,
    )
    link = part(told, "link")
    name, address = text(link.get("link_id"), 128), text(link.get("url"), _MOST_ADDRESS)
    if not name or not address.startswith("https://"):
        raise RefusedError(_("WeCom made the link but did not say where it leads. Look in the WeCom console."))
    mark = "&" if urlsplit(address).query else "?"
    return Made(name, f"{address}{mark}customer_channel={quote(wish.key, safe='')}")


_MAKERS = {CONTACT: _make_contact, GROUP: _make_group, LINK: _make_link}


def _change_contact(config: str, wish: Wish) -> tuple[str, dict[str, Any]]:
    return "update_contact_way", {
        "config_id": config,
        "remark": _remark(wish),
        "skip_verify": wish.chosen,
        "state": wish.key,
        "user": list(wish.targets),
    }


def _change_group(config: str, wish: Wish) -> tuple[str, dict[str, Any]]:
    return "groupchat/update_join_way", {"config_id": config, **_group_way(wish)}


def _change_link(link: str, wish: Wish) -> tuple[str, dict[str, Any]]:
    return "customer_acquisition/update_link", {
        "link_id": link,
        "link_name": _remark(wish),
        "range": {"user_list": list(wish.targets)},
        "skip_verify": wish.chosen,
    }


_CHANGES = {CONTACT: _change_contact, GROUP: _change_group, LINK: _change_link}
_DROPS = {
    CONTACT: ("del_contact_way", "config_id"),
    GROUP: ("groupchat/del_join_way", "config_id"),
    LINK: ("customer_acquisition/delete_link", "link_id"),
}
_LOOKS = {
    CONTACT: ("get_contact_way", "config_id"),
    GROUP: ("groupchat/get_join_way", "config_id"),
    LINK: ("customer_acquisition/get", "link_id"),
}


def _listed(client: Client, kind: str) -> set[str]:
    """Ids that a list of WeCom's names: colleagues' codes of the last 90 days, every link, no group's code."""
    if kind == CONTACT:
        rows = client.pages("externalcontact/list_contact_way", "contact_way", limit=1000)
        return {text(part({"": one}, "").get("config_id"), 128) for one in rows}
    if kind == LINK:
        pages = client.pages("externalcontact/customer_acquisition/list_link", "link_id_list", limit=100)
        return {text(one, 128) for one in pages}
    return set()


def _is_there(client: Client, kind: str, external_id: str) -> bool:
    name, field = _LOOKS[kind]
    try:
        client.ask(f"externalcontact/{name}", **{field: external_id})
    except WeComRefusalError as refused:
        if refused.code in _BARRED:
            raise
        return False
    return True


def _with_picture(config: str, address: Any) -> Made:
    """With the picture, which is fetched at once so that no page has to ask another house for it."""
    told = text(address, _MOST_ADDRESS)
    told = f"https{told[4:]}" if told.startswith("http:") and _is_wecoms(f"https{told[4:]}") else told
    return Made(config, told, fetch_picture(told))


def fetch_picture(address: str) -> bytes:
    """A picture of WeCom's; raises RefusedError for another house's address, BusyError where it cannot be had."""
    if not _is_wecoms(address):
        raise RefusedError(_("WeCom named no picture for the code. Look in the WeCom console."))
    try:
        with httpx.stream("GET", address, timeout=15, trust_env=False, follow_redirects=False) as answer:
            found = bytearray()
            for piece in answer.iter_bytes():
                found += piece
                if len(found) > _MOST_PICTURE:
                    break
    except (httpx.HTTPError, httpx.InvalidURL):
        raise BusyError(_("The picture of the code could not be fetched from WeCom. Try again in a minute.")) from None
    if not answer.is_success or len(found) > _MOST_PICTURE:
        raise BusyError(_("The picture of the code could not be fetched from WeCom. Try again in a minute."))
    return bytes(found)


def _is_wecoms(address: str) -> bool:
    """Whether the address is one of WeCom's own; only tests know another house."""
    tests = getattr(settings, "WECOM_HOST_OF_TESTS", "")
    if tests and address.startswith(f"{tests}/"):
        return True
    parts = urlsplit(address)
    return parts.scheme == "https" and (parts.hostname or "").endswith(_PICTURES)


CODER = WeComCoder()
