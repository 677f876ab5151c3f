"""A corp on WeCom, played on this machine: every request is held against the table, every limit is kept.

It answers what the recorded payloads answer (`test_table` holds both together), lets welcome codes live 20 seconds,
and sends encrypted events, of which it loses some and repeats some.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from qunying.connectors.wecom.endpoints import ENDPOINTS, IN_ADDRESS, WELCOME_SECONDS, paces_of
from qunying.connectors.wecom.refusals import (
    BUSY,
    IP_UNKNOWN,
    NO_PRIVILEGE,
    NO_RELATION,
    NOT_CALLABLE,
    RATE,
    TOO_LATE,
)
from qunying.kit.envelopes import Envelope, sign
from tests.support.wecom_codes import Codes, NoError, picture_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from qunying.connectors.wecom.endpoints import Endpoint

CORP, SECRET, TOKEN = "ww5823bf96d3bd56c7", "the-secret-of-the-app", "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
ANSWERS_AT_ONCE = 100
_OTHER_CORP, _OLD_TOKEN, _BAD_TOKEN, _BAD_CORP = 40096, 42001, 40014, 40013


@dataclass
class Chat:
    """A customer group: its members by id, and the version of that list."""

    name: str
    owner: str
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: str = ""
    shown: tuple[str, list[dict[str, Any]]] | None = None
    """What `groupchat/get` goes on showing while it lags behind."""


@dataclass
class Corp(Codes):
    """The corp, and how it answers. Times are seconds; `skip` moves its clock on."""

    chats: dict[str, Chat] = field(default_factory=dict)
    follows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """Contacts of each colleague: userid → external id → follow info."""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, tuple[str, str]] = field(default_factory=dict)
    codes: dict[str, float] = field(default_factory=dict)
    """Welcome codes and when they were given."""
    welcomed: list[dict[str, Any]] = field(default_factory=list)
    offered: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What was wrong with requests or with what is answered here; a test fails for any."""
    trusted: bool = True
    usable: bool = True
    breaks: dict[str, list[int]] = field(default_factory=dict)
    """Error numbers that the next calls of a name answer, one after another; 0 cuts the line."""
    paces: bool = True
    _tokens: dict[str, float] = field(default_factory=dict)
    _counted: dict[tuple[Any, ...], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _skipped: float = 0.0
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        """The corp's clock."""
        return time.time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let time go by."""
        self._skipped += seconds

    def drop_tokens(self) -> None:
        """Have every token be old."""
        self._tokens = dict.fromkeys(self._tokens, 0.0)

    # What happens in the corp, each with the event that tells it

    def open_chat(self, name: str, owner: str, *, members: Iterable[str] = ()) -> str:
        """A new group with its owner and these customers; its id."""
        chat_id = f"wr{next(self._numbers):030d}"
        chat = self.chats[chat_id] = Chat(name, owner)
        chat.members[owner] = self._member(owner, 1)
        for one in members:
            chat.members[one] = self._member(one, 2)
        self._turn(chat)
        return chat_id

    def join(self, chat_id: str, *people: str, state: str = "", by: str = "", lag: bool = False) -> bytes:
        """Customers come in; the event."""
        chat = self.chats[chat_id]
        chat.shown = (chat.version, list(chat.members.values())) if lag else None
        for one in people:
            chat.members[one] = self._member(one, 2, state=state, by=by or chat.owner)
        return self._changed(chat_id, chat, "add_member", people, {"JoinScene": 3 if state else 0})

    def leave(self, chat_id: str, *people: str, removed: bool = False) -> bytes:
        """Customers go; the event."""
        chat = self.chats[chat_id]
        for one in people:
            chat.members.pop(one)
        return self._changed(chat_id, chat, "del_member", people, {"QuitScene": int(removed)})

    def befriend(self, userid: str, person: str, *, state: str = "", name: str = "", tags: Iterable[str] = ()) -> bytes:
        """Somebody adds a colleague; the event, with a welcome code."""
        self.people.setdefault(person, {"external_userid": person, "name": name or person, "type": 1, "gender": 0})
        follow = {"userid": userid, "remark": "", "createtime": int(self.now()), "add_way": 1, "tag_id": list(tags)}
        self.follows.setdefault(userid, {})[person] = follow | ({"state": state} if state else {})
        code = secrets.token_hex(8)
        self.codes[code] = self.now()
        fields = {"UserID": userid, "ExternalUserID": person, "State": state, "WelcomeCode": code}
        return self.letter("change_external_contact", "add_external_contact", fields)

    def part_with(self, userid: str, person: str, *, customer: bool = True) -> bytes:
        """A customer deletes a colleague, or the other way round; the event."""
        self.follows[userid].pop(person)
        kind = "del_follow_user" if customer else "del_external_contact"
        return self.letter("change_external_contact", kind, {"UserID": userid, "ExternalUserID": person})

    def letter(self, event: str, change: str, fields: Mapping[str, Any], items: Iterable[str] = ()) -> bytes:
        """The XML of an event."""
        told = {
            "ToUserName": CORP,
            "FromUserName": "sys",
            "CreateTime": int(self.now()),
            "MsgType": "event",
            "Event": event,
            "ChangeType": change,
            **fields,
        }
        rows = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in told.items() if value != "")
        listed = "".join(f"<Item><![CDATA[{item}]]></Item>" for item in items)
        return f"<xml>{rows}{f'<MemChangeList>{listed}</MemChangeList>' if listed else ''}</xml>".encode()

    def _member(self, one: str, kind: int, *, state: str = "", by: str = "") -> dict[str, Any]:
        told = {"userid": one, "type": kind, "join_time": int(self.now()), "join_scene": 3 if state else 1}
        told |= {"name": self.people.get(one, {}).get("name", one), "group_nickname": ""}
        return told | ({"state": state} if state else {}) | ({"invitor": {"userid": by}} if by else {})

    def _turn(self, chat: Chat) -> tuple[str, str]:
        last, chat.version = chat.version, hashlib.md5(f"{next(self._numbers)}".encode()).hexdigest()  # noqa: S324
        return last, chat.version

    def _changed(
        self, chat_id: str, chat: Chat, detail: str, people: Iterable[str], fields: Mapping[str, Any]
    ) -> bytes:
        last, current = self._turn(chat)
        told = {"ChatId": chat_id, "UpdateDetail": detail, "MemChangeCnt": len(list(people)), **fields}
        told |= {"LastMemVer": last, "CurMemVer": current}
        return self.letter("change_external_chat", "update", told, people)

    # What it answers

    def answer(self, method: str, path: str, asked: dict[str, str], body: bytes) -> dict[str, Any] | None:
        """The answer to one request; None cuts the line."""
        endpoint = next((one for one in ENDPOINTS.values() if one.path == path), None)
        if endpoint is None or endpoint.method != method:
            self.faults.append(f"{method} {path} is not in the table")
            return {"errcode": 404, "errmsg": "no such call"}
        token = asked.pop("access_token", "")
        given = self._given(endpoint, asked, body)
        with self._lock:
            self.asked.append(endpoint.name)
            self.faults += [f"{endpoint.name}: {one}" for one in endpoint.asks.faults(given, strict=True)]
            try:
                self._guard(endpoint, token, given)
                play = getattr(self, f"_{endpoint.name.replace('/', '_')}")
                told = {"errcode": 0, "errmsg": "ok"} | (play(given) or {})
            except NoError as no:
                return None if no.code == 0 else {"errcode": no.code, "errmsg": str(no)}
        self.faults += [f"{endpoint.name} answers: {one}" for one in endpoint.answers.faults(told, strict=False)]
        return told

    def _given(self, endpoint: Endpoint, asked: dict[str, str], body: bytes) -> dict[str, Any]:
        """What was asked, with the numbers of an address as numbers."""
        if endpoint.method == "GET":
            fields = endpoint.asks.fields
            return {name: int(text) if fields[name].kind == "i" else text for name, text in asked.items()}
        if set(asked) - IN_ADDRESS.get(endpoint.name, frozenset()):
            self.faults.append(f"{endpoint.name}: {sorted(asked)} belong into the body")
        return {**json.loads(body or b"{}"), **asked}

    def _guard(self, endpoint: Endpoint, token: str, given: Mapping[str, Any]) -> None:
        breaks = self.breaks.get(endpoint.name)
        if breaks:
            raise NoError(breaks.pop(0))
        if endpoint.keyed:
            if token not in self._tokens:
                raise NoError(_BAD_TOKEN, "invalid access_token")
            if self._tokens[token] < self.now():
                raise NoError(_OLD_TOKEN, "access_token expired")
            if not self.trusted:
                raise NoError(
                    IP_UNKNOWN, "not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info"
                )
            if not self.usable:
                raise NoError(NOT_CALLABLE, "api forbidden")
        for pace in paces_of(endpoint):
            self._count(endpoint.name, given.get(pace.each) if pace.each else "", pace.amount, pace.seconds)

    def _count(self, name: str, each: Any, amount: int, seconds: int) -> None:
        calls = self._counted[name, each, seconds]
        while calls and calls[0] <= self.now() - seconds:
            calls.popleft()
        calls.append(self.now())
        if self.paces and len(calls) > amount:
            raise NoError(RATE, "api freq out of limit")

    def _gettoken(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if given["corpid"] != CORP:
            raise NoError(_BAD_CORP, "invalid corpid")
        if given["corpsecret"] != SECRET:
            raise NoError(40001, "invalid credential")
        token = secrets.token_hex(16)
        self._tokens[token] = self.now() + 7200
        return {"access_token": token, "expires_in": 7200}

    def _externalcontact_get_follow_user_list(self, _given: Mapping[str, Any]) -> dict[str, Any]:
        return {"follow_user": sorted(self.follows)}

    def _externalcontact_get(self, given: Mapping[str, Any]) -> dict[str, Any]:
        person = given["external_userid"]
        follows = [dict(held[person]) for _userid, held in sorted(self.follows.items()) if person in held]
        if person not in self.people:
            raise NoError(_OTHER_CORP, "invalid external_userid")
        if not follows:
            raise NoError(NO_RELATION, "not external contact")
        for one in follows:
            ids = one.pop("tag_id")
            named = [(pk, *self.tags[pk]) for pk in ids]
            one["tags"] = [{"group_name": g, "tag_name": n, "tag_id": pk, "type": 1} for pk, g, n in named]
        return {"external_contact": self.people[person], "follow_user": follows}

    def _externalcontact_batch_get_by_user(self, given: Mapping[str, Any]) -> dict[str, Any]:
        wanted = [(one, person) for one in given["userid_list"] for person in sorted(self.follows.get(one, {}))]
        begin, limit = int(given.get("cursor") or 0), given.get("limit", 50)
        page = [
            {"external_contact": self.people[person], "follow_info": self.follows[one][person]}
            for one, person in wanted[begin : begin + limit]
        ]
        more = begin + limit < len(wanted)
        return {"external_contact_list": page, "next_cursor": str(begin + limit) if more else ""}

    def _externalcontact_get_corp_tag_list(self, _given: Mapping[str, Any]) -> dict[str, Any]:
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for pk, (group, name) in self.tags.items():
            groups[group].append({"id": pk, "name": name, "order": 0})
        return {"tag_group": [{"group_id": g, "group_name": g, "tag": tags} for g, tags in groups.items()]}

    def _externalcontact_groupchat_list(self, given: Mapping[str, Any]) -> dict[str, Any]:
        ids, begin = sorted(self.chats), int(given.get("cursor") or 0)
        end = begin + min(given["limit"], ANSWERS_AT_ONCE)
        page = [{"chat_id": one, "status": 0} for one in ids[begin:end]]
        return {"group_chat_list": page, "next_cursor": str(end) if end < len(ids) else ""}

    def _externalcontact_groupchat_get(self, given: Mapping[str, Any]) -> dict[str, Any]:
        chat = self.chats.get(given["chat_id"])
        if chat is None:
            raise NoError(NO_PRIVILEGE, "no privilege to access/modify contact/party/agent")
        version, members = chat.shown or (chat.version, list(chat.members.values()))
        told = {"chat_id": given["chat_id"], "name": chat.name, "owner": chat.owner, "create_time": 1572505490}
        told |= {"member_list": members, "admin_list": [], "member_version": version}
        return {"group_chat": told}

    def _externalcontact_send_welcome_msg(self, given: Mapping[str, Any]) -> None:
        at = self.codes.pop(given["welcome_code"], None)
        if at is None or self.now() - at > WELCOME_SECONDS:
            raise NoError(TOO_LATE, "welcome code expired")
        self.welcomed.append(dict(given))

    def _externalcontact_add_msg_template(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self.offered.append(dict(given))
        return {"fail_list": [], "msgid": f"msg{next(self._numbers)}"}


class Server:
    """The corp behind a port of this machine."""

    def __init__(self, corp: Corp) -> None:
        self.corp = corp

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _take(self) -> None:
                parts = urlsplit(self.path)
                drawn = picture_at(parts.path)
                if drawn:
                    self._send(drawn)
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                told = corp.answer(self.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), body)
                if told is None:
                    self.close_connection = True
                    return
                self._send(json.dumps(told, ensure_ascii=False).encode())

            def _send(self, content: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _take  # noqa: N815 - the library's names

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = corp.house = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Postman:
    """Carries events to our door, encrypted; `lose` and `repeat` are shares of them, drawn by a seed."""

    knock: Callable[[str, bytes], int]
    """Hands a body to the door with what stands behind the question mark; the status it answers."""
    envelope: Envelope = field(default_factory=lambda: Envelope(TOKEN, KEY, CORP))
    lose: float = 0.0
    repeat: float = 0.0
    random: Random = field(default_factory=lambda: Random(7))
    lost: int = 0

    def carry(self, *letters: bytes) -> list[int]:
        """Bring these; what the door answered."""
        answered = []
        for letter in letters:
            if self.random.random() < self.lose:
                self.lost += 1
                continue
            answered.append(self.bring(letter))
            if self.random.random() < self.repeat:
                answered.append(self.bring(letter))
        return answered

    def bring(self, letter: bytes) -> int:
        """Bring one, freshly encrypted."""
        encrypted = self.envelope.close(letter)
        body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return self.knock(self.address(encrypted), body.encode())

    def address(self, encrypted: str, **more: str) -> str:
        """What stands behind the question mark."""
        at, nonce = str(int(time.time())), secrets.token_hex(5)
        signature = sign(self.envelope.token, at, nonce, encrypted)
        return urlencode({"msg_signature": signature, "timestamp": at, "nonce": nonce, **more})


__all__ = ["BUSY", "CORP", "KEY", "SECRET", "TOKEN", "Corp", "Postman", "Server"]
