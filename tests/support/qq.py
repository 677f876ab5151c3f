"""QQ's API, played on this machine: every request is held against a table, every limit of answering is kept.

It signs events as QQ signs them. Shapes: platforms' own documents and what released libraries send.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from qunying.connectors.qq.refusals import ACTIVE_OFF, BAD_SECRET, LIMIT, SAME_AGAIN
from qunying.connectors.qq.signing import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

APP, SECRET = "102000001", "DG5g3B4j9X2KOErG"
_IN_GROUP, _IN_PRIVATE, _MOST = 300, 3600, 5
_BAD_TOKEN, _NO_ADMIN, _GONE = 11244, 11253, 11255
_SAYS = {
    "msg_type": int,
    "content": str,
    "markdown": dict,
    "keyboard": dict,
    "media": dict,
    "msg_id": str,
    "event_id": str,
    "msg_seq": int,
}
TABLE: tuple[tuple[str, str, str, Mapping[str, type]], ...] = (
    ("token", "POST", r"/app/getAppAccessToken", {"appId": str, "clientSecret": str}),
    ("say", "POST", r"/v2/(groups|users)/([^/]+)/messages", _SAYS),
    ("file", "POST", r"/v2/(groups|users)/([^/]+)/files", {"file_type": int, "file_data": str, "srv_send_msg": bool}),
    ("withdraw", "DELETE", r"/v2/(groups)/([^/]+)/messages/([^/]+)", {}),
    ("info", "GET", r"/v2/(groups)/([^/]+)/info", {}),
    ("state", "GET", r"/v2/(groups)/([^/]+)/bot_state", {}),
    ("members", "GET", r"/v2/(groups)/([^/]+)/members", {}),
    ("restrict", "POST", r"/v2/(groups)/([^/]+)/restrict_chat_setting", {"members": list}),
    (
        "remove",
        "POST",
        r"/v2/(groups)/([^/]+)/batch_remove_members",
        {"member_openids": list, "add_to_member_blacklist": bool},
    ),
    ("blacklist", "POST", r"/v2/(groups)/([^/]+)/member_blacklist", {"op": str, "member_openids": list}),
    ("requests", "GET", r"/v2/(groups)/([^/]+)/join_request_list", {}),
    (
        "answer",
        "POST",
        r"/v2/(groups)/([^/]+)/approval_join_request/([^/]+)",
        {"op": str, "join_request_id": str, "reject_reason": str, "add_to_member_blacklist": bool},
    ),
    ("press", "PUT", r"/interactions/([^/]+)", {"code": int}),
)
_ADMINS = {"withdraw", "restrict", "remove", "blacklist", "requests", "answer"}
_PAGE = 2


class _NoError(Exception):
    """An answer with an error number; 0 cuts the line."""

    def __init__(self, code: int, status: int = 400) -> None:
        super().__init__(str(code))
        self.code, self.status = code, status


@dataclass
class Chat:
    """A group: who is in it, what it lets the robot, who asks to be let in."""

    name: str
    active: bool = True
    role: str = "member"
    hears: str = "all"
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Platform:
    """The platform, and how it answers. `skip` moves its clock on."""

    chats: dict[str, Chat] = field(default_factory=dict)
    friends: set[str] = field(default_factory=set)
    said: list[dict[str, Any]] = field(default_factory=list)
    done: list[tuple[str, ...]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What was wrong with requests; a test fails for any."""
    breaks: dict[str, list[int]] = field(default_factory=dict)
    """Error numbers that the next calls of a name answer, one after another; 0 cuts the line."""
    _tokens: set[str] = field(default_factory=set)
    _heard: dict[str, tuple[str, float]] = field(default_factory=dict)
    _answers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open_chat(self, name: str, *members: str, **lets: Any) -> str:
        """A new group; its openid."""
        openid = f"{next(self._numbers):032X}"
        chat = self.chats[openid] = Chat(name, **lets)
        for one in members:
            chat.members[one] = {"member_openid": one, "username": one, "member_role": "member", "bot": False}
        return openid

    def drop_tokens(self) -> None:
        """Have every token be old."""
        self._tokens.clear()

    def event(self, kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """An event as QQ wraps it; what may be answered is remembered."""
        name = f"{kind}:{secrets.token_hex(8)}"
        place = told.get("group_openid") or told.get("openid") or told.get("author", {}).get("user_openid", "")
        self._heard[name] = place, time.time()
        if "content" in told:
            self._heard[told["id"]] = place, time.time()
        return {"op": 0, "s": next(self._numbers), "t": kind, "id": name, "d": dict(told)}

    def message(self, group: str, member: str, text: str, *, at: bool = True, **more: Any) -> dict[str, Any]:
        """A message of a member of a group."""
        author = {"id": member, "member_openid": member, "username": f"{member}的名字", "bot": False}
        told = {"id": f"ROBOT1.0_{secrets.token_hex(12)}", "content": text, "timestamp": now(), "author": author}
        kind = "GROUP_AT_MESSAGE_CREATE" if at else "GROUP_MESSAGE_CREATE"
        return self.event(kind, {**told, "group_openid": group, **more})

    def press(self, group: str, member: str, data: str) -> dict[str, Any]:
        """Somebody presses a button."""
        told = {"id": secrets.token_hex(8), "type": 11, "scene": "group", "chat_type": 1, "timestamp": now()}
        told |= {"group_openid": group, "group_member_openid": member}
        return self.event("INTERACTION_CREATE", {**told, "data": {"resolved": {"button_data": data}}})

    def answer(self, method: str, where: str, query: Mapping[str, str], token: str, body: bytes) -> Any:
        """Status and answer to one request; None cuts the line."""
        for name, expected, pattern, shape in TABLE:
            found = re.fullmatch(pattern, where)
            if found and expected == method:
                given = json.loads(body) if body else {}
                with self._lock:
                    self.asked.append(name)
                    self._hold(name, given, shape)
                    return self._answered(name, token, [unquote(one) for one in found.groups()], {**query, **given})
        self.faults.append(f"{method} {where} is not in the table")
        return 404, {"code": 404, "message": "no such call"}

    def _hold(self, name: str, given: Mapping[str, Any], shape: Mapping[str, type]) -> None:
        for key, value in given.items():
            if key not in shape or not isinstance(value, shape[key]):
                self.faults.append(f"{name}: {key} does not fit")

    def _answered(self, name: str, token: str, names: list[str], given: dict[str, Any]) -> Any:
        try:
            self._guard(name, token, names)
            return 200, getattr(self, f"_{name}")(names, given) or {}
        except _NoError as no:
            return None if no.code == 0 else (no.status, {"code": no.code, "message": f"refused {no.code}"})

    def _guard(self, name: str, token: str, names: list[str]) -> None:
        if self.breaks.get(name):
            raise _NoError(self.breaks[name].pop(0))
        if name != "token" and token.removeprefix("QQBot ") not in self._tokens:
            raise _NoError(_BAD_TOKEN, 401)
        if names[:1] == ["groups"] and names[1] not in self.chats:
            raise _NoError(_GONE)
        if name in _ADMINS and self.chats[names[1]].role == "member":
            raise _NoError(_NO_ADMIN)

    def _token(self, _names: list[str], given: dict[str, Any]) -> dict[str, Any]:
        if given != {"appId": APP, "clientSecret": SECRET}:
            raise _NoError(BAD_SECRET, 200)
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return {"access_token": token, "expires_in": "7200"}

    def _say(self, names: list[str], given: dict[str, Any]) -> dict[str, Any]:
        answered = given.get("msg_id") or given.get("event_id")
        if answered:
            self._check_answer(names, answered, given)
        elif not (self.chats[names[1]].active if names[0] == "groups" else names[1] in self.friends):
            raise _NoError(ACTIVE_OFF)
        if {0: "content", 2: "markdown", 7: "media"}.get(given["msg_type"]) not in given:
            self.faults.append("say: the content does not fit its type")
        self.said.append({"to": names[1], **given})
        return {"id": f"ROBOT1.0_{next(self._numbers)}", "timestamp": now()}

    def _check_answer(self, names: list[str], answered: str, given: Mapping[str, Any]) -> None:
        place, at = self._heard.get(answered, ("", 0.0))
        if place != names[1] or time.time() - at > (_IN_GROUP if names[0] == "groups" else _IN_PRIVATE):
            raise _NoError(ACTIVE_OFF)
        used = self._answers[answered]
        if given.get("msg_seq", 1) in used:
            raise _NoError(SAME_AGAIN)
        if len(used) >= _MOST:
            raise _NoError(LIMIT)
        used.add(given.get("msg_seq", 1))

    def _file(self, _names: list[str], _given: dict[str, Any]) -> dict[str, Any]:
        return {"file_uuid": "u", "file_info": f"info{next(self._numbers)}", "ttl": 300}

    def _info(self, names: list[str], _given: dict[str, Any]) -> dict[str, Any]:
        chat = self.chats[names[1]]
        return {"group_openid": names[1], "group_name": chat.name, "group_member_num": len(chat.members)}

    def _state(self, names: list[str], _given: dict[str, Any]) -> dict[str, Any]:
        chat = self.chats[names[1]]
        told = {"allow_proactive_msg": chat.active, "recv_msg_setting": chat.hears, "member_role": chat.role}
        return {"member_openid": "ROBOT", "joined_at": now(), **told}

    def _members(self, names: list[str], given: dict[str, Any]) -> dict[str, Any]:
        listed = list(self.chats[names[1]].members.values())
        return self._page(listed, given, "members")

    def _requests(self, names: list[str], given: dict[str, Any]) -> dict[str, Any]:
        return self._page(self.chats[names[1]].waiting, given, "list")

    def _page(self, listed: list[Any], given: Mapping[str, Any], name: str) -> dict[str, Any]:
        begin = int(given.get("cursor") or 0)
        more = begin + _PAGE < len(listed)
        return {name: listed[begin : begin + _PAGE], "next_cursor": str(begin + _PAGE) if more else ""}

    def _withdraw(self, names: list[str], _given: dict[str, Any]) -> None:
        self.done.append(("withdraw", names[2]))

    def _restrict(self, _names: list[str], given: dict[str, Any]) -> None:
        for one in given["members"]:
            until = datetime.fromisoformat(one["mute_expire_at"]) if one["op"] == "add" else None
            assert until is None or until.tzinfo is not None
            self.done.append((one["op"], one["member_openid"]))

    def _remove(self, names: list[str], given: dict[str, Any]) -> None:
        for one in given["member_openids"]:
            self.chats[names[1]].members.pop(one, None)
            self.done.append(("ban" if given["add_to_member_blacklist"] else "remove", one))

    def _blacklist(self, _names: list[str], given: dict[str, Any]) -> None:
        self.done += [("blacklist", given["op"], one) for one in given["member_openids"]]

    def _answer(self, names: list[str], given: dict[str, Any]) -> None:
        chat = self.chats[names[1]]
        if not any(one["join_request_id"] == given["join_request_id"] for one in chat.waiting):
            raise _NoError(_GONE)
        chat.waiting = [one for one in chat.waiting if one["join_request_id"] != given["join_request_id"]]
        self.done.append((given["op"], names[2], given.get("reject_reason", "")))

    def _press(self, names: list[str], _given: dict[str, Any]) -> None:
        self.done.append(("press", names[0]))


def now() -> str:
    """The time as QQ writes it."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def signed(body: bytes, *, secret: str = SECRET, stamp: str = "1725442341") -> dict[str, str]:
    """The headers with which QQ sends a body, as Django's test client takes them."""
    signature = key_of(secret).sign(stamp.encode() + body).hex()
    return {"X-Signature-Ed25519": signature, "X-Signature-Timestamp": stamp}


class Server:
    """The platform behind a port of this machine."""

    def __init__(self, platform: Platform) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _take(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                token = self.headers.get("Authorization", "")
                told = platform.answer(self.command, parts.path, dict(parse_qsl(parts.query)), token, body)
                if told is None:
                    self.close_connection = True
                    return
                content = json.dumps(told[1], ensure_ascii=False).encode()
                self.send_response(told[0])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815 - the library's names

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.05), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
