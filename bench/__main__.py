"""Runs every benchmark of this folder, one after another: `python -m bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_HELPERS = {"__init__", "__main__", "stage"}


def main() -> int:
    """Each in a process of its own, with its defaults; 0 where all ran to their end."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _HELPERS)
    codes = [subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode for name in names]
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main())
