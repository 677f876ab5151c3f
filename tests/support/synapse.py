"""A real Matrix homeserver on this machine: installed once into an environment of its own, stopped by its pid."""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "1.163.2"
SERVER = "hs.test"
_STARTS = 60.0
_WAITS = 20.0


def environment() -> Path:
    """The folder of an environment with Synapse in it, made where there is none; the test is skipped where none can."""
    base = os.environ.get("QUNYING_TEST_SYNAPSE") or "~/.cache/qunying-tests"
    folder = Path(base).expanduser() / f"synapse-{VERSION}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "synapse.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "installed").exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", f"matrix-synapse=={VERSION}"]
            done = subprocess.run(pip, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"Synapse cannot be installed here, so Matrix is not tried: {done.stderr[-200:]}")
            (folder / "installed").touch()
    return folder


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Sent:
    """A request that the homeserver made of an application service."""

    method: str
    path: str
    authorization: str
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """The body."""
        found: dict[str, Any] = json.loads(self.body or b"{}")
        return found


@dataclass
class Ear:
    """Stands where the homeserver expects us: keeps what it sends, and answers as told (200 where nobody said)."""

    port: int = field(default_factory=free_port)
    heard: queue.Queue[Sent] = field(default_factory=queue.Queue)
    answer: Callable[[Sent], int] = lambda _sent: 200

    def __post_init__(self) -> None:
        ear = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _take(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                sent = Sent(self.command, self.path, self.headers.get("Authorization", ""), body)
                status = ear.answer(sent)
                ear.heard.put(sent)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            do_PUT = do_POST = do_GET = _take  # noqa: N815 - the library's names

            def log_message(self, *_given: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def clear(self) -> None:
        """Forget what was heard."""
        while not self.heard.empty():
            self.heard.get_nowait()


@dataclass
class Cutter:
    """A line to the homeserver that can be cut after the request went through and before its answer comes back."""

    target: int
    port: int = field(default_factory=free_port)
    cutting: bool = False

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _from = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(line,), daemon=True).start()

    def _carry(self, line: socket.socket) -> None:
        with line, socket.create_connection(("127.0.0.1", self.target)) as other:
            back = threading.Thread(target=self._back, args=(other, line), daemon=True)
            back.start()
            while data := _received(line):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
            back.join(_WAITS)

    def _back(self, other: socket.socket, line: socket.socket) -> None:
        while data := _received(other):
            if self.cutting:
                line.shutdown(socket.SHUT_RDWR)
                return
            line.sendall(data)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(65536)
    except OSError:
        return b""


@dataclass
class Synapse:
    """The homeserver: where it lies, where it listens, and how it is started and killed."""

    folder: Path
    python: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def configure(self, registration: str) -> None:
        """Write its settings: open to everybody, bounded by nothing, known to nobody, with one application service."""
        (self.folder / "qunying.yaml").write_text(registration, encoding="utf-8")
        plenty = {"per_second": 10_000, "burst_count": 10_000}
        limits: dict[str, Any] = dict.fromkeys(("rc_message", "rc_registration", "rc_admin_redaction"), plenty)
        limits |= {
            "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), plenty),
            "rc_joins": dict.fromkeys(("local", "remote"), plenty),
            "rc_joins_per_room": plenty,
            "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), plenty),
            "rc_room_creation": {"per_second": 0.2, "burst_count": 6},
        }
        listener = {
            "port": self.port,
            "type": "http",
            "bind_addresses": ["127.0.0.1"],
            "resources": [{"names": ["client"]}],
        }
        settings = {
            "server_name": SERVER,
            "pid_file": str(self.folder / "pid"),
            "listeners": [listener | {"resources": [{"names": ["client"]}]}],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "synapse.db")}},
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "macaroon_secret_key": "for tests alone",
            "form_secret": "for tests alone",
            "registration_shared_secret": "for tests alone",
            "enable_registration": True,
            "enable_registration_without_verification": True,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "report_stats": False,
            "log_config": None,
            "presence": {"enabled": False},
            "app_service_config_files": [str(self.folder / "qunying.yaml")],
            "bcrypt_rounds": 4,
            **limits,
        }
        (self.folder / "homeserver.yaml").write_text(json.dumps(settings), encoding="utf-8")
        command = [str(self.python), "-m", "synapse.app.homeserver", "-c", str(self.folder / "homeserver.yaml")]
        subprocess.run([*command, "--generate-keys"], check=True, cwd=self.folder, capture_output=True)

    def start(self) -> None:
        """Start it, and return when it answers."""
        log = (self.folder / "synapse.log").open("ab")
        command = [str(self.python), "-m", "synapse.app.homeserver", "-c", str(self.folder / "homeserver.yaml")]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + _STARTS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=2):  # noqa: S310
                    return
            except OSError:
                assert self.process.poll() is None, (self.folder / "synapse.log").read_text(encoding="utf-8")[-2000:]
                time.sleep(0.2)
        raise AssertionError("Synapse did not start")

    def kill(self) -> None:
        """Stop it as a power cut would."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(self, method: str, path: str, token: str = "", body: object = None) -> dict[str, Any]:
        """One request of the client-server or admin API; raises AssertionError with the answer where it is refused."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_WAITS) as answer:  # noqa: S310 - our own machine
                told: dict[str, Any] = json.loads(answer.read())
                return told
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None

    def admin(self) -> str:
        """The token of somebody who may do everything."""
        where = "/_synapse/admin/v1/register"
        told = {"nonce": self.ask("GET", where)["nonce"], "username": "admin", "password": "for a test", "admin": True}
        proof = "\0".join((told["nonce"], "admin", "for a test", "admin"))
        told["mac"] = hmac.new(b"for tests alone", proof.encode(), sha1).hexdigest()
        return str(self.ask("POST", where, body=told)["access_token"])

    def unbound(self, user: str, admin: str) -> None:
        """Let somebody do as much as they like: the bound on making rooms is there for the account alone."""
        where = f"/_synapse/admin/v1/users/{quote(user)}/override_ratelimit"
        self.ask("POST", where, admin, {"messages_per_second": 0, "burst_count": 0})

    def human(self, name: str) -> Human:
        """A person with an account of their own."""
        body = {"username": name, "password": "only for a test", "auth": {"type": "m.login.dummy"}}
        told = self.ask("POST", "/_matrix/client/v3/register", body=body)
        return Human(self, told["user_id"], told["access_token"])


@dataclass
class Human:
    """Somebody with a Matrix client in their hand."""

    server: Synapse
    user: str
    token: str
    counted: int = 0

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """A request of theirs."""
        return self.server.ask(method, f"/_matrix/client/v3/{path}", self.token, body)

    def rename(self, room: str, name: str) -> None:
        """Take another name in a room."""
        path = f"rooms/{quote(room)}/state/m.room.member/{quote(self.user)}"
        self.ask("PUT", path, {"membership": "join", "displayname": name})

    def open_room(self, name: str, *invited: str) -> str:
        """A room of theirs, with these invited."""
        wanted = {"name": name, "preset": "private_chat", "invite": list(invited)}
        return str(self.ask("POST", "createRoom", wanted)["room_id"])

    def join(self, room: str) -> None:
        """Enter."""
        self.ask("POST", f"join/{quote(room)}", {})

    def leave(self, room: str) -> None:
        """Go."""
        self.ask("POST", f"rooms/{quote(room)}/leave", {})

    def do(self, room: str, verb: str, user: str) -> None:
        """Invite, kick, ban, unban."""
        self.ask("POST", f"rooms/{quote(room)}/{verb}", {"user_id": user})

    def send(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """An event; its id."""
        self.counted += 1
        path = f"rooms/{quote(room)}/send/{kind}/{self.user[1:3]}{time.monotonic_ns()}{self.counted}"
        return str(self.ask("PUT", path, content)["event_id"])

    def say(self, room: str, text: str, **more: Any) -> str:
        """A message; its id."""
        return self.send(room, "m.room.message", {"msgtype": "m.text", "body": text, **more})

    def redact(self, room: str, event: str) -> str:
        """Take an event back; the id of the taking."""
        path = f"rooms/{quote(room)}/redact/{quote(event)}/{time.monotonic_ns()}"
        return str(self.ask("PUT", path, {})["event_id"])

    def state(self, room: str, kind: str, key: str = "") -> dict[str, Any]:
        """A state of a room."""
        return self.ask("GET", f"rooms/{quote(room)}/state/{kind}/{quote(key)}")

    def messages(self, room: str) -> list[dict[str, Any]]:
        """The latest events of a room, the newest first."""
        found: list[dict[str, Any]] = self.ask("GET", f"rooms/{quote(room)}/messages?dir=b&limit=100")["chunk"]
        return found
