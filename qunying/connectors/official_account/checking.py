"""Looking whether an official account works, step by step as it is set up: what is wrong, and where to click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.official_account.callbacks import PATH, envelope_of, mark_of
from qunying.connectors.official_account.client import Client, app_of
from qunying.connectors.official_account.endpoints import TOKEN
from qunying.connectors.official_account.models import Line
from qunying.connectors.official_account.refusals import IP_UNKNOWN, OfficialRefusalError
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.callbacks import callback_address
from qunying.ground.platforms.port import BusyError, Check, RefusedError, UnknownError
from qunying.kit.envelopes import EnvelopeError, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

_TRUSTED = _("WeChat trusts the address from which we call")
_KNOWN = _("WeChat takes the AppID and the AppSecret")
_FOLLOWERS = _("Followers can be listed")
_ADDRESS = _("WeChat can find Qunying")
_KEYS = _("Token and key for messages are there")
_PROVED = _("WeChat has checked our address")
_TIED = _("The followers belong to a community")
_NO_ANSWER = _("WeChat did not answer. Look whether this machine reaches api.weixin.qq.com, and check again.")
_NO_ADDRESS = _("WeChat needs an address that begins with https://. Fill it in in the settings of the account.")
_NO_KEYS = _("Make “Address for messages and events” on this page, and copy its three lines into the console.")
_NOT_PROVED = _(
    "WeChat has not asked for it yet. In the official account's console open “Development” → “Server configuration”, "
    "copy URL, token and key, choose “secure mode”, save, and switch it on."
)
_NOT_TIED = _("What WeChat tells is passed over until then. Choose “Tie groups” on this page.")


def check_account(account: Account) -> list[Check]:
    """Every step in order: first whether we reach WeChat, then whether WeChat reaches us."""
    with Client(account) as client:
        return [*_outward(client), *_inward(account), *_of_followers(account)]


def _outward(client: Client) -> Iterator[Check]:
    """After a step that does not hold, those that stand on it cannot be tried."""
    error = _ask(client, TOKEN, grant_type="client_credential", appid=client.app, secret=client.secret)
    untrusted = isinstance(error, OfficialRefusalError) and error.code == IP_UNKNOWN
    silent = error is not None and not isinstance(error, OfficialRefusalError)
    yield _step(_TRUSTED, error if untrusted or silent else None)
    if untrusted or silent:
        return
    yield _step(_KNOWN, error)
    if error is None:
        yield _step(_FOLLOWERS, _ask(client, "user/get"))


def _ask(client: Client, name: str, **given: Any) -> RefusedError | BusyError | UnknownError | None:
    try:
        client.ask(name, **given)
    except (RefusedError, BusyError, UnknownError) as error:
        return error
    return None


def _step(name: _StrPromise, error: RefusedError | BusyError | UnknownError | None) -> Check:
    if error is None:
        return Check(name, holds=True)
    return Check(name, holds=False, words=error.lazily if isinstance(error, OfficialRefusalError) else _NO_ANSWER)


def _inward(account: Account) -> Iterator[Check]:
    good = callback_address(account, PATH).startswith("https://")
    yield Check(_ADDRESS, holds=good, words="" if good else _NO_ADDRESS)
    complete = _is_complete(account)
    yield Check(_KEYS, holds=complete, words="" if complete else _NO_KEYS)
    if good and complete:
        proved = Line.objects.filter(account=account, mark=mark_of(account)).exists()
        yield Check(_PROVED, holds=proved, words="" if proved else _NOT_PROVED)


def _is_complete(account: Account) -> bool:
    """A token, and a key that is one; without a key letters come in the open, which whoever typed it chose."""
    own = envelope_of(account)
    try:
        return bool(own.token) and (not own.key or bool(key_of(own.key)))
    except EnvelopeError:
        return False


def _of_followers(account: Account) -> Iterator[Check]:
    tied = groups_through(account).filter(external_id=app_of(account)).exists()
    yield Check(_TIED, holds=tied, words="" if tied else _NOT_TIED)
