"""How long everything takes into one encrypted file and back, and in how much memory: `python -m bench.backups`.

Both are the commands of the product, each in a process of its own; memory is the most it ever held. It should need
the same for a tenth of the facts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.ingest import facts
from bench.stage import HOME_VARIABLE, community, installation, show

if TYPE_CHECKING:
    from collections.abc import Sequence

_PART = 10_000
_KILO = 1024
_EVERY = 0.02
_PASSPHRASE = "only for a benchmark"  # noqa: S105 - opens nothing


def fill(count: int) -> None:
    """A community with so many facts, through `record`."""
    from qunying.ground.events.services import record  # noqa: PLC0415 - needs Django

    subject = community("bench")
    for start in range(0, count, _PART):
        record(facts(min(_PART, count - start), f"part-{start}", None), community=subject, source="bench")


def run(home: Path, command: Sequence[str], *, database: str = "") -> tuple[float, float]:
    """Seconds that a command of the product took, and the most memory it held in MB; raises where it fails."""
    told = os.environ | {HOME_VARIABLE: str(home), "QUNYING_DATABASE": database}
    told["QUNYING_BACKUP_PASSPHRASE"] = _PASSPHRASE
    started, peak = time.perf_counter(), 0
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "qunying"), *command], env=told, stdout=subprocess.DEVNULL
    )
    while process.poll() is None:
        peak = max(peak, _most(process.pid))
        time.sleep(_EVERY)
    if process.returncode:
        raise RuntimeError(command)
    return time.perf_counter() - started, peak / _KILO


def _most(pid: int) -> int:
    """The most memory a process has held, in kB; 0 where the system does not say, or it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def main() -> None:
    """Fill, back up, restore, and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--facts", type=int, default=1_000_000)
    asked.add_argument("--database", default="", help="postgresql://… of an empty database to restore to")
    options = asked.parse_args()
    with installation() as home, TemporaryDirectory(dir=os.environ.get("QUNYING_BENCH_DIR")) as folder:
        fill(options.facts)
        kept, there = Path(folder) / "all.qybackup", Path(folder) / "home"
        away = run(home, ["backup", str(kept), "--passphrase"])
        size = kept.stat().st_size / _KILO**2
        back = run(there, ["restore", str(kept)], database=options.database)
    rows = [
        (name, options.facts, f"{seconds:.1f} s", options.facts / seconds, f"{memory:.0f} MB", f"{size:.0f} MB")
        for name, (seconds, memory) in (("backup", away), ("restore", back))
    ]
    show("Everything into a file and back", ("", "facts", "time", "facts/s", "memory", "file"), rows)


if __name__ == "__main__":
    main()
