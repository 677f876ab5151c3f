"""DingTalk's errors in words: what happened, where, what to do; and which of them mean to ask again."""

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

TOKEN_OLD = frozenset({"InvalidAuthentication", "40014", "42001"})
"""The access token is not taken any more: fetch another, ask again."""
_AGAIN: Mapping[str, timedelta] = {
    "-1": timedelta(seconds=5),
    "ServiceUnavailable": timedelta(seconds=5),
    "Throttling": timedelta(seconds=60),
    "Forbidden.AccessDenied.QpsLimitForApi": timedelta(seconds=2),
    "90018": timedelta(seconds=60),
    # Over 20 in a minute, a custom robot is silent for ten.
    "130101": timedelta(minutes=10),
    "660026": timedelta(minutes=10),
}
"""Nothing was done; ask again after so long."""
_SHOWN = 120
_IP = re.compile(r"\b(\d{1,3}(?:\.\d{1,3}){3})\b")

_KEY = gettext_lazy("DingTalk does not take the Client ID and Client Secret. Copy both again from the app's page.")
_RIGHT = gettext_lazy(
    "The app lacks a permission. In the DingTalk developer console open the app → “Permission management” and apply "
    "for those that the how-to names."
)
_ROBOT = gettext_lazy("DingTalk does not know the robot. Copy RobotCode again, and publish the app's robot.")
_GONE = gettext_lazy("The robot is not in this group, or the group is no scene group of the app.")
_WORDS: Mapping[str, _StrPromise] = {
    "invalidClientIdOrSecret": _KEY,
    "invalidClientSecret": _KEY,
    "authFailed": _KEY,
    "Forbidden.AccessDenied.AccessTokenPermissionDenied": _RIGHT,
    "88": _RIGHT,
    "60011": _RIGHT,
    "robotNotExist": _ROBOT,
    "invalidParameter.robotCode": _ROBOT,
    "invalidParameter.openConversationId": _GONE,
    "resource.not.found": _GONE,
    "300001": gettext_lazy("DingTalk does not know the custom robot. Copy its address again from the group."),
    "310000": gettext_lazy(
        "The custom robot refused: its signature, keyword or IP range does not fit. Look at its security settings in "
        "the group, choose “signature”, and copy the secret."
    ),
    "33012": gettext_lazy("DingTalk does not know this colleague. They may have left."),
    "60121": gettext_lazy("DingTalk does not know this colleague. They may have left."),
}
_UNTRUSTED_CODES = {"60020", "Forbidden.AccessDenied.IpNotInWhiteList"}
_UNTRUSTED = gettext_lazy(
    "DingTalk does not trust the address from which we call: {ip}. In the developer console open the app → “Security "
    "settings” → “Server exit IP” and add it."
)
_OTHER = gettext_lazy("DingTalk refused: {message} ({code}).")
_IP_THERE = gettext_lazy("the machine's public IP")


class DingTalkRefusalError(RefusedError):
    """DingTalk said no; `code` is its word for why, `lazily` the sentence in any language."""

    def __init__(self, words: str | _StrPromise, *, code: str) -> None:
        super().__init__(str(words))
        self.code = code
        self.lazily = words


def error_of(code: str, message: str) -> BusyError | DingTalkRefusalError:
    """What an answer with this error means; `message` is DingTalk's own, in its own language."""
    pause = _AGAIN.get(code) or _AGAIN.get(code.partition(".")[0])
    if pause is not None:
        return BusyError(_("DingTalk has no time at the moment. It is tried again."), again_at=timezone.now() + pause)
    if code in _UNTRUSTED_CODES:
        found = _IP.search(message)
        return DingTalkRefusalError(format_lazy(_UNTRUSTED, ip=found[1] if found else _IP_THERE), code=code)
    known = _WORDS.get(code)
    if known is not None:
        return DingTalkRefusalError(known, code=code)
    shown = " ".join(message.split())[:_SHOWN]
    return DingTalkRefusalError(format_lazy(_OTHER, message=shown, code=code[:_SHOWN]), code=code)
