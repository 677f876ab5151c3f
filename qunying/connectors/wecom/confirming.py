"""What became of what colleagues confirm on their phones: asked for, called to mind, taken back."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from qunying.connectors.wecom import moments
from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.refusals import DISPATCHING, WeComBusyError
from qunying.connectors.wecom.rolls import moment
from qunying.ground.platforms.outcomes import Outcome
from qunying.ground.platforms.port import RefusedError
from qunying.kit.told import part, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.outcomes import Laid

_WAITING, _SENT, _NO_FRIEND, _HAD_OTHERS = range(4)
"""How WeCom says a mass message stands with one group or customer."""
_NEVER = {
    _NO_FRIEND: _("The customer is not the colleague's contact any more."),
    _HAD_OTHERS: _("They have had as many mass messages as WeCom allows, of others as well. Send it another day."),
}
_LONGEST_ID = 64
_REMEMBERED = 7 * 86_400


class WeComTeller:
    """Asks WeCom about mass messages; one of its tasks may stand for many orders."""

    def outcomes(self, account: Account, laid: Sequence[Laid]) -> list[Outcome]:
        """What has come to an end. A task WeCom is still handing out is asked about another time."""
        tasks: dict[str, list[Laid]] = defaultdict(list)
        for one in laid:
            tasks[one.external_id].append(one)
        found: list[Outcome] = []
        with Client(account) as client:
            for name, orders in tasks.items():
                try:
                    found += _outcomes(client, name, orders)
                except WeComBusyError as busy:
                    if busy.code != DISPATCHING and not found:
                        raise
                    if busy.code != DISPATCHING:
                        break
        return found

    def take_back(self, account: Account, laid: Laid) -> None:
        """Stop the task for whoever has not confirmed it; RefusedError where this order was confirmed before that.

        A task may stand for many orders, and WeCom stops it once: whoever comes later finds it stopped.
        """
        if laid.external_id.startswith(moments.MARK):
            with Client(account) as client:
                moments.take_back(client, laid.external_id)
            return
        name = f"wecom-stopped:{account.pk}:{laid.external_id}"
        with Client(account) as client:
            if not cache.get(name):
                client.ask("externalcontact/cancel_groupmsg_send", msgid=laid.external_id)
                cache.set(name, True, _REMEMBERED)  # noqa: FBT003 - the library's way
            if list(_outcomes(client, laid.external_id, [laid])):
                raise RefusedError(_("It was sent before it could be stopped."))


def remind(account: Account, laid: Laid) -> None:
    """Have WeCom remind whoever has not confirmed a task; RefusedError for moments, of which it does not remind."""
    if laid.external_id.startswith(moments.MARK):
        raise RefusedError(_("WeCom does not remind of moments. Speak to your colleagues."))
    with Client(account) as client:
        client.ask("externalcontact/remind_groupmsg_send", msgid=laid.external_id)


def _outcomes(client: Client, msgid: str, orders: Sequence[Laid]) -> Iterator[Outcome]:
    if msgid.startswith(moments.MARK):
        for one in orders:
            yield from moments.outcome_of(client, one.key, msgid)
        return
    stands: dict[str, tuple[int, Any]] = {}
    for userid in _confirming(client, msgid):
        stands.update(_stands(client, msgid, userid))
    for one in orders:
        status, at = stands.get(one.group or one.person, (_WAITING, None))
        if status == _SENT:
            yield Outcome(one.key, arrived=True, at=moment(at))
        elif status in _NEVER:
            yield Outcome(one.key, arrived=False, words=_NEVER[status])


def _confirming(client: Client, msgid: str) -> list[str]:
    """The colleagues before whom the task lies."""
    rows = client.pages("externalcontact/get_groupmsg_task", "task_list", msgid=msgid, limit=1000)
    names = [text(part({"": one}, "").get("userid"), _LONGEST_ID) for one in rows]
    return [name for name in names if name]


def _stands(client: Client, msgid: str, userid: str) -> Mapping[str, tuple[int, Any]]:
    """How it stands with each group or customer of one colleague: WeCom's number, and when it was sent."""
    name = "externalcontact/get_groupmsg_send_result"
    found: dict[str, tuple[int, Any]] = {}
    for row in client.pages(name, "send_list", msgid=msgid, userid=userid, limit=1000):
        told = part({"": row}, "")
        where = text(told.get("chat_id"), _LONGEST_ID) or text(told.get("external_userid"), _LONGEST_ID)
        status = told.get("status")
        if where and isinstance(status, int):
            found[where] = status, told.get("send_time")
    return found
