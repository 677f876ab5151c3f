"""A program that plays a QQ account by OneBot 11 on this machine: its actions over HTTP, its events signed."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any

from qunying.connectors.onebot.callbacks import sign

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN, TOKEN, SECRET = 10000, "the-token", "secret"
ACTIONS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "get_login_info": {},
    "get_status": {},
    "get_group_list": {},
    "get_group_member_list": {"group_id": int},
    "get_group_member_info": {"group_id": int, "user_id": int},
    "send_group_msg": {"group_id": int, "message": list},
    "delete_msg": {"message_id": int},
    "set_group_ban": {"group_id": int, "user_id": int, "duration": int},
    "set_group_kick": {"group_id": int, "user_id": int, "reject_add_request": bool},
    "set_group_add_request": {"flag": str, "sub_type": str, "approve": bool, "reason": str},
}
"""Every action it knows with its fields; the extension for best messages is one that it does not know."""


@dataclass
class Bot:
    """The program: who is in its groups, and what was asked of it."""

    groups: dict[int, dict[int, dict[str, Any]]] = field(default_factory=dict)
    online: bool = True
    done: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    """Statuses of HTTP that the next calls answer; 0 cuts the line."""
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def open_group(self, number: int, *people: int, role: str = "member") -> None:
        """A group with the account and these people."""
        self.groups[number] = {one: self._member(one) for one in people}
        self.groups[number][OWN] = self._member(OWN) | {"role": role}

    def _member(self, number: int) -> dict[str, Any]:
        return {
            "user_id": number,
            "nickname": f"花友{number}",
            "card": "",
            "role": "member",
            "join_time": 1_600_000_000,
        }

    def event(self, kind: str, **told: Any) -> dict[str, Any]:
        """An event as it is reported."""
        return {"time": int(time.time()), "self_id": OWN, "post_type": kind, **told}

    def message(self, group: int, user: int, message: Any, **more: Any) -> dict[str, Any]:
        """A message in a group, in pieces or as a text with codes."""
        told = {"message_type": "group", "sub_type": "normal", "message_id": next(self._numbers), "group_id": group}
        sender = {"user_id": user, "nickname": f"花友{user}", "card": "", "role": "member"}
        return self.event("message", **{**told, "user_id": user, "message": message, "sender": sender, **more})

    def answer(self, action: str, token: str, body: bytes) -> tuple[int, Any] | None:
        """Status and answer to one action; None cuts the line."""
        if self.breaks:
            status = self.breaks.pop(0)
            return (status, {}) if status else None
        if token != f"Bearer {TOKEN}":
            return 403, {}
        shape, given = ACTIONS.get(action), json.loads(body)
        if shape is None:
            return 200, {"status": "failed", "retcode": 1404, "data": None, "wording": "不支持的API"}
        self.faults += [f"{action}: {key}" for key in given if not isinstance(given[key], shape.get(key, ()))]
        data = getattr(self, f"_{action}", self._note)(action, given)
        if data is False:
            return 200, {"status": "failed", "retcode": 100, "data": None, "wording": "群不存在"}
        return 200, {"status": "ok", "retcode": 0, "data": data}

    def _note(self, action: str, given: dict[str, Any]) -> None:
        self.done.append((action, given))

    def _get_login_info(self, *_asked: object) -> dict[str, Any]:
        return {"user_id": OWN, "nickname": "花小助"}

    def _get_status(self, *_asked: object) -> dict[str, Any]:
        return {"online": self.online, "good": True}

    def _get_group_list(self, *_asked: object) -> list[dict[str, Any]]:
        return [{"group_id": number, "group_name": f"花友{number}群"} for number in self.groups]

    def _get_group_member_list(self, _action: str, given: dict[str, Any]) -> Any:
        found = self.groups.get(given["group_id"])
        return list(found.values()) if found else False

    def _get_group_member_info(self, _action: str, given: dict[str, Any]) -> Any:
        return self.groups.get(given["group_id"], {}).get(given["user_id"], False)

    def _send_group_msg(self, action: str, given: dict[str, Any]) -> Any:
        if given["group_id"] not in self.groups:
            return False
        self.done.append((action, given))
        return {"message_id": next(self._numbers)}


def signed(body: bytes, *, secret: str = SECRET, own: int = OWN) -> dict[str, str]:
    """The headers with which events are reported."""
    return {"X-Signature": sign(secret, body), "X-Self-ID": str(own)}


def as_body(event: Mapping[str, Any]) -> bytes:
    """An event as it goes over the line."""
    return json.dumps(event, ensure_ascii=False).encode()


class Server:
    """The program's HTTP server."""

    def __init__(self, bot: Bot) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                told = bot.answer(self.path.strip("/"), self.headers.get("Authorization", ""), body)
                if told is None:
                    self.close_connection = True
                    return
                content = json.dumps(told[1], ensure_ascii=False).encode()
                self.send_response(told[0])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

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
