"""What is stopped is gone, with all that it started itself."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from qunying.doors.cli.supervisor import Child, stop_all

_DEAF = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
pathlib.Path(sys.argv[1]).write_text(str(helper.pid))
time.sleep(300)
"""
_LEAVING = """
import pathlib, subprocess, sys
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
pathlib.Path(sys.argv[1]).write_text(str(helper.pid))
"""


def started(script: str, note: Path) -> tuple[Child, int]:
    """A child that runs this script, and the process that it started in turn."""
    child = Child("part", [sys.executable, "-c", script, str(note)])
    child.start()
    for _tick in range(500):
        if note.exists() and note.read_text():
            return child, int(note.read_text())
        time.sleep(0.02)
    pytest.fail("The child did not start.")


def ended(pid: int) -> bool:
    """Whether this process is gone; one that nobody has waited for yet counts as gone."""
    for _tick in range(250):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_one_that_does_not_listen_is_killed_with_its_own_children(tmp_path: Path) -> None:
    child, helper = started(_DEAF, tmp_path / "pid")
    stop_all([child], grace=0.2)
    assert child.process is not None
    assert child.process.poll() is not None
    assert ended(helper)


def test_what_a_fallen_child_leaves_behind_is_ended_before_it_starts_again(tmp_path: Path) -> None:
    child, helper = started(_LEAVING, tmp_path / "pid")
    assert child.process is not None
    child.process.wait(10)
    child.look()
    assert child.process is None
    assert ended(helper)
