"""`serve` runs the whole installation and leaves nothing behind when it is stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import granian
import pytest
from django.utils.translation import get_language, override

from qunying.doors.cli.serve import _run_followers, web
from qunying.ground.events.loop import _chores, register_chore
from tests.support.command import qunying
from tests.support.tables import lay_tables

# Homes of their own on SQLite, whatever the suite runs on.
pytestmark = pytest.mark.once


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def processes_of(home: Path) -> list[str]:
    """Command lines of the processes that live in this home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"QUNYING_HOME={home}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it ended meanwhile
            continue
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes through /proc")
def test_serve_opens_the_console_and_stops_every_process(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lay_tables(home)
    assert qunying(home, "init", "--no-input").returncode == 0
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key != "QUNYING_DATABASE"}
    with subprocess.Popen(
        [sys.executable, "-m", "qunying.doors.cli", "serve", "--port", str(port)],
        env={**environment, "QUNYING_HOME": str(home), "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"},
        stderr=subprocess.PIPE,
        text=True,
    ) as served:
        try:
            assert served.stderr is not None
            assert served.stderr.readline().strip() == f"The console is open on http://127.0.0.1:{port}"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=60) as answer:
                assert answer.status == 200
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert any("--only followers" in command for command in processes_of(home))
        finally:
            served.send_signal(signal.SIGTERM)
        assert served.wait(60) == 0
    for _tick in range(50):
        if not processes_of(home):
            break
        time.sleep(0.2)
    assert processes_of(home) == []


@pytest.mark.django_db(transaction=True)
def test_what_the_loop_writes_down_is_in_the_language_of_the_house() -> None:
    heard: list[str | None] = []

    def listen() -> None:
        heard.append(get_language())
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    register_chore(listen)
    try:
        with override("en"):
            _run_followers()
    finally:
        _chores.pop(listen)
        for number, handler in before.items():
            signal.signal(number, handler)
    assert heard == ["zh-hans"]


def test_serve_refuses_a_port_that_is_taken(tmp_path: Path) -> None:
    lay_tables(tmp_path / "home")
    assert qunying(tmp_path / "home", "init", "--no-input").returncode == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = qunying(tmp_path / "home", "serve", "--port", port)
    assert done.returncode == 1
    told = f"Port {port} on 127.0.0.1 is taken. Stop what listens there, or choose another with --port."
    assert done.stderr.strip() == told


@pytest.mark.django_db
def test_web_processes_are_told_to_use_their_connections_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_CONNECTION_SECONDS", "")
    monkeypatch.delenv("QUNYING_CONNECTION_SECONDS")
    told: list[str | None] = []

    class Server:
        def __init__(self, *_what: object, **_how: object) -> None:
            pass

        def serve(self) -> None:
            told.append(os.environ.get("QUNYING_CONNECTION_SECONDS"))

    monkeypatch.setattr(granian, "Granian", Server)
    for _turn in range(2):
        web(port=free_port())
        monkeypatch.setenv("QUNYING_CONNECTION_SECONDS", "0")
    assert told == ["10", "0"]
