"""The command line as people call it: another process, in a terminal that speaks English."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def qunying(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command in this home, on SQLite."""
    environment = {**os.environ, "QUNYING_HOME": str(home), "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}
    environment.pop("QUNYING_DATABASE", None)
    command = [sys.executable, "-m", "qunying.doors.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
