"""Looking whether an account works, step by step as it is set up: what is wrong, in words, and where to click."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qunying.connectors.qq.callbacks import PATH, mark_of
from qunying.connectors.qq.client import Client, path
from qunying.connectors.qq.hearing import ROLES
from qunying.connectors.qq.models import Line, Place
from qunying.connectors.qq.refusals import QQRefusalError
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.callbacks import callback_address
from qunying.ground.platforms.port import BusyError, Check, RefusedError, UnknownError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

_KNOWN = _("QQ takes the AppID and the secret")
_ADDRESS = _("QQ can find Qunying")
_PROVED = _("QQ has checked our address")
_PRESENT = _("The robot is in a group")
_RIGHTS = _("The groups let the robot do its work")
_PORTS = frozenset({None, 80, 443, 8080, 8443})
_SHOWN = 5

_NO_ANSWER = _("QQ did not answer. Look whether this machine reaches api.bot.qq.com, and check again.")
_NO_ADDRESS = _(
    "QQ needs an address that begins with https://, on port 443 or 8443. Fill it in in the settings of the account."
)
_NOT_PROVED = _(
    "QQ has not asked for it yet. On q.qq.com open the robot → “Development” → “Callback settings”, enter {address} "
    "and choose all events of groups, of private messages and of buttons."
)
_NOWHERE = _(
    "QQ tells of a group once the robot is let in or called there. In QQ open the group → settings → “Group robots”, "
    "add it, and call it once by @."
)


def check_account(account: Account) -> list[Check]:
    """Every step in order: whether we reach QQ, whether QQ reaches us, where the robot is and what it may."""
    with Client(account) as client:
        error = _try(client)
        seen = [_step(_KNOWN, error), *_inward(account)]
        present = Place.objects.filter(account=account, gone_at=None).exists()
        seen.append(Check(_PRESENT, holds=present, words="" if present else _NOWHERE))
        return [*seen, *(_rights(client) if error is None else ())]


def _try(client: Client) -> RefusedError | BusyError | UnknownError | None:
    try:
        client.fetch_token()
    except (RefusedError, BusyError, UnknownError) as error:
        return error
    return None


def _step(name: _StrPromise, error: RefusedError | BusyError | UnknownError | None) -> Check:
    if error is None:
        return Check(name, holds=True)
    return Check(name, holds=False, words=error.lazily if isinstance(error, QQRefusalError) else _NO_ANSWER)


def _inward(account: Account) -> Iterator[Check]:
    address = callback_address(account, PATH)
    try:
        good = address.startswith("https://") and urlsplit(address).port in _PORTS
    except ValueError:
        good = False
    yield Check(_ADDRESS, holds=good, words="" if good else _NO_ADDRESS)
    if good:
        proved = Line.objects.filter(account=account, mark=mark_of(account)).exists()
        yield Check(_PROVED, holds=proved, words="" if proved else format_lazy(_NOT_PROVED, address=address))


def _rights(client: Client) -> Iterator[Check]:
    """What tied groups keep from the robot, which is no fault: it goes by hand. Nothing where none is tied."""
    groups, silent = list(groups_through(client.account)[:_SHOWN]), False
    said: list[_StrPromise] = []
    for group in groups:
        try:
            told = client.get(path("groups", group.external_id, "bot_state"))
        except (RefusedError, BusyError, UnknownError):
            silent = True
            said.append(format_lazy(_SILENT, group=group.name))
            continue
        if told.get("allow_proactive_msg") is not True:
            said.append(format_lazy(_ONLY_ANSWERS, group=group.name))
        if told.get("member_role") not in ROLES:
            said.append(format_lazy(_NO_ADMIN, group=group.name))
    if groups:
        yield Check(_RIGHTS, holds=not silent, words=format_lazy("{}" * len(said), *said) if said else "")


_SILENT = _("“{group}” does not say what the robot may. ")
_ONLY_ANSWERS = _("In “{group}” the robot may only answer; the owner allows more in QQ: group → robot. ")
_NO_ADMIN = _("In “{group}” it is no administrator, so members are looked after by hand. ")
