"""Looking whether an account works, step by step as it is set up: what is wrong, in words, and where to click."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qunying.connectors.wecom.callbacks import PATH, envelope_of, mark_of
from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.contacts import community_of
from qunying.connectors.wecom.models import Heard, Line
from qunying.connectors.wecom.refusals import IP_UNKNOWN, WeComRefusalError
from qunying.ground.platforms.callbacks import callback_address
from qunying.ground.platforms.port import BusyError, Check, RefusedError, UnknownError
from qunying.kit.envelopes import EnvelopeError, key_of
from qunying.kit.told import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

_KNOWN = _("WeCom takes the corp ID and the secret")
_TRUSTED = _("WeCom trusts the address from which we call")
_CALLABLE = _("The app may use customer contact")
_VISIBLE = _("The app sees colleagues who have customers")
_GROUPS = _("Customer groups can be read")
_ADDRESS = _("WeCom can find Qunying")
_KEYS = _("Token and key for events are there")
_PROVED = _("WeCom has checked our address")
_UNDERSTOOD = _("What WeCom told was understood")
_COMMUNITY = _("Contacts have their community")

_NO_ANSWER = _("WeCom did not answer. Look whether this machine reaches qyapi.weixin.qq.com, and check again.")


def check_account(account: Account) -> list[Check]:
    """Every step in order: first whether we reach WeCom, then whether WeCom reaches us."""
    with Client(account) as client:
        return [*_outward(client), *_inward(account), *_of_events(account), *_of_contacts(account)]


def _outward(client: Client) -> Iterator[Check]:
    """After a step that does not hold, those that stand on it cannot be tried."""
    error, _told = _ask(client, "gettoken", corpid=client.corp, corpsecret=client.secret)
    yield _step(_KNOWN, error)
    if error is not None:
        return
    error, told = _ask(client, "externalcontact/get_follow_user_list")
    untrusted = isinstance(error, WeComRefusalError) and error.code == IP_UNKNOWN
    yield _step(_TRUSTED, error if untrusted or not isinstance(error, WeComRefusalError) else None)
    if untrusted or (error is not None and not isinstance(error, WeComRefusalError)):
        return
    yield _step(_CALLABLE, error)
    if error is not None:
        return
    anybody = bool(listed(told.get("follow_user")))
    yield Check(_VISIBLE, holds=anybody, words="" if anybody else _NOBODY)
    error, _told = _ask(client, "externalcontact/groupchat/list", limit=1)
    yield _step(_GROUPS, error)


_NOBODY = _(
    "It sees nobody who may have customers. In the WeCom console put the colleagues into the visible range of the "
    "app, and into “Customer contact” → “Permissions” → “Range of use”."
)


def _ask(client: Client, name: str, **given: Any) -> tuple[RefusedError | BusyError | UnknownError | None, Any]:
    try:
        return None, client.ask(name, **given)
    except (RefusedError, BusyError, UnknownError) as error:
        return error, {}


def _step(name: _StrPromise, error: RefusedError | BusyError | UnknownError | None) -> Check:
    if error is None:
        return Check(name, holds=True)
    return Check(name, holds=False, words=error.lazily if isinstance(error, WeComRefusalError) else _NO_ANSWER)


def _inward(account: Account) -> Iterator[Check]:
    address = callback_address(account, PATH)
    good = address.startswith("https://")
    yield Check(_ADDRESS, holds=good, words="" if good else _NO_ADDRESS)
    envelope = envelope_of(account)
    try:
        key_of(envelope.key)
    except EnvelopeError:
        complete = False
    else:
        complete = bool(envelope.token)
    yield Check(_KEYS, holds=complete, words="" if complete else _NO_KEYS)
    if good and complete:
        proved = Line.objects.filter(account=account, mark=mark_of(account)).exists()
        yield Check(_PROVED, holds=proved, words="" if proved else _NOT_PROVED)


_NO_ADDRESS = _("WeCom needs an address that begins with https://. Fill it in in the settings of the account.")
_NO_KEYS = _("Make “Address for events” on this page, and copy its three lines into the WeCom console.")
_NOT_PROVED = _(
    "WeCom has not asked for it yet. In the WeCom console open the app → “Receive messages” → “Set up API reception”, "
    "copy address, token and key, save; then choose the app under “Customer contact” → “API” → “Receive events”."
)


def _of_events(account: Account) -> Iterator[Check]:
    """Whether everything told since yesterday was understood; nothing where nothing was told."""
    told = Heard.objects.filter(account=account, received_at__gte=timezone.now() - _RECENT)
    lost = told.filter(state=Heard.State.GIVEN_UP).order_by("-received_at").first()
    if lost is not None:
        yield Check(_UNDERSTOOD, holds=False, words=format_lazy(_LOST, why=lost.why))
    elif told.exists():
        yield Check(_UNDERSTOOD, holds=True)


_RECENT = timedelta(days=1)
_LOST = _("Something was given up within the last day; the night's comparison makes it good. The last reason: {why}")


def _of_contacts(account: Account) -> Iterator[Check]:
    if account.settings.get("community"):
        found = community_of(account) is not None
        yield Check(_COMMUNITY, holds=found, words="" if found else _NO_COMMUNITY)


_NO_COMMUNITY = _("There is no such community in the account's unit. Correct its short name in the settings.")
