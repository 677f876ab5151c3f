"""Keeping a few processes alive until told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from qunying.doors.cli.output import err

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_GRACE_SECONDS = 15
_STABLE_SECONDS = 30
_LONGEST_PAUSE = 30


@dataclass(slots=True)
class Child:
    """One process to keep alive: its command, and how often it fell over lately."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.process = subprocess.Popen(self.command, start_new_session=True)
        self.started = time.monotonic()

    def look(self) -> None:
        """Start it again where it fell over, later each time it falls soon after starting."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.again_at:
                self.start()
        elif (code := self.process.poll()) is not None:
            _kill_session(self.process)
            self.falls = 0 if now - self.started > _STABLE_SECONDS else self.falls + 1
            pause = min(2**self.falls - 1, _LONGEST_PAUSE)
            err.print(f"{self.name} ended with code {code}; starting it again in {pause} s", markup=False)
            self.process, self.again_at = None, now + pause


def supervise(children: Sequence[Child], *, ready: Callable[[], None] | None = None) -> int:
    """Run the children until SIGINT or SIGTERM, then stop them in good order; exit code 0."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    for child in children:
        child.start()
    if ready is not None:
        ready()
    while not stop.wait(0.5):
        for child in children:
            child.look()
    stop_all(children, grace=_GRACE_SECONDS)
    return 0


def stop_all(children: Sequence[Child], *, grace: float) -> None:
    """Ask the children to end; what is left of them and of their own children after `grace` seconds is killed."""
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + grace
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(deadline - time.monotonic(), 0.1))
        _kill_session(process)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    # A queue's workers outlive a killed master, and would go on taking jobs beside the next one.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def qunying(*arguments: str) -> list[str]:
    """The command that runs `qunying` with these arguments in another process."""
    return [sys.executable, "-m", "qunying.doors.cli", *arguments]
