"""QQ's error numbers in words: what happened, where, what to do; and which of them mean to ask again."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.platforms.port import BusyError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

TOKEN_OLD = frozenset({11241, 11242, 11243, 11244})
"""The access token is not taken any more: fetch another, ask again."""
BAD_SECRET, UNTRUSTED, LIMIT, SAME_AGAIN, NO_RIGHT, ACTIVE_OFF, AUDITED = (
    100016,
    11298,
    22009,
    40054005,
    40034102,
    40034105,
    304023,
)
_AGAIN: Mapping[int, timedelta] = {
    LIMIT: timedelta(seconds=60),
    20028: timedelta(seconds=10),
    1100100: timedelta(seconds=60),
}
"""Nothing was done; ask again after so long."""
_PAUSE = timedelta(seconds=10)
_SHOWN = 120

_SILENT = gettext_lazy(
    "The group does not let the robot speak of its own accord. Its owner allows it in QQ: group settings → robot → "
    "“Proactive messages”. Until then it can only answer."
)
_WORDS: Mapping[int, _StrPromise] = {
    BAD_SECRET: gettext_lazy(
        "QQ does not know this AppID with this secret. Copy both again from q.qq.com → “Development”."
    ),
    UNTRUSTED: gettext_lazy(
        "QQ does not trust the address from which we call. On q.qq.com open “Development” → “IP whitelist” and add "
        "the machine's public IP."
    ),
    NO_RIGHT: _SILENT,
    ACTIVE_OFF: _SILENT,
    11253: gettext_lazy(
        "The robot may not do this. On q.qq.com apply for that permission, or make it an administrator."
    ),
    11255: gettext_lazy("QQ does not take what was asked. The group or the person may not be there any more."),
    40054010: gettext_lazy(
        "The message has a link that QQ does not know. On q.qq.com report the address under “Message URLs”."
    ),
    304082: gettext_lazy("QQ could not take the picture. Try a smaller one, as JPEG or PNG."),
}
_OTHER = gettext_lazy("QQ refused: {message} ({code}).")


class QQRefusalError(RefusedError):
    """QQ said no; `code` is its number for why, `lazily` the sentence in any language."""

    def __init__(self, words: str | _StrPromise, *, code: int) -> None:
        super().__init__(str(words))
        self.code = code
        self.lazily = words


def error_of(status: int, code: int, message: str) -> BusyError | QQRefusalError:
    """What an answer with this status and number means; `message` is QQ's own, in its own language."""
    pause = _AGAIN.get(code)
    if pause is None and status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        pause = _PAUSE
    if pause is not None:
        return BusyError(_("QQ has no time at the moment. It is tried again."), again_at=timezone.now() + pause)
    known = _WORDS.get(code)
    if known is not None:
        return QQRefusalError(known, code=code)
    shown = " ".join(message.split())[:_SHOWN]
    return QQRefusalError(format_lazy(_OTHER, message=shown, code=str(code or status)), code=code)
