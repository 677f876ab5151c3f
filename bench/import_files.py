"""How fast files go in, end to end, and whether memory stays flat. `python -m bench.import_files`.

Bar: 20,000 rows/s of a chat or order file into SQLite. Each import runs in a process of its own through
the same calls as `qunying import`; peak memory is what the system says of that process. The small and
the large file of a format should need the same.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.stage import HOME_VARIABLE, community, enter, installation, show

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE = 2000
BAR = 20_000
_START = datetime(2024, 1, 1, tzinfo=UTC)
_KILO = 1024
_SAYINGS = (
    "今天到的玫瑰太好看了",
    "请问百合要不要泡深水",
    "收到啦，比图片上还新鲜",
    "早上好",
    "谢谢老板",
    "周五送到城南可以吗",
)


def write_irc(path: Path, rows: int) -> None:
    """A channel log: one message a line, twenty seconds apart, each day in its own lines."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            at = _START + timedelta(seconds=20 * number)
            file.write(
                f"#flowers {at:%Y-%m-%d} [{at:%H:%M:%S}] <p{number * 7 % PEOPLE}> {_SAYINGS[number % 6]} {number}\n"
            )


def write_zulip(path: Path, rows: int) -> None:
    """Messages with ids, as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            at = int(_START.timestamp()) + 20 * number
            sender = f"p{number * 7 % PEOPLE}"
            said = {
                "id": number,
                "timestamp": at,
                "sender": sender,
                "topic": "花",
                "content": f"{_SAYINGS[number % 6]} {number}",
            }
            file.write(json.dumps(said, ensure_ascii=False) + "\n")


def write_orders(path: Path, rows: int) -> None:
    """A shop's export: one order a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("订单号", "平台", "买家id", "付款时间", "商品", "数量", "实付金额"))
        for number in range(rows):
            at = (_START + timedelta(seconds=20 * number)).isoformat()
            writer.writerow(
                (f"o{number}", "shop", f"p{number * 7 % PEOPLE}", at, "红玫瑰", 1, f"{number % 300 + 1}.50")
            )


def write_events(path: Path, rows: int) -> None:
    """Facts of any kind as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            at = (_START + timedelta(seconds=20 * number)).isoformat()
            said = {"id": number, "kind": "spoke", "time": at, "platform": "wechat", "who": f"p{number * 7 % PEOPLE}"}
            file.write(
                json.dumps(said | {"group": "花友一群", "text": f"{_SAYINGS[number % 6]} {number}"}, ensure_ascii=False)
                + "\n"
            )


def write_qq(path: Path, rows: int) -> None:
    """QQ's message manager: one message of a head, a line and an empty line; rows are messages."""
    with path.open("w", encoding="utf-8") as file:
        file.write("消息记录（此消息记录为文本格式，不支持重新导入）\n\n消息对象:花友一群\n\n")
        for number in range(rows):
            at, who = _START + timedelta(seconds=20 * number), number * 7 % PEOPLE
            head = f"{at:%Y-%m-%d} {at.hour}:{at:%M:%S} 花友{who}({100_000 + who})"
            file.write(f"{head}\n{_SAYINGS[number % 6]} {number}\n\n")


FORMATS: dict[str, tuple[str, Callable[[Path, int], None]]] = {
    "orders": ("csv", write_orders),
    "events": ("jsonl", write_events),
    "irc": ("txt", write_irc),
    "zulip": ("jsonl", write_zulip),
    "qq": ("txt", write_qq),
}


def run_one(home: Path, format: str, path: Path, *, watch: bool) -> dict[str, float]:  # noqa: A002 - the product's word
    """Import one file in a process of its own: rows, seconds, peak kilobytes before and after."""
    command = [sys.executable, "-m", "bench.import_files", "--child", format, str(path)]
    environment = os.environ | {HOME_VARIABLE: str(home)} | ({"QUNYING_PROFILE": "1"} if watch else {})
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def child(format: str, path: Path) -> None:  # noqa: A002 - the product's word
    """What the process does: `qunying import`, without the words."""
    enter(Path(os.environ[HOME_VARIABLE]), os.environ.get("QUNYING_DATABASE", ""))
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.files.services import store_file  # noqa: PLC0415 - needs Django
    from qunying.ground.imports.services import start_import  # noqa: PLC0415 - needs Django
    from qunying.ground.jobs.services import run_to_end  # noqa: PLC0415 - needs Django

    by, subject = System("bench"), community(f"{format}-{path.stat().st_size}")
    before, started = _peak(), time.perf_counter()
    with path.open("rb") as stream:
        stored = store_file(stream, name=path.name, purpose="import", by=by)
    run = start_import([stored], format=format, community=subject, by=by, queue=False)
    if os.environ.get("QUNYING_PROFILE"):
        _profiled(lambda: run_to_end(run.job))
    job = run_to_end(run.job)
    told = {"seconds": time.perf_counter() - started, "before": before, "peak": _peak()}
    sys.stdout.write("\n" + json.dumps(job.result | told) + "\n")


def _profiled(work: Callable[[], object]) -> None:
    import cProfile  # noqa: PLC0415 - only when asked for
    import pstats  # noqa: PLC0415 - only when asked for

    watch = cProfile.Profile()
    watch.runcall(work)
    pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(25)


def _peak() -> int:
    """Peak memory of this process so far, in kilobytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage also counts what the process was before exec, which is a copy of the benchmark itself.
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used // _KILO if sys.platform == "darwin" else used


def main() -> None:
    """Run everything and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--formats", nargs="+", default=["orders", "events", "irc"], choices=sorted(FORMATS))
    asked.add_argument("--rows", nargs="+", type=int, default=[100_000, 1_000_000])
    asked.add_argument("--database", default="", help="postgresql://… of an empty database; without it, SQLite")
    asked.add_argument("--profile", action="store_true")
    asked.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    with installation(options.database) as home:
        rows = [
            _measured(home, name, count, watch=options.profile) for name in options.formats for count in options.rows
        ]
    show(
        "Import, end to end",
        ("format", "rows", "stored", "rows/s", "bar", "of the bar", "peak MB", "of it by the import"),
        rows,
    )


def _measured(home: Path, format: str, count: int, *, watch: bool) -> tuple[object, ...]:  # noqa: A002 - the product's word
    ending, write = FORMATS[format]
    path = home / f"{format}-{count}.{ending}"
    write(path, count)
    told = run_one(home, format, path, watch=watch)
    path.unlink()
    rate = told["rows"] / told["seconds"]
    grown = (told["peak"] - told["before"]) / _KILO
    return format, count, told["stored"], rate, BAR, f"{rate / BAR:.2f}", told["peak"] / _KILO, grown


if __name__ == "__main__":
    main()
