"""Keeping a few processes alive until told to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
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
    _stop(children)
    return 0


def _stop(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()


def qunying(*arguments: str) -> list[str]:
    """The command that runs `qunying` with these arguments in another process."""
    return [sys.executable, "-m", "qunying.doors.cli", *arguments]
