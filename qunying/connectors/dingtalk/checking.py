"""Looking whether an account works, step by step as it is set up: what is wrong, in words, and where to click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.connectors.dingtalk.client import Client
from qunying.connectors.dingtalk.endpoints import GATEWAY, TOKEN
from qunying.connectors.dingtalk.models import Conversation
from qunying.connectors.dingtalk.refusals import DingTalkRefusalError
from qunying.connectors.dingtalk.streams import SUBSCRIBED, is_open, wants_line
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.port import BusyError, Check, RefusedError, UnknownError
from qunying.ground.platforms.sealing import open_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

_KNOWN = _("DingTalk takes the Client ID and Client Secret")
_GATEWAY = _("DingTalk opens its stream to the app")
_OPEN = _("The line to DingTalk is open")
_HEARD = _("The robot was spoken to in a group")
_WEBHOOK = _("The custom robot is set up whole")
_SOMETHING = _("There is an app or a custom robot")
_TIED = _("Groups are tied to a community")
_NO_ANSWER = _("DingTalk did not answer. Look whether this machine reaches api.dingtalk.com, and check again.")
_NOT_OPEN = _("It is opened by “qunying serve”, or by the worker. Look whether that runs, and check again in a minute.")
_NOT_HEARD = _(
    "DingTalk lists groups to nobody. Add the robot to a group, call it there with @ and any word; then the group can "
    "be tied. In the developer console the robot has to receive messages in “Stream mode”."
)
_NO_SIGN = _("It has an address but no signature. In the group choose “signature” among its security settings.")
_NOTHING = _("Fill in Client ID and Client Secret of an app, or the token of a custom robot.")
_NOT_TIED = _("What DingTalk tells is passed over until then. Choose “Tie groups” on this page.")


def check_account(account: Account) -> list[Check]:
    """Every step in order; those of an app and those of a custom robot where there is one."""
    secrets = open_secrets(account)
    found = [*_of_app(account)] if wants_line(account) else []
    if secrets.get("webhook"):
        found.append(Check(_WEBHOOK, holds=bool(secrets.get("sign")), words="" if secrets.get("sign") else _NO_SIGN))
    if not found:
        return [Check(_SOMETHING, holds=False, words=_NOTHING)]
    tied = groups_through(account).exists()
    return [*found, Check(_TIED, holds=tied, words="" if tied else _NOT_TIED)]


def _of_app(account: Account) -> Iterator[Check]:
    """After a step that does not hold, those that stand on it cannot be tried."""
    with Client(account) as client:
        known = _step(_KNOWN, client, TOKEN, appKey=client.key, appSecret=client.secret)
        yield known
        if not known.holds:
            return
        given = {"clientId": client.key, "clientSecret": client.secret, "subscriptions": list(SUBSCRIBED)}
        yield _step(_GATEWAY, client, GATEWAY, **given)
    there = is_open(account)
    yield Check(_OPEN, holds=there, words="" if there else _NOT_OPEN)
    heard = Conversation.objects.filter(account=account).exists()
    yield Check(_HEARD, holds=heard, words="" if heard else _NOT_HEARD)


def _step(name: _StrPromise, client: Client, call: str, **given: object) -> Check:
    try:
        client.ask(call, **given)
    except DingTalkRefusalError as error:
        return Check(name, holds=False, words=error.lazily)
    except (RefusedError, BusyError, UnknownError):
        return Check(name, holds=False, words=_NO_ANSWER)
    return Check(name, holds=True)
