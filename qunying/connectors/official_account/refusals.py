"""WeChat's error numbers in words: what happened, where, what to do; and which of them mean to ask again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.platforms.port import BusyError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

TOKEN_OLD = frozenset({40001, 40014, 42001})
"""The access token is not taken any more: fetch another, ask again."""
BUSY, IP_UNKNOWN, NO_RIGHT, TOO_LATE, TOO_MANY, NO_FOLLOWER = -1, 40164, 48001, 45015, 45047, 43004
_AGAIN: Mapping[int, timedelta] = {
    BUSY: timedelta(seconds=5),
    45011: timedelta(seconds=60),
}
"""Nothing was done; ask again after so long."""
_SHOWN = 120
_IP = re.compile(r"invalid ip ([0-9a-fA-F.:]{3,45})")

_WORDS: Mapping[int, _StrPromise] = {
    40001: gettext_lazy("WeChat does not take the AppSecret. Make it anew in the official account's console."),
    40003: gettext_lazy("WeChat does not know this follower."),
    40013: gettext_lazy("WeChat does not know this AppID. Copy it again from the official account's console."),
    40029: gettext_lazy("The sign-in took too long or was used already. Open the page once more."),
    40125: gettext_lazy("WeChat does not take the AppSecret. Make it anew in the official account's console."),
    40163: gettext_lazy("The sign-in took too long or was used already. Open the page once more."),
    NO_FOLLOWER: gettext_lazy("The person does not follow the official account any more."),
    45009: gettext_lazy("Today's calls to WeChat are used up. They begin anew at midnight."),
    TOO_LATE: gettext_lazy(
        "The person has not written to the official account within the last 48 hours; only then may it write to them."
    ),
    TOO_MANY: gettext_lazy("WeChat allows five messages after the person wrote, and they are used up."),
    NO_RIGHT: gettext_lazy(
        "The official account may not do this: WeChat allows it to verified accounts only. Have it verified."
    ),
    48004: gettext_lazy("WeChat has blocked this for the official account. Look for its notice in the console."),
    50002: gettext_lazy("WeChat has restricted this person's account."),
    61500: gettext_lazy("WeChat has no figures for this day."),
}
_UNTRUSTED = gettext_lazy(
    "WeChat does not trust the address from which we call: {ip}. In the official account's console open “Development” "
    "→ “IP whitelist” and add it."
)
_OTHER = gettext_lazy("WeChat refused: {message} ({code}).")
_IP_THERE = gettext_lazy("the machine's public IP")


class OfficialRefusalError(RefusedError):
    """WeChat said no; `code` is its number for why, `lazily` the sentence in any language."""

    def __init__(self, words: str | _StrPromise, *, code: int) -> None:
        super().__init__(str(words))
        self.code = code
        self.lazily = words


def error_of(code: int, message: str) -> BusyError | OfficialRefusalError:
    """What an answer with this number means; `message` is WeChat's own, in its own language."""
    pause = _AGAIN.get(code)
    if pause is not None:
        return BusyError(_("WeChat has no time at the moment. It is tried again."), again_at=timezone.now() + pause)
    if code == IP_UNKNOWN:
        found = _IP.search(message)
        return OfficialRefusalError(format_lazy(_UNTRUSTED, ip=found[1] if found else _IP_THERE), code=code)
    known = _WORDS.get(code)
    if known is not None:
        return OfficialRefusalError(known, code=code)
    shown = " ".join(message.split())[:_SHOWN]
    return OfficialRefusalError(format_lazy(_OTHER, message=shown, code=str(code)), code=code)
