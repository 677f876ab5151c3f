"""From a join to the welcome, through everything that `qunying serve` starts. `python -m bench.welcome`.

Bar: a welcome leaves within 3 s of the join. People join one after another, each told by a callback as a Matrix
homeserver tells it; the welcome has left when that homeserver, a small one in this process, is asked to send it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.stage import HOME_VARIABLE, community, installation, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.groups.models import Community

ROOM, OWN, TOKEN = "!bench:hs.test", "@qunying:hs.test", "only for a benchmark"
BAR = 3.0
_PATIENCE = 60.0
_OK = 200


class _Homeserver:
    """Takes messages, and notes when the words of each came."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}
        self.news = threading.Condition()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        came, news = self.came, self.news

        class Handler(BaseHTTPRequestHandler):
            def _answer(self, told: object) -> None:
                body = json.dumps(told).encode()
                self.send_response(_OK)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                power = {"type": "m.room.power_levels", "content": {"users": {OWN: 100}}}
                self._answer([power] if self.path.endswith("/state") else {})

            def do_PUT(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                with news:
                    came.setdefault(str(said.get("body", "")), time.perf_counter())
                    news.notify_all()
                self._answer({"event_id": f"$welcome{len(came)}"})

            def log_message(self, *_told: object) -> None:
                """Say nothing."""

        return Handler

    def wait_for(self, words: str) -> float | None:
        """When these words came; None where they never did."""
        with self.news:
            self.news.wait_for(lambda: words in self.came, timeout=_PATIENCE)
            return self.came.get(words)


def _account(place: Community, homeserver: str) -> int:
    """An account at this homeserver with a group of the community tied to it; its id."""
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.services_accounts import adopt_group  # noqa: PLC0415 - as above
    from qunying.ground.platforms.services import connect_account  # noqa: PLC0415 - as above

    by = System("bench")
    given = {"homeserver": homeserver, "user": OWN, "hs_token": TOKEN, "as_token": TOKEN}
    account = connect_account("matrix", name="bench", given=given, unit=place.unit, by=by)
    adopt_group(account, community=place, name="bench", external_id=ROOM, by=by)
    return account.pk


def _released(place: Community) -> None:
    """A journey that welcomes whoever joins."""
    from qunying.do.journeys.services import hand_in_version, make_journey, release_version  # noqa: PLC0415 - as above
    from qunying.ground.access.services import create_staff, grant_role  # noqa: PLC0415 - as above
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - as above

    by = System("bench")
    reviewer = create_staff("bench", name="bench", password="only for a benchmark", by=by)  # noqa: S106 - opens nothing
    grant_role(reviewer, role="director", unit=place.unit, by=by)
    plain: dict[str, Any] = {
        "trigger": {"on": "joined"},
        "steps": [{"id": "hello", "do": "welcome", "words": "欢迎{name}"}],
    }
    draft = make_journey(place, name="bench", definition=plain, by=by).versions.get()
    hand_in_version(draft, by=by)
    release_version(draft, by=reviewer, seen=draft.content_hash)


def _join(port: int, account: int, name: str) -> None:
    """Tell that somebody of this name has joined."""
    event = {
        "type": "m.room.member",
        "event_id": f"$join-{name}",
        "room_id": ROOM,
        "sender": f"@{name}:hs.test",
        "state_key": f"@{name}:hs.test",
        "origin_server_ts": int(time.time() * 1000),
        "content": {"membership": "join", "displayname": name},
    }
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    where = f"/callbacks/matrix/{account}/_matrix/app/v1/transactions/{name}"
    line.request("PUT", where, json.dumps({"events": [event]}), headers)
    answer = line.getresponse()
    answer.read()
    if answer.status != _OK:
        raise RuntimeError(answer.status)


@contextmanager
def _serving(home: Path, port: int) -> Iterator[None]:
    """Everything of this home runs meanwhile."""
    command = [str(Path(sys.executable).parent / "qunying"), "serve", "--port", str(port)]
    told = os.environ | {HOME_VARIABLE: str(home)}
    server = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_up(port)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _until_up(port: int) -> None:
    until = time.monotonic() + _PATIENCE * 2
    while time.monotonic() < until:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/")
            line.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("it did not start")


def main() -> None:
    """Run it and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--joins", type=int, default=30)
    asked.add_argument("--database", default="", help="postgresql://… of an empty database; without it, SQLite")
    asked.add_argument("--port", type=int, default=8769)
    options = asked.parse_args()
    os.environ["QUNYING_INSIDE_HOSTS"] = "127.0.0.1"
    homeserver = _Homeserver()
    with installation(options.database) as home:
        place = community("bench")
        account = _account(place, homeserver.address)
        _released(place)
        waits = []
        with _serving(home, options.port):
            for number in range(options.joins + 1):
                name = f"p{number}"
                began = time.perf_counter()
                _join(options.port, account, name)
                came = homeserver.wait_for(f"欢迎{name}")
                if came is None:
                    raise SystemExit(f"the welcome of {name} never left")
                waits.append(came - began)
                time.sleep(0.37)  # not in step with the processes, which look twice a second
    waits = sorted(waits[1:])  # the first one warms everything up
    told = (f"{statistics.median(waits):.2f} s", f"{waits[-1]:.2f} s", f"{BAR:.0f} s", len(homeserver.came) - 1)
    show("Welcome", ("joins", "median", "longest", "bar", "welcomes"), [(options.joins, *told)])


if __name__ == "__main__":
    main()
