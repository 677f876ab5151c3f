"""Requests that schemathesis makes up from the API's description: `python -m bench.fuzz`, 10,000 without a number.

Ends badly at the first fault of ours (5xx) and at the first answer that the description does not know. Each process
asks its share of the operations, in a database of its own; the tables are made without migrations, which took longer
than a thousand requests.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_OPTIONS = ("-q", "-s", "-n", "0", "--nomigrations", "-p", "no:cacheprovider", "--show-capture=no")


def main() -> int:
    """Run the test of the suite with so many requests, in several processes at once."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("requests", type=int, nargs="?", default=10_000)
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked.add_argument(
        "--only", default="", help="operations whose address holds this, or one of several with commas between them"
    )
    asked.add_argument("--seconds", type=float, default=float("inf"), help="begin with no operation after so long")
    options = asked.parse_args()
    running = [_begin(options, number) for number in range(options.processes)]
    codes = []
    for process in running:
        told, _nothing = process.communicate()
        print(told)
        codes.append(process.returncode)
    return max(codes)


def _begin(options: argparse.Namespace, number: int) -> subprocess.Popen[str]:
    told = {
        "QUNYING_FUZZ": str(options.requests),
        "QUNYING_FUZZ_ONLY": options.only,
        "QUNYING_FUZZ_SHARE": f"{number}/{options.processes}",
        "QUNYING_FUZZ_SECONDS": str(options.seconds),
    }
    command = [sys.executable, "-m", "pytest", "tests/doors/api/test_fuzz.py", *_OPTIONS]
    return subprocess.Popen(command, env=os.environ | told, cwd=ROOT, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    sys.exit(main())
