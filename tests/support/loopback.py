"""A chat platform on this machine, and a connector that speaks to it over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qunying.ground.platforms.port import (
    Action,
    BusyError,
    Capability,
    Check,
    Done,
    Limit,
    RefusedError,
    UnknownError,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.outcomes import Laid, Outcome
    from qunying.ground.platforms.port import Order, Person, Setting

PLATFORM = "loopback"


class LoopbackConnector:
    """Speaks to the address in the settings of the account."""

    platform = PLATFORM
    settings: tuple[Setting, ...] = ()

    def __init__(self, *, limits: tuple[Limit, ...] = (), timeout: float = 5) -> None:
        self.limits = limits
        self._timeout = timeout

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """Everything goes by itself but polls, which do not go, and pins, which a person confirms."""
        if action is Action.POLL:
            return Capability(Way.IMPOSSIBLE, "There are no polls here.")
        if action is Action.PIN:
            return Capability(Way.CONFIRM, "Somebody presses the button.")
        if account and group in account.settings.get("by_hand", []):
            return Capability(Way.HAND, "The robot is not in this group.")
        if account and account.settings.get("confirms"):
            return Capability(Way.CONFIRM, "The owner of the group presses the button.")
        return Capability(Way.OFFICIAL)

    def check(self, account: Account) -> list[Check]:
        """Whether there is an address."""
        return [Check("address", bool(account.settings.get("address")))]

    def perform(self, account: Account, order: Order) -> Done:
        """Post it; 429 and 503 are busy, other refusals are final, silence is unknown."""
        parts = urlsplit(account.settings["address"])
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=self._timeout)
        body = json.dumps({"key": order.key, "to": order.group or order.person, "words": order.words})
        try:
            connection.connect()
        except OSError as error:
            raise BusyError("Nobody answers there.") from error
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            told = json.loads(answer.read() or b"{}")
        except (OSError, ValueError) as error:
            raise UnknownError("The line broke.") from error
        finally:
            connection.close()
        if answer.status == 429:
            raise BusyError("Too much.", again_at=datetime.now(UTC) + timedelta(seconds=told["wait"]))
        if answer.status >= 400:
            raise RefusedError("It said no.")
        return Done(external_id=told["id"])

    def list_groups(self, _account: Account) -> Iterable[tuple[str, str]]:
        """None."""
        return []

    def list_people(self, _account: Account, _group: str) -> Iterable[Person]:
        """Nobody."""
        return []


@dataclass
class LoopbackTeller:
    """Tells the `ends` it was given, by key; takes back whatever has none. Raises `trouble` where there is some."""

    ends: dict[str, Outcome] = field(default_factory=dict)
    trouble: Exception | None = None
    asked: list[list[Laid]] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)

    def outcomes(self, _account: Account, laid: Sequence[Laid]) -> Iterable[Outcome]:
        """What it was given."""
        if self.trouble is not None:
            raise self.trouble
        self.asked.append(list(laid))
        return [self.ends[one.key] for one in laid if one.key in self.ends]

    def take_back(self, _account: Account, laid: Laid) -> None:
        """Forget it, unless it came to an end."""
        if laid.key in self.ends:
            raise RefusedError("Somebody pressed the button already.")
        self.taken_back.append(laid.external_id)


@dataclass
class Platform:
    """What came to the platform; `answers` are statuses given in turn before 200, `slow` seconds it thinks.

    `broken` has it keep what came and hang up without a word.
    """

    address: str = ""
    answers: list[int] = field(default_factory=list)
    wait: float = 30
    slow: float = 0
    broken: bool = False
    came: list[dict[str, str]] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)

    def seen(self) -> Counter[str]:
        """How often each key came."""
        return Counter(one["key"] for one in self.came)


def start_platform() -> tuple[Platform, ThreadingHTTPServer]:
    """A platform that listens; stop it by `shutdown` and `server_close`."""
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["content-length"])))
            platform.came.append(message)
            time.sleep(platform.slow)
            if platform.broken:
                platform.kept.append(message)
                self.close_connection = True
                return
            status = platform.answers.pop(0) if platform.answers else 200
            if status == 200:
                platform.kept.append(message)
            body = json.dumps({"id": f"m{len(platform.kept)}", "wait": platform.wait}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platform.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return platform, server
