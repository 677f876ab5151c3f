"""An official account, played on this machine: every request is held against the table, WeChat's limits are kept.

Who wrote may be written to five times within 48 hours; who came or scanned, three times within a minute.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from qunying.connectors.official_account.endpoints import ENDPOINTS
from qunying.kit.envelopes import Envelope, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

APP, SECRET, TOKEN = "wx5823bf96d3bd56c7", "the-secret-of-the-account", "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
HOUSE = "gh_7f083739789a"
_MINUTE, _TWO_DAYS = 60, 48 * 3600
_PAGE = 3
"""Followers on one page; WeChat has 10,000."""


class NoError(Exception):
    """An answer with an error number."""

    def __init__(self, code: int, message: str = "refused") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Office:
    """The account as WeChat keeps it. Times are seconds; `skip` moves its clock on."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    rooms: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Until when each person may be written to, and how often still."""
    told: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    signed_in: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What a code of signing in is worth, once."""
    articles: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    breaks: dict[str, list[int]] = field(default_factory=dict)
    """Error numbers that the next calls of a name answer, one after another; 0 cuts the line."""
    trusted: bool = True
    _tokens: dict[str, float] = field(default_factory=dict)
    _skipped: float = 0.0
    _numbers: count[int] = field(default_factory=lambda: count(23_000_000))

    def now(self) -> float:
        """The account's clock."""
        return time.time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let time go by."""
        self._skipped += seconds

    def drop_tokens(self) -> None:
        """Have every token be old."""
        self._tokens = dict.fromkeys(self._tokens, 0.0)

    # What happens, each with the letter that tells it

    def follow(self, openid: str, *, scene: str = "", union: str = "") -> bytes:
        """Somebody follows, by a code or without one."""
        told = {"subscribe": 1, "openid": openid, "language": "zh_CN", "subscribe_time": int(self.now()), "remark": ""}
        told |= {"groupid": 0, "tagid_list": [], "subscribe_scene": "ADD_SCENE_QR_CODE", "qr_scene": 0}
        self.people[openid] = told | {"qr_scene_str": scene} | ({"unionid": union} if union else {})
        self.rooms[openid] = (self.now() + _MINUTE, 3)
        more = {"EventKey": f"qrscene_{scene}", "Ticket": "TICKET"} if scene else {"EventKey": ""}
        return self._event(openid, "subscribe", more)

    def unfollow(self, openid: str) -> bytes:
        """Somebody follows no longer."""
        self.people[openid] = {"subscribe": 0, "openid": openid}
        self.rooms.pop(openid, None)
        return self._event(openid, "unsubscribe", {"EventKey": ""})

    def scan(self, openid: str, scene: str) -> bytes:
        """A follower scans a code."""
        self.rooms[openid] = (self.now() + _MINUTE, 3)
        return self._event(openid, "SCAN", {"EventKey": scene, "Ticket": "TICKET"})

    def press(self, openid: str, entry: str) -> bytes:
        """A follower presses an entry of the menu."""
        return self._event(openid, "CLICK", {"EventKey": entry})

    def write(self, openid: str, words: str) -> bytes:
        """A follower writes."""
        return self.send(openid, "text", {"Content": words})

    def send(self, openid: str, form: str, more: Mapping[str, object]) -> bytes:
        """A follower sends a message of this form."""
        self.rooms[openid] = (self.now() + _TWO_DAYS, 5)
        return self._letter(openid, form, {**more, "MsgId": next(self._numbers)})

    def _event(self, openid: str, event: str, more: Mapping[str, object]) -> bytes:
        return self._letter(openid, "event", {"Event": event, **more})

    def _letter(self, openid: str, form: str, more: Mapping[str, object]) -> bytes:
        fields: dict[str, object] = {"ToUserName": HOUSE, "FromUserName": openid, "CreateTime": int(self.now())}
        fields |= {"MsgType": form, **more}
        lines = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
        return f"<xml>{lines}</xml>".encode()

    # Answering

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> dict[str, Any] | None:
        """The answer to a request; None hangs up."""
        named = [one for one in ENDPOINTS.values() if (one.method, one.path) == (method, path)]
        if not named:
            self.faults.append(f"nobody knows {method} {path}")
            return {"errcode": 40066, "errmsg": "invalid url"}
        endpoint = named[0]
        self.asked.append(endpoint.name)
        given: dict[str, Any] = {name: value for name, value in query.items() if name != "access_token"}
        given |= json.loads(body) if body else {}
        self.faults += [f"{endpoint.name}: {fault}" for fault in endpoint.asks.faults(given, strict=True)]
        try:
            told = self._answer(endpoint.name, given, query, keyed=endpoint.keyed)
        except NoError as error:
            if error.code == 0:
                return None
            return {"errcode": error.code, "errmsg": f"{error} rid: 6596-1"}
        self.faults += [f"{endpoint.name}: {fault}" for fault in endpoint.answers.faults(told, strict=False)]
        return told

    def _answer(self, name: str, given: dict[str, Any], query: Mapping[str, str], *, keyed: bool) -> dict[str, Any]:
        if self.breaks.get(name):
            raise NoError(self.breaks[name].pop(0))
        if not self.trusted:
            raise NoError(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist")
        if keyed and self._tokens.get(query.get("access_token", ""), 0.0) <= self.now():
            raise NoError(42001 if query.get("access_token") in self._tokens else 40001, "access_token expired")
        answer: Callable[[dict[str, Any]], dict[str, Any]] = getattr(self, "_" + name.replace("/", "_"))
        return answer(given)

    def _stable_token(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["appid"] != APP:
            raise NoError(40013, "invalid appid")
        if given["secret"] != SECRET:
            raise NoError(40125, "invalid appsecret")
        living = [token for token, until in self._tokens.items() if until > self.now()]
        token = living[0] if living else secrets.token_hex(16)
        self._tokens[token] = self.now() + 7200
        return {"access_token": token, "expires_in": 7200}

    def _user_get(self, given: dict[str, Any]) -> dict[str, Any]:
        names = sorted(name for name, one in self.people.items() if one["subscribe"])
        page = [name for name in names if name > given.get("next_openid", "")][:_PAGE]
        told: dict[str, Any] = {"total": len(names), "count": len(page), "next_openid": page[-1] if page else ""}
        return told | ({"data": {"openid": page}} if page else {})

    def _user_info(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["openid"] not in self.people:
            raise NoError(40003, "invalid openid")
        return self.people[given["openid"]]

    def _user_info_batchget(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"user_info_list": [self._user_info(one) for one in given["user_list"]]}

    def _message_custom_send(self, given: dict[str, Any]) -> dict[str, Any]:
        until, left = self.rooms.get(given["touser"], (0.0, 0))
        if not self.people.get(given["touser"], {}).get("subscribe"):
            raise NoError(43004, "require subscribe")
        if until <= self.now():
            raise NoError(45015, "response out of time limit or subscription is canceled")
        if not left:
            raise NoError(45047, "out of response count limit")
        self.rooms[given["touser"]] = (until, left - 1)
        self.told.append(given)
        return {"errcode": 0, "errmsg": "ok"}

    def _qrcode_create(self, given: dict[str, Any]) -> dict[str, Any]:
        scene = given["action_info"]["scene"]["scene_str"]
        ticket = self.codes.setdefault(scene, f"t{len(self.codes) + 1}")
        return {"ticket": ticket, "url": "http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI"}

    def _oauth2_access_token(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["code"] not in self.signed_in:
            raise NoError(40029, "invalid code")
        return self.signed_in.pop(given["code"])

    def _getarticletotaldetail(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["begin_date"] != given["end_date"]:
            raise NoError(61501, "date range error")
        return {"list": self.articles.get(given["begin_date"], []), "is_delay": False}


@dataclass
class Postman:
    """Carries letters to our door, encrypted or (`plain`) as they are."""

    knock: Callable[[str, bytes], int]
    envelope: Envelope = field(default_factory=lambda: Envelope(TOKEN, KEY, APP))
    plain: bool = False

    def carry(self, *letters: bytes) -> list[int]:
        """Bring these; what the door answered."""
        return [self.bring(letter) for letter in letters]

    def bring(self, letter: bytes) -> int:
        """Bring one, freshly encrypted."""
        if self.plain:
            return self.knock(self.address(), letter)
        encrypted = self.envelope.close(letter)
        body = f"<xml><ToUserName><![CDATA[{HOUSE}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return self.knock(self.address(encrypted), body.encode())

    def address(self, encrypted: str = "", *, at: str = "", **more: str) -> str:
        """What stands behind the question mark."""
        at, nonce = at or str(int(time.time())), secrets.token_hex(5)
        told = {"signature": sign(self.envelope.token, at, nonce), "timestamp": at, "nonce": nonce}
        sealed = {"msg_signature": sign(self.envelope.token, at, nonce, encrypted), "encrypt_type": "aes"}
        return urlencode(told | (sealed if encrypted else {}) | more)
