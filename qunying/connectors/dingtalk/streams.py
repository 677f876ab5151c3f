"""The lines that stay open: one thread for each account, in the process that moves the followers.

DingTalk speaks over a line that we open, so that it needs no address of ours. A line that breaks is opened again,
later each time; DingTalk repeats what was not acknowledged. Several lines of one account do no harm: each frame goes
down one of them, and what comes twice is one fact.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections
from django.utils.translation import gettext as _
from django.utils.translation import override
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from qunying.connectors.dingtalk.client import Client
from qunying.connectors.dingtalk.endpoints import GATEWAY, STREAM_HOSTS
from qunying.connectors.dingtalk.frames import answer_frame
from qunying.connectors.dingtalk.hearing import SAID
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.names import DINGTALK
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.sync.client import ClientConnection

SUBSCRIBED = ({"type": "EVENT", "topic": "*"}, {"type": "CALLBACK", "topic": SAID})
_BREATH = 1.0
"""Seconds after which a line that is silent is looked at."""
_SIGN = 20.0
"""Seconds between two signs of life that are written down."""
_OPEN_SECONDS = 60
"""How long a sign of life counts: pings go every 20 seconds."""
_LONGEST_PAUSE = 60.0
_MOST_BYTES = 1024 * 1024
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Line:
    """A thread, how the account was when it began, and the flag that ends it."""

    mark: str
    thread: Thread
    stop: Event = field(default_factory=Event)


_lines: dict[int, _Line] = {}


def keep_lines() -> int:
    """Have one line for each account that wants one, as it is set up now; how many there are."""
    wanted = {account.pk: account for account in Account.objects.filter(platform=DINGTALK) if wants_line(account)}
    for pk, line in list(_lines.items()):
        if pk not in wanted or line.mark != _mark(wanted[pk]) or not line.thread.is_alive():
            line.stop.set()
            del _lines[pk]
    for pk, account in wanted.items():
        if pk not in _lines:
            stop = Event()
            thread = Thread(target=_stay, args=(pk, stop), name=f"dingtalk-{pk}", daemon=True)
            _lines[pk] = _Line(_mark(account), thread, stop)
            thread.start()
    return len(_lines)


def hang_up() -> None:
    """End every line and wait for it."""
    lines = [_lines.pop(pk) for pk in list(_lines)]
    for line in lines:
        line.stop.set()
    for line in lines:
        line.thread.join()


def wants_line(account: Account) -> bool:
    """An account with nothing but a custom robot has none: it can only speak."""
    return bool(account.settings.get("key"))


def is_open(account: Account) -> bool:
    """Whether a line of this account gave a sign of life within the last minute."""
    return bool(cache.get(_name(account.pk)))


def _mark(account: Account) -> str:
    return sha256(f"{account.settings.get('key')}\n".encode() + bytes(account.sealed)).hexdigest()


def _name(pk: int) -> str:
    return f"dingtalk-line:{pk}"


def _stay(pk: int, stop: Event) -> None:
    """Keep the line of an account open until told to stop, or until the account is gone."""
    pause = 1.0
    with override(settings.LANGUAGE_CODE):
        while not stop.is_set():
            close_old_connections()
            account = Account.objects.filter(pk=pk).first()
            if account is None:
                return
            try:
                listen(account, stop, before=close_old_connections)
                pause = 1.0
            except (QunyingError, OSError, WebSocketException) as error:
                _log.warning("the line of account %s to DingTalk broke: %s", pk, error)
                stop.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
    close_old_connections()


def listen(account: Account, stop: Event, *, before: Callable[[], object] = lambda: None) -> None:
    """Open a line and answer its frames until DingTalk hangs up, or `stop` is set; `before` is called before each.

    Raises what `Client.ask`, the network and the protocol raise.
    """
    with connect(where(account), max_size=_MOST_BYTES, open_timeout=10, close_timeout=2, proxy=None) as line:
        signed = 0.0
        while not stop.is_set():
            if time.monotonic() - signed > _SIGN or not signed:
                before()
                cache.set(_name(account.pk), 1, _OPEN_SECONDS)
                signed = time.monotonic()
            raw = _next(line)
            if raw is None:
                continue
            before()
            answer, again = answer_frame(account, raw)
            if answer:
                line.send(answer)
            if again:
                return


def _next(line: ClientConnection) -> str | bytes | None:
    try:
        return line.recv(timeout=_BREATH)
    except TimeoutError:
        return None


def where(account: Account) -> str:
    """The address of a new line, from DingTalk's gateway; raises QunyingError where it leads elsewhere."""
    with Client(account) as client:
        told = client.ask(GATEWAY, clientId=client.key, clientSecret=client.secret, subscriptions=list(SUBSCRIBED))
    endpoint = str(told["endpoint"])
    parts = urlsplit(endpoint)
    own = parts.scheme == "wss" and (parts.hostname or "").endswith(STREAM_HOSTS)
    played = getattr(settings, "DINGTALK_HOST_OF_TESTS", "")
    if not own and not (played and parts.hostname == "127.0.0.1"):
        raise QunyingError(_("DingTalk named an address for its stream that is not its own."))
    return f"{endpoint}?ticket={quote(str(told['ticket']), safe='')}"
