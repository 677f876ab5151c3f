"""How fast the API takes facts over HTTP: in batches, and one by one from four programs. `python -m bench.api`.

Bars: 3,000 facts/s in durable batches; 300/s one by one with four writers, none waiting more than 5 s. The web
server is the one that `qunying web` starts, on this machine.
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.stage import community, installation, serve, show

WRITERS = 4
_START = datetime(2026, 1, 1, tzinfo=UTC)
_OK = 200


def items(count: int, tag: str) -> list[dict[str, Any]]:
    """Messages of 500 people, a minute apart."""
    return [
        {
            "key": f"{tag}-{number}",
            "kind": "spoke",
            "occurred_at": (_START + timedelta(minutes=number)).isoformat(),
            "who": {"platform": "bench", "external_id": f"p{number * 7 % 500}", "name": f"花友{number * 7 % 500}"},
            "payload": {"form": "text"},
            "text": f"第{number}句：今天到的玫瑰太好看了",
        }
        for number in range(count)
    ]


def send(port: int, key: str, batches: list[list[dict[str, Any]]]) -> list[float]:
    """Send the batches over one connection; how long each waited, in seconds. Raises where one is not stored."""
    line, waits = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for batch in batches:
        started = time.perf_counter()
        line.request("POST", "/api/v1/communities/bench/events", json.dumps({"source": "b", "events": batch}), headers)
        answer = line.getresponse()
        told = json.loads(answer.read())
        if answer.status != _OK or told["stored"] != len(batch):
            raise RuntimeError(told)
        waits.append(time.perf_counter() - started)
    return waits


def one_by_one(port: int, key: str, each: int) -> tuple[float, list[float]]:
    """Facts per second from four programs that send one at a time, and how long each fact waited."""
    waits: list[float] = []

    def write(number: int) -> None:
        waits.extend(send(port, key, [[one] for one in items(each, f"w{number}")]))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return WRITERS * each / (time.perf_counter() - started), sorted(waits)


def _key() -> str:
    from qunying.ground.access.models import Staff  # noqa: PLC0415 - needs Django
    from qunying.ground.access.services_keys import create_key  # noqa: PLC0415 - as above
    from qunying.ground.units.models import Unit  # noqa: PLC0415 - as above

    owner, unit = Staff.objects.earliest("pk"), Unit.objects.get(parent=None)
    return create_key("bench", scopes=["imports.run"], unit=unit, by=owner)[1]


def main() -> None:
    """Run everything and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--facts", type=int, default=40_000)
    asked.add_argument("--each", type=int, default=500, help="facts of each of the four programs")
    asked.add_argument("--database", default="", help="postgresql://… of an empty database; without it, SQLite")
    asked.add_argument("--workers", type=int, default=1, help="web processes")
    asked.add_argument("--port", type=int, default=8767)
    options = asked.parse_args()
    with installation(options.database) as home:
        community("bench")
        key = _key()
        server = serve(home, options.port, "--workers", str(options.workers), QUNYING_API_RATE="0")
        try:
            _run(options, key)
        finally:
            server.terminate()
            server.wait()


def _run(options: argparse.Namespace, key: str) -> None:
    send(options.port, key, [items(1000, "warm")])
    coming = items(options.facts, "batched")
    started = time.perf_counter()
    send(options.port, key, [coming[start : start + 1000] for start in range(0, len(coming), 1000)])
    rate = len(coming) / (time.perf_counter() - started)
    show("Durable batches over HTTP", ("", "facts/s", "bar"), [("1000 a batch", rate, 3000)])
    rate, waits = one_by_one(options.port, key, options.each)
    told = [f"{waits[int(len(waits) * share)] * 1000:.0f} ms" for share in (0.5, 0.99)]
    columns = ("", "facts/s", "bar", "median wait", "p99", "longest", "bar")
    rows = [(f"{WRITERS} programs", rate, 300, *told, f"{waits[-1]:.2f} s", "5 s")]
    show("One by one over HTTP", columns, rows)


if __name__ == "__main__":
    main()
