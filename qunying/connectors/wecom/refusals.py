"""WeCom's error numbers in words: what happened, where, what to do; and which of them mean to ask again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from qunying.ground.platforms.port import BusyError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

TOKEN_OLD = frozenset({40014, 42001, 40001})
"""The access token is not taken any more: fetch another, ask again."""
NOT_CALLABLE, NO_PRIVILEGE, IP_UNKNOWN, NO_RELATION = 48002, 60011, 60020, 84061
RATE, CROWD, BUSY = 45009, 45033, -1
DISPATCHING, TAKEN_BY_OTHER, TOO_LATE, CHAT_BEGUN, CONSENT_FIRST = 41063, 41096, 41050, 41051, 41053
_AGAIN: Mapping[int, timedelta] = {
    BUSY: timedelta(seconds=5),
    RATE: timedelta(seconds=60),
    CROWD: timedelta(seconds=2),
    DISPATCHING: timedelta(seconds=90),
    TAKEN_BY_OTHER: timedelta(seconds=2),
}
"""Nothing was done; ask again after so long. A block of 45009 lasts one window, the shortest of which is a minute."""
_SHOWN = 120
_FROM_IP = re.compile(r"from ip: ?([0-9a-fA-F.:]{3,45})")

_WORDS: Mapping[int, _StrPromise] = {
    40013: gettext_lazy("WeCom does not know this corp ID. Copy it from “My company” in the WeCom console."),
    40001: gettext_lazy("WeCom does not take the secret. Copy it again from the page of the app."),
    40096: gettext_lazy("WeCom does not know this customer."),
    41048: gettext_lazy("There is no customer to whom this could be sent."),
    TOO_LATE: gettext_lazy("The 20 seconds in which a new contact can be welcomed are over."),
    CHAT_BEGUN: gettext_lazy("The two are talking already, so WeCom takes no welcome any more."),
    CONSENT_FIRST: gettext_lazy("The customer has to agree to the message archive first."),
    41054: gettext_lazy("The colleague has not activated WeCom or not given a real name there."),
    41055: gettext_lazy("There are 100 group welcomes already. Delete one in the WeCom console."),
    41093: gettext_lazy("This mass message cannot be called off any more."),
    41094: gettext_lazy("The colleagues were reminded three times within a day; WeCom allows no more."),
    NOT_CALLABLE: gettext_lazy(
        "The app may not use this part of WeCom. In the WeCom console open “Customer contact” → “API” → "
        "“Apps that may call the API” and add the app."
    ),
    NO_PRIVILEGE: gettext_lazy(
        "The app may not see this colleague or this group. Put the colleague into the visible range of the app."
    ),
    60111: gettext_lazy("WeCom does not know this colleague. They may have left."),
    81017: gettext_lazy("That would be too many people at once. Narrow it down."),
    NO_RELATION: gettext_lazy("The customer is nobody's contact there any more."),
    90500: gettext_lazy("The owner of the group has not left, so it cannot be handed over this way."),
    90501: gettext_lazy("The group has been handed over already."),
    90503: gettext_lazy("The group cannot be handed over to this colleague."),
    93000: gettext_lazy("WeCom does not know the group robot. Copy its address again from the group."),
}
_UNTRUSTED = gettext_lazy(
    "WeCom does not trust the address from which we call: {ip}. In the WeCom console open the app → “Trusted company "
    "IP” and add it."
)
_OTHER = gettext_lazy("WeCom refused: {message} ({code}).")
_IP_THERE = gettext_lazy("the machine's public IP")


class WeComRefusalError(RefusedError):
    """WeCom said no; `code` is its number for why, `lazily` the sentence in any language."""

    def __init__(self, words: str | _StrPromise, *, code: int) -> None:
        super().__init__(words)
        self.code = code
        self.lazily = words


class WeComBusyError(BusyError):
    """WeCom has no time; `code` is its number for why."""

    def __init__(self, words: str | _StrPromise, *, code: int, again_at: datetime) -> None:
        super().__init__(words, again_at=again_at)
        self.code = code


def error_of(code: int, message: str) -> BusyError | WeComRefusalError:
    """What an answer with this number means; `message` is WeCom's own, in its own language."""
    pause = _AGAIN.get(code)
    if pause is not None:
        words = gettext_lazy("WeCom has no time at the moment. It is tried again.")
        return WeComBusyError(words, code=code, again_at=timezone.now() + pause)
    if code == IP_UNKNOWN:
        return WeComRefusalError(format_lazy(_UNTRUSTED, ip=_ip_in(message)), code=code)
    known = _WORDS.get(code)
    if known is not None:
        return WeComRefusalError(known, code=code)
    shown = " ".join(message.split())[:_SHOWN]
    return WeComRefusalError(format_lazy(_OTHER, message=shown, code=str(code)), code=code)


def _ip_in(message: str) -> str | _StrPromise:
    found = _FROM_IP.search(message)
    return found[1] if found else _IP_THERE
