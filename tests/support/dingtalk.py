"""DingTalk, played on this machine: its API held against the table, and a stream that gives frames and takes answers.

A custom robot that says more than 20 things in a minute is silent for ten, and its signature is checked.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from qunying.connectors.dingtalk.client import signed
from qunying.connectors.dingtalk.endpoints import ENDPOINTS, ROBOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from websockets.sync.server import ServerConnection

    from qunying.connectors.dingtalk.endpoints import Endpoint

KEY, SECRET, WEBHOOK, SIGN = "dingappkey", "the-secret-of-the-app", "the-token-of-the-robot", "SECtest"
GROUP = "cidYt4P4/yBXxHY4ow3GSHw=="
_PAGE = 2


class NoError(Exception):
    """An answer with an error, as its house words it."""

    def __init__(self, code: str | int, message: str = "refused") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Corp:
    """The organisation with its app. Times are seconds; `skip` moves its clock on."""

    scenes: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the robot said, by its key; `read` are those who read it."""
    noticed: list[str] = field(default_factory=list)
    """What the custom robot said."""
    silenced: dict[tuple[str, str], int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    breaks: dict[str, list[str | int]] = field(default_factory=dict)
    """Errors that the next calls of a name answer, one after another; 0 cuts the line."""
    stream: str = ""
    """Where the stream is."""
    gone: set[str] = field(default_factory=set)
    """Colleagues whom nobody knows any more."""
    _tokens: dict[str, float] = field(default_factory=dict)
    _notices: list[float] = field(default_factory=list)
    _skipped: float = 0.0
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def now(self) -> float:
        """The organisation's clock."""
        return time.time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let time go by."""
        self._skipped += seconds

    def drop_tokens(self) -> None:
        """Have every token be old."""
        self._tokens = dict.fromkeys(self._tokens, 0.0)

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> dict[str, Any] | None:
        """The answer to a request; None hangs up."""
        named = [one for one in ENDPOINTS.values() if one.path == path and method == "POST"]
        if not named:
            self.faults.append(f"nobody knows {method} {path}")
            return {"code": "InvalidAction.NotFound", "message": "no such path"}
        endpoint, given = named[0], json.loads(body)
        self.asked.append(endpoint.name)
        self.faults += [f"{endpoint.name}: {fault}" for fault in endpoint.asks.faults(given, strict=True)]
        try:
            told = self._told(endpoint, given, query)
        except NoError as error:
            if error.code == 0:
                return None
            worded = {"code": str(error.code), "message": str(error), "requestid": "1"}
            return {"errcode": error.code, "errmsg": str(error)} if endpoint.is_old else worded
        self.faults += [f"{endpoint.name}: {fault}" for fault in endpoint.answers.faults(told, strict=False)]
        return {"errcode": 0, "errmsg": "ok", **told} if endpoint.is_old else told

    def _told(self, endpoint: Endpoint, given: dict[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
        if self.breaks.get(endpoint.name):
            raise NoError(self.breaks[endpoint.name].pop(0))
        if endpoint.is_old and endpoint.keyed and self._tokens.get(query.get("access_token", ""), 0) <= self.now():
            raise NoError(40014, "不合法的access_token")
        answer: Callable[..., dict[str, Any]] = getattr(self, "_" + endpoint.name.replace("/", "_"))
        return answer(given, query) if endpoint.name == ROBOT else answer(given)

    def _token(self, given: dict[str, Any]) -> dict[str, Any]:
        if (given["appKey"], given["appSecret"]) != (KEY, SECRET):
            raise NoError("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
        token = secrets.token_hex(16)
        self._tokens[token] = self.now() + 7200
        return {"accessToken": token, "expireIn": 7200}

    def _gateway(self, given: dict[str, Any]) -> dict[str, Any]:
        if (given["clientId"], given["clientSecret"]) != (KEY, SECRET):
            raise NoError("authFailed", "鉴权失败")
        return {"endpoint": self.stream or "wss://wss-open-connection.dingtalk.com:443/connect", "ticket": "t +1"}

    def _send(self, given: dict[str, Any]) -> dict[str, Any]:
        key = f"key{next(self._numbers)}="
        self.said[key] = {"group": given["openConversationId"], **json.loads(given["msgParam"]), "read": []}
        return {"processQueryKey": key}

    def _query(self, given: dict[str, Any]) -> dict[str, Any]:
        readers, begin = self.said[given["processQueryKey"]]["read"], int(given.get("nextToken") or 0)
        page, more = readers[begin : begin + _PAGE], begin + _PAGE < len(readers)
        told = {"sendStatus": "SUCCESS", "readUserIds": page, "hasMore": more}
        return told | ({"nextToken": str(begin + _PAGE)} if more else {})

    def _recall(self, given: dict[str, Any]) -> dict[str, Any]:
        keys = given["processQueryKeys"]
        known = [key for key in keys if self.said.pop(key, None) is not None]
        return {"successResult": known, "failedResult": {key: "消息已过期" for key in keys if key not in known}}

    _untell = _recall

    def _tell(self, given: dict[str, Any]) -> dict[str, Any]:
        key, unknown = f"key{next(self._numbers)}=", [one for one in given["userIds"] if one in self.gone]
        self.said[key] = {"people": given["userIds"], **json.loads(given["msgParam"])}
        return {"processQueryKey": key, "invalidStaffIdList": unknown, "flowControlledStaffIdList": []}

    def _mute(self, given: dict[str, Any]) -> dict[str, Any]:
        for one in given["userIdList"]:
            self.silenced[given["openConversationId"], one] = given.get("muteDuration", 0) * given["muteStatus"]
        return {"success": True}

    def _found(self, name: str) -> dict[str, Any]:
        if name not in self.scenes:
            raise NoError("resource.not.found", "群不存在")
        return self.scenes[name]

    def _scene(self, given: dict[str, Any]) -> dict[str, Any]:
        found = self._found(given["open_conversation_id"])
        told = {"title": found["title"], "owner_user_id": found["owner"], "sub_admin_staff_ids": found["admins"]}
        return {"result": told, "success": True}

    def _scene_open(self, given: dict[str, Any]) -> dict[str, Any]:
        people = given["user_ids"].split(",")
        made = {"title": given["title"], "owner": given["owner_user_id"], "admins": [], "people": people}
        self.scenes.setdefault(f"cid{given['uuid'][:8]}", made)
        return {"result": {"open_conversation_id": f"cid{given['uuid'][:8]}", "chat_id": "chat1"}, "success": True}

    def _scene_members(self, given: dict[str, Any]) -> dict[str, Any]:
        people, begin = self._found(given["open_conversation_id"])["people"], int(given["cursor"])
        more = begin + _PAGE < len(people)
        told = {"member_user_ids": people[begin : begin + _PAGE], "has_more": more, "next_cursor": str(begin + _PAGE)}
        return {"result": told, "success": True}

    def _scene_add(self, given: dict[str, Any]) -> dict[str, Any]:
        self._found(given["open_conversation_id"])["people"] += given["user_ids"].split(",")
        return {"success": True}

    def _scene_delete(self, given: dict[str, Any]) -> dict[str, Any]:
        self._found(given["open_conversation_id"])["people"].remove(given["user_ids"])
        return {"success": True}

    def _robot(self, given: dict[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
        if query.get("access_token") != WEBHOOK:
            raise NoError(300001, "token is not exist")
        at = query.get("timestamp", "")
        if query.get("sign") != signed(SIGN, at) or abs(self.now() * 1000 - int(at)) > 3_600_000:
            raise NoError(310000, "sign not match")
        self._notices = [*(one for one in self._notices if one > self.now() - 60), self.now()]
        if len(self._notices) > 20:
            raise NoError(130101, "send too fast, exceed 20 times per minute")
        self.noticed.append(given["text"]["content"])
        return {}


def frame(kind: str, topic: str, told: object, *, name: str = "", **headers: str) -> str:
    """A frame as DingTalk writes it."""
    data = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    given = {"topic": topic, "messageId": name or secrets.token_hex(8), "contentType": "application/json", **headers}
    return json.dumps({"specVersion": "1.0", "type": kind, "headers": given, "data": data})


@dataclass
class Stream:
    """Gives each line that is opened the frames of the next script, and keeps what it answers."""

    scripts: list[list[str]]
    answered: list[dict[str, Any]] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._server = serve(self._take, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/connect"
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()

    def _take(self, line: ServerConnection) -> None:
        self.tickets.append(line.request.path if line.request else "")
        script = self.scripts.pop(0) if self.scripts else []
        try:
            for one in script:
                line.send(one)
                if '"topic": "disconnect"' not in one:
                    self.answered.append(json.loads(line.recv(timeout=20)))
            if not self.scripts:
                line.recv(timeout=20)
        except (ConnectionClosed, TimeoutError):
            return
