"""One frame of DingTalk's stream: understood, stored, and only then acknowledged; told again where that failed.

https://open.dingtalk.com/document/orgapp/stream-protocol. Facts have keys of DingTalk's own, so that a frame that
comes again stores nothing.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qunying.connectors.dingtalk.hearing import SAID, hear_event, hear_message
from qunying.kit.told import as_dict, moment, part, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.platforms.models import Account

DISCONNECT, PING = "disconnect", "ping"
_OK, _UNKNOWN, _LATER = 200, 404, 500
_LONGEST, _LONGEST_TIME = 128, 16
_log = logging.getLogger(__name__)


def answer_frame(account: Account, raw: str | bytes) -> tuple[str, bool]:
    """What to answer ('' for nothing), and whether DingTalk asked to hang up and call again."""
    frame = as_dict(raw) or {}
    headers = part(frame, "headers")
    topic, name = text(headers.get("topic"), _LONGEST), text(headers.get("messageId"), _LONGEST)
    if not name:
        return "", False
    if frame.get("type") == "SYSTEM":
        answer = _acknowledged(name, _OK, frame.get("data")) if topic == PING else ""
        return answer, topic == DISCONNECT
    told = as_dict(str(frame.get("data", ""))) or {}
    try:
        code, data = _hear(account, str(frame.get("type")), headers, told)
    except Exception:  # noqa: BLE001 - one frame that nobody understands must not stop the others
        _log.exception("something that DingTalk told account %s was not understood", account.pk)
        code, data = _LATER, json.dumps({"status": "LATER"})
    return _acknowledged(name, code, data), False


def _hear(account: Account, kind: str, headers: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[int, str]:
    if kind == "CALLBACK":
        if headers.get("topic") != SAID:
            return _UNKNOWN, json.dumps({"response": None})
        hear_message(account, told)
        return _OK, json.dumps({"response": None})
    event, key = text(headers.get("eventType"), _LONGEST), text(headers.get("eventId"), _LONGEST)
    born = str(headers.get("eventBornTime", ""))
    seconds = int(born) / 1000 if born.isascii() and born.isdecimal() and len(born) < _LONGEST_TIME else None
    if event and key:
        hear_event(account, event, key, moment(seconds) or timezone.now(), told)
    return _OK, json.dumps({"status": "SUCCESS", "message": ""})


def _acknowledged(name: str, code: int, data: Any) -> str:
    headers = {"messageId": name, "contentType": "application/json"}
    return json.dumps({"code": code, "headers": headers, "message": "", "data": data})
