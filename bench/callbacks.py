"""A hundred callbacks a second for a minute, at the server that `qunying web` starts. `python -m bench.callbacks`.

Bars: answered in under 200 ms at the 99th percentile, and every one stored once. The callbacks are transactions of a
Matrix homeserver with one message each, a tenth of them sent twice, from several connections as a proxy keeps them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time

from bench.stage import community, installation, serve, show

ROOM, OWN, TOKEN = "!bench:hs.test", "@qunying:hs.test", "only for a benchmark"
LINES = 16
AGAIN = 10
_OK = 200


def _account(slug: str) -> tuple[int, int]:
    """An account with a group of this community tied to it; the ids of both."""
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.services_accounts import adopt_group  # noqa: PLC0415 - as above
    from qunying.ground.platforms.services import connect_account  # noqa: PLC0415 - as above

    place, by = community(slug), System("bench")
    given = {"homeserver": "https://hs.test", "user": OWN, "hs_token": TOKEN}
    account = connect_account("matrix", name="bench", given=given, unit=place.unit, by=by)
    return account.pk, adopt_group(account, community=place, name="bench", external_id=ROOM, by=by).pk


def _body(number: int) -> bytes:
    event = {
        "type": "m.room.message",
        "event_id": f"$bench{number}",
        "room_id": ROOM,
        "sender": f"@p{number * 7 % 500}:hs.test",
        "origin_server_ts": int(time.time() * 1000),
        "content": {"msgtype": "m.text", "body": f"第{number}句：今天到的玫瑰太好看了"},
    }
    return json.dumps({"events": [event]}).encode()


def _send(port: int, account: int, dues: list[tuple[float, int]], waits: list[float], go: float) -> None:
    """Each at its time; how long it took from when it was due, so that waiting for the line counts, too."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    for due, number in dues:
        time.sleep(max(go + due - time.perf_counter(), 0))
        path = f"/callbacks/matrix/{account}/_matrix/app/v1/transactions/{number}"
        line.request("PUT", path, _body(number), headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != _OK:
            raise RuntimeError(answer.status)
        waits.append(time.perf_counter() - go - due)


def run(port: int, account: int, *, rate: int, seconds: int, first: int = 0) -> list[float]:
    """The waits of all, the shortest first; every tenth callback is one sent a moment ago."""
    count = rate * seconds
    numbers = [first + (at - 1 if at % AGAIN == AGAIN - 1 else at) for at in range(count)]
    dues = [(at / rate, number) for at, number in enumerate(numbers)]
    waits: list[float] = []
    go = time.perf_counter() + 0.5
    threads = [
        threading.Thread(target=_send, args=(port, account, dues[one::LINES], waits, go)) for one in range(LINES)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(waits) != count:
        raise RuntimeError(f"{count - len(waits)} callbacks were not answered")
    return sorted(waits)


def main() -> None:
    """Run it and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rate", type=int, default=100, help="callbacks a second")
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--database", default="", help="postgresql://… of an empty database; without it, SQLite")
    asked.add_argument("--port", type=int, default=8768)
    options = asked.parse_args()
    with installation(options.database) as home:
        from qunying.ground.events.models import Event  # noqa: PLC0415 - needs Django

        account, group = _account("bench")
        server = serve(home, options.port)
        try:
            warm = options.rate * 2
            run(options.port, account, rate=options.rate, seconds=2, first=10_000_000)
            waits = run(options.port, account, rate=options.rate, seconds=options.seconds)
        finally:
            server.terminate()
            server.wait()
        stored = Event.objects.filter(group=group).count() - (warm - warm // AGAIN)
    expected = len(waits) - len(waits) // AGAIN
    told = [f"{waits[int(len(waits) * share)] * 1000:.0f} ms" for share in (0.5, 0.99)]
    columns = ("", "median", "p99", "bar", "longest", "distinct", "stored")
    rows = [
        (f"{options.rate}/s for {options.seconds} s", *told, "200 ms", f"{waits[-1] * 1000:.0f} ms", expected, stored)
    ]
    show("Callbacks", columns, rows)
    if stored != expected:
        raise SystemExit("what was stored is not what was sent")


if __name__ == "__main__":
    main()
