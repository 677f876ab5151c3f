"""Looking whether an account works: the address, the homeserver, the registration, and the way back to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qunying.connectors.matrix.client import Client, MatrixRefusalError, path
from qunying.connectors.matrix.registration import service_id
from qunying.ground.platforms.callbacks import callback_address
from qunying.ground.platforms.port import BusyError, Check, RefusedError, UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

_SERVER = _("The homeserver answers")
_KNOWN = _("The homeserver knows the account")
_BACK = _("The homeserver finds Qunying")


class _TroubleError(Exception):
    """A step does not hold; `words` say what to do."""

    def __init__(self, words: str | _StrPromise) -> None:
        super().__init__()
        self.words = words


def check_account(account: Account) -> list[Check]:
    """Every step in order; after one that does not hold, the rest cannot be tried."""
    client, seen = Client(account), []
    steps: tuple[tuple[_StrPromise, Callable[[Client], None]], ...] = (
        (_SERVER, _answers),
        (_KNOWN, _is_known),
        (_BACK, _finds_us),
    )
    for name, look in steps:
        words = _try(look, client)
        seen.append(Check(name, holds=words is None, words=words or ""))
        if words is not None:
            break
    return seen


def _try(look: Callable[[Client], None], client: Client) -> str | _StrPromise | None:
    """What to do where the step does not hold; None where it does."""
    try:
        look(client)
    except _TroubleError as trouble:
        return trouble.words
    except MatrixRefusalError as refused:
        return format_lazy("{} {}", _("The homeserver refused:"), refused.code)
    except RefusedError:
        return _("The address cannot be used: it has to begin with https:// and lead outside the machine's network.")
    except (BusyError, UnknownError):
        return _("No answer. Look whether the address is right and the homeserver is running.")
    return None


def _answers(client: Client) -> None:
    told = client.get("/_matrix/client/versions")
    if not isinstance(told.get("versions"), list):
        raise _TroubleError(_("What answers there is no Matrix homeserver. Correct the address."))


def _is_known(client: Client) -> None:
    try:
        told = client.get(path("account", "whoami"))
    except MatrixRefusalError:
        raise _TroubleError(
            _("It does not know our token. Make the registration file, put it there, and start the homeserver again.")
        ) from None
    if told.get("user_id") != client.own:
        raise _TroubleError(
            format_lazy(
                "{} {}",
                _("The registration belongs to another account. Correct the name; the homeserver says:"),
                str(told.get("user_id", ""))[:190],
            )
        )
    ensure_user(client)


def ensure_user(client: Client) -> None:
    """Have the homeserver make the account's own user, where it has not yet."""
    try:
        client.post(path("register"), {"type": "m.login.application_service", "username": client.localpart})
    except MatrixRefusalError as refused:
        if refused.code != "M_USER_IN_USE":
            raise


def _finds_us(client: Client) -> None:
    if not callback_address(client.account):
        raise _TroubleError(_("Nobody said where it finds us. Fill in the address in the settings of the account."))
    where = f"/_matrix/client/v1/appservice/{service_id(client.account)}/ping"
    try:
        client.ask("POST", where, body={}, changes=False)
    except MatrixRefusalError as refused:
        if refused.code in {"M_NOT_FOUND", "M_UNRECOGNIZED"}:
            raise _TroubleError(_("The homeserver is too old to try it (it takes Synapse 1.79 or newer).")) from None
        raise _TroubleError(_PINGS.get(refused.code, _PING)) from None
    except BusyError:
        # Synapse answers 502 or 504 where it could not reach us.
        raise _TroubleError(_PING) from None


_PING = _("It cannot reach us. Look whether its machine can open our address and no firewall stands between.")
_PINGS = {
    "M_BAD_STATUS": _("It reaches us and is turned away. Make the registration file anew and put it there."),
    "M_URL_NOT_SET": _("The registration names no address. Make the registration file anew and put it there."),
    "M_FORBIDDEN": _("The registration on the homeserver is another one. Make the file anew and put it there."),
}
