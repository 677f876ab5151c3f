"""Mass messages: laid before the colleagues who confirm them, one task for each of them however many it goes to."""

from __future__ import annotations

from calendar import monthrange
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.models import Contact
from qunying.connectors.wecom.moments import PLACE, post
from qunying.connectors.wecom.rolls import fetch_group
from qunying.ground.platforms.port import Action, BusyError, Done, RefusedError
from qunying.ground.platforms.quotas import Quota
from qunying.kit.errors import QunyingError
from qunying.kit.told import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Order

MOST_BYTES = 4000
"""What the words of a mass message may be long, in UTF-8."""
MOST_AT_ONCE = 500
"""WeCom takes 2,000 groups or 10,000 customers in a task; our own transactions are to stay short."""
_AT_ONCE = 6
CHINA = ZoneInfo("Asia/Shanghai")
"""WeCom's months are China's."""

Came = dict[str, Done | QunyingError]


def offer_together(account: Account, orders: Sequence[Order]) -> Came:
    """Lay the same words before everybody who has to confirm them; what came of each order by its key.

    “Done” says no more than that WeCom's task is there: `confirming` asks what became of it.
    """
    if not orders:
        return {}
    if account.paused_at is not None:
        paused = BusyError(_("The account is paused. Nothing leaves through it."))
        return dict.fromkeys([one.key for one in orders], paused)
    posts = [one for one in orders if one.group == PLACE]
    if posts:
        return _post(account, posts) | offer_together(account, [one for one in orders if one.group != PLACE])
    try:
        check_words(orders[0])
    except RefusedError as refused:
        return dict.fromkeys([one.key for one in orders], refused)
    with Client(account) as client:
        senders = _owners(client, orders) if orders[0].action is Action.SEND else _colleagues(account, orders)
        came: Came = {key: found for key, found in senders.items() if isinstance(found, QunyingError)}
        for sender in sorted({found for found in senders.values() if isinstance(found, str)}):
            theirs = [one for one in orders if senders[one.key] == sender]
            came |= _offer(client, sender, theirs)
    return came


def _post(account: Account, orders: Sequence[Order]) -> Came:
    came: Came = {}
    with Client(account) as client:
        for one in orders:
            try:
                came[one.key] = post(client, one)
            except QunyingError as error:
                came[one.key] = error
    return came


def offer(account: Account, order: Order) -> Done:
    """Lay one message before whoever has to confirm it; raises as a connector's `perform`."""
    came = offer_together(account, [order])[order.key]
    if isinstance(came, QunyingError):
        raise came
    return came


def check_words(order: Order) -> None:
    """Refuse what WeCom would not take, before it is asked."""
    if order.pictures:
        raise RefusedError(_("Mass messages go to WeCom without pictures so far. Send this one by hand."))
    if not order.words.strip():
        raise RefusedError(_("There is nothing to send. Write some words."))
    if len(order.words.encode()) > MOST_BYTES:
        raise RefusedError(_("WeCom takes 4,000 bytes, which is about 1,300 Chinese characters. Shorten it."))


def _offer(client: Client, sender: str, orders: Sequence[Order]) -> Came:
    """One task before one colleague, for all of these."""
    groups = orders[0].action is Action.SEND
    to = [one.group if groups else one.person for one in orders]
    try:
        told = client.ask(
            "externalcontact/add_msg_template",
            chat_type="group" if groups else "single",
            sender=sender,
            text={"content": orders[0].words},
            **({"chat_id_list": to} if groups else {"external_userid": to}),
        )
    except QunyingError as error:
        return dict.fromkeys([one.key for one in orders], error)
    failed = {str(one) for one in listed(told.get("fail_list"))}
    done = Done(str(told["msgid"]), awaits_person=True)
    refused = RefusedError(
        _("WeCom does not take this group for mass messages, or it has had today's already.")
        if groups
        else _("WeCom does not take this customer for mass messages, or they have had today's already.")
    )
    return {one.key: refused if where in failed else done for one, where in zip(orders, to, strict=True)}


def _owners(client: Client, orders: Sequence[Order]) -> Mapping[str, str | QunyingError]:
    """Who owns the group of each order, and confirms what goes there; or why nobody knows."""
    client.token()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(lambda one: _owner(client, one.group), orders))
    nobody = RefusedError(_("WeCom names no owner of this group, who would have to confirm it."))
    return {one.key: owner or nobody for one, owner in zip(orders, found, strict=True)}


def _owner(client: Client, group: str) -> str | QunyingError:
    try:
        people = fetch_group(client, group).people.values()
    except QunyingError as error:
        return error
    return next((one.id for one in people if one.role == "owner"), "")


def _colleagues(account: Account, orders: Sequence[Order]) -> Mapping[str, str | QunyingError]:
    """Whose contact each person is; of several colleagues, who has known them longest."""
    open_now = Contact.objects.filter(
        account=account, until=None, identity__external_id__in=[one.person for one in orders]
    )
    rows = open_now.order_by("-since", "-pk").values_list("identity__external_id", "userid")
    known = dict(rows)
    nobody = RefusedError(_("The customer is nobody's contact there, so nobody can write to them."))
    return {one.key: known.get(one.person) or nobody for one in orders}


def accounts_of(identities: Collection[int]) -> dict[int, int]:
    """Through which account each of these identities is written to: those who are somebody's contact there."""
    open_now = Contact.objects.filter(identity__among=list(identities), until=None)
    return dict(open_now.order_by("-since").values_list("identity", "account"))


def monthly(account: Account, day: date) -> int:
    """How many mass messages a group or a customer gets in the month of a day: its days, or what the corp set lower."""
    days = monthrange(day.year, day.month)[1]
    told = str(account.settings.get("monthly", "")).strip()
    return min(days, int(told)) if told.isascii() and told.isdecimal() else days


QUOTA = Quota(frozenset({Action.SEND, Action.TELL}), CHINA, monthly)
