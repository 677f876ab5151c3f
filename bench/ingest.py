"""How fast `record` takes facts: in batches, and one by one from four writers. `python -m bench.ingest`.

Bars: 3,000 facts/s in durable batches; 300/s one by one with four writers, none waiting more than 5 s.
Beside them the same rows through the driver's own executemany, into a table with the same columns and
indexes, on the same disk in the same run: the ratio is what the log costs over bare inserting.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.stage import HOME_VARIABLE, community, enter, installation, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.events.facts import Fact
    from qunying.ground.groups.models import Community

PEOPLE = 500
WRITERS = 4
BATCHES = (100, 1000)
_START = datetime(2026, 1, 1, tzinfo=UTC)


def facts(count: int, tag: str, group_id: int | None) -> list[Fact]:
    """Messages of 500 people, a minute apart."""
    from qunying.ground.events.facts import Fact  # noqa: PLC0415 - needs Django
    from qunying.ground.members.services import Who  # noqa: PLC0415 - needs Django

    people = [Who("bench", f"p{number}", f"花友{number}") for number in range(PEOPLE)]
    return [
        Fact(
            "spoke",
            _START + timedelta(minutes=number),
            (tag, number),
            who=people[number * 7 % PEOPLE],
            group_id=group_id,
            payload={"form": "text"},
            text=f"第{number}句：今天到的玫瑰太好看了",
        )
        for number in range(count)
    ]


def batched(subject: Community, group_id: int, count: int, size: int) -> float:
    """Facts per second through `record`, `size` at a time, each batch committed durably."""
    from qunying.ground.events.services import record  # noqa: PLC0415 - needs Django

    coming = facts(count, f"batch-{size}", group_id)
    started = time.perf_counter()
    for start in range(0, count, size):
        record(coming[start : start + size], community=subject, source="bench")
    return count / (time.perf_counter() - started)


def raw(subject: Community, group_id: int, count: int, size: int) -> float:
    """Rows per second through the driver's executemany into a table like the log's, `size` a transaction."""
    from django.db import connection  # noqa: PLC0415 - needs Django

    rows = list(_raw_rows(subject, group_id, count, size))
    names = ",".join(_like_the_log(connection))
    with connection.cursor() as cursor:
        driver = cursor.cursor
        mark = "?" if connection.vendor == "sqlite" else "%s"
        sql = f"INSERT INTO bench_event ({names}) VALUES ({','.join([mark] * len(rows[0]))})"
        started = time.perf_counter()
        for start in range(0, count, size):
            driver.execute("BEGIN")
            driver.executemany(sql, rows[start : start + size])
            driver.execute("COMMIT")
        seconds = time.perf_counter() - started
        cursor.execute("DROP TABLE bench_event")
    return count / seconds


def _raw_rows(subject: Community, group_id: int, count: int, size: int) -> Iterator[tuple[Any, ...]]:
    for number in range(count):
        at = _START + timedelta(minutes=number)
        key = f"{size}-{number}".encode().ljust(16, b"\0")
        yield (
            0,
            "raw",
            key,
            "spoke",
            at.isoformat(),
            at.isoformat(),
            subject.pk,
            group_id,
            number % PEOPLE,
            "",
            "",
            "",
            "{}",
        )


def _like_the_log(connection: Any) -> list[str]:
    """A table with the columns and indexes of the log, and no foreign keys; the columns to fill."""
    columns = (
        "tx", "source", "source_key", "kind", "occurred_at", "recorded_at", "community_id", "group_id", "identity_id",
        "object_type", "object_id", "channel_key", "payload",
    )  # fmt: skip
    blob = "BLOB" if connection.vendor == "sqlite" else "bytea"
    key = "id INTEGER PRIMARY KEY AUTOINCREMENT" if connection.vendor == "sqlite" else "id bigserial PRIMARY KEY"
    typed = {"source_key": blob} | dict.fromkeys(("tx", "community_id", "group_id", "identity_id"), "bigint")
    body = ",".join(f"{name} {typed.get(name, 'text')} NOT NULL" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_event ({key}, {body}, UNIQUE (source, source_key))")
        for number, names in enumerate(("tx, id", "community_id, occurred_at", "identity_id, occurred_at")):
            cursor.execute(f"CREATE INDEX bench_event_{number} ON bench_event ({names})")
    return list(columns)


def one_by_one(home: Path, slug: str, group_id: int, each: int) -> tuple[float, list[float]]:
    """Facts per second from four processes that record one at a time, and how long each fact waited."""
    go = time.time() + 15
    command = [sys.executable, "-m", "bench.ingest", "--writer", slug, str(group_id), str(each), str(go)]
    writers = [
        subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, env=os.environ | {HOME_VARIABLE: str(home)})
        for number in range(WRITERS)
    ]
    told = [json.loads(writer.communicate()[0]) for writer in writers]
    seconds = max(one["ended"] for one in told) - min(one["began"] for one in told)
    return WRITERS * each / seconds, sorted(wait for one in told for wait in one["waits"])


def write(slug: str, group_id: str, each: str, go: str, number: str) -> None:
    """One of the four writers: waits for the others, then records one fact after another."""
    enter(Path(os.environ[HOME_VARIABLE]), os.environ.get("QUNYING_DATABASE", ""))
    from qunying.ground.events.services import record  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.queries import get_community  # noqa: PLC0415 - needs Django

    subject = get_community(slug)
    coming = facts(int(each), f"writer-{number}", int(group_id))
    time.sleep(max(float(go) - time.time(), 0))
    waits, began = [], time.time()
    for fact in coming:
        started = time.perf_counter()
        record([fact], community=subject, source="bench")
        waits.append(time.perf_counter() - started)
    sys.stdout.write(json.dumps({"began": began, "ended": time.time(), "waits": waits}))


def profile(subject: Community, group_id: int, count: int) -> None:
    """Print where `record` spends its time."""
    from qunying.ground.events.services import record  # noqa: PLC0415 - needs Django

    coming = facts(count, "profile", group_id)
    watch = cProfile.Profile()
    watch.enable()
    for start in range(0, count, BATCHES[-1]):
        record(coming[start : start + BATCHES[-1]], community=subject, source="bench")
    watch.disable()
    pstats.Stats(watch).sort_stats("tottime").print_stats(18)


def main() -> None:
    """Run everything and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--facts", type=int, default=40_000)
    asked.add_argument("--each", type=int, default=500, help="facts of each of the four writers")
    asked.add_argument("--database", default="", help="postgresql://… of an empty database; without it, SQLite")
    asked.add_argument("--profile", action="store_true")
    asked.add_argument("--writer", nargs=5, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.writer:
        write(*options.writer)
        return
    with installation(options.database) as home:
        _run(home, options)


def _run(home: Path, options: argparse.Namespace) -> None:
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.services import ensure_group  # noqa: PLC0415 - needs Django

    subject = community("bench")
    group_id = ensure_group(subject, name="bench", platform="bench", by=System("bench")).pk
    rows = []
    for size in BATCHES:
        bare, full = raw(subject, group_id, options.facts, size), batched(subject, group_id, options.facts, size)
        rows.append((f"{size} a batch", full, 3000, bare, f"{full / bare:.2f}"))
    show("Durable batches", ("", "record, facts/s", "bar", "executemany, rows/s", "ratio"), rows)
    rate, waits = one_by_one(home, "bench", group_id, options.each)
    told = [f"{waits[int(len(waits) * share)] * 1000:.0f} ms" for share in (0.5, 0.99)]
    longest = f"{waits[-1]:.2f} s"
    columns = ("", "facts/s", "bar", "median wait", "p99", "longest", "bar")
    show("One by one", columns, [(f"{WRITERS} writers", rate, 300, *told, longest, "5 s")])
    if options.profile:
        profile(subject, group_id, options.facts)


if __name__ == "__main__":
    main()
