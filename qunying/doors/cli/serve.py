"""`serve`, `web` and `worker`: the processes of an installation."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import urllib.request
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from qunying.doors.cli.home import require_current
from qunying.doors.cli.output import err
from qunying.doors.cli.supervisor import Child, qunying, supervise
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]
_READY_SECONDS = 60
CONNECTION_SECONDS = "10"
"""How long web processes use a connection again: shorter than a restore waits after the last sign of life."""


def register(app: typer.Typer) -> None:
    """Add `serve`, `web` and `worker`."""
    app.command("serve")(serve_command)
    app.command()(web)
    app.command()(worker)


def serve_command(*, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run everything on this machine: the console, the followers and the workers. Ctrl-C stops it."""
    raise typer.Exit(serve(host=host, port=port))


def serve(*, host: str = "127.0.0.1", port: int = 8000, ready: Callable[[], None] | None = None) -> int:
    """Supervise web and workers until stopped; `ready` is called once the console answers."""
    require_current()
    refuse_taken_port(host, port)
    children = [
        Child("web", qunying("web", "--host", host, "--port", str(port))),
        Child("followers", qunying("worker", "--only", "followers")),
        Child("fast", qunying("worker", "--only", "fast")),
        Child("bulk", qunying("worker", "--only", "bulk")),
    ]
    return supervise(children, ready=lambda: _announce(host, port, ready))


def _announce(host: str, port: int, ready: Callable[[], None] | None) -> None:
    # Put into words here: the language of the terminal belongs to this thread.
    opened = _("The console is open on http://%(host)s:%(port)s") % {"host": host, "port": port}
    silent = _("The console does not answer after a minute. See what was printed above, then run “qunying doctor”.")

    def wait() -> None:
        answers = wait_until_ready(host, port)
        err.print(opened if answers else silent, markup=False)
        if answers and ready is not None:
            ready()

    Thread(target=wait, daemon=True).start()


def wait_until_ready(host: str, port: int) -> bool:
    """Whether the console shows its sign-in page within a minute."""
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/accounts/login/", timeout=5):
                return True
        except OSError:  # refused, or answered with an error: not ready yet
            time.sleep(0.3)
    return False


def refuse_taken_port(host: str, port: int) -> None:
    """Raise QunyingError where something else listens already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise QunyingError(
                _("Port %(port)s on %(host)s is taken. Stop what listens there, or choose another with --port.")
                % {"port": port, "host": host}
            ) from None


def web(
    *,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Web processes.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="Threads in each.")] = 4,
) -> None:
    """Run only the console."""
    from granian import Granian  # noqa: PLC0415 - only this command needs the server
    from granian.constants import Interfaces  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above

    require_current()
    refuse_taken_port(host, port)
    # Read by the settings of the processes that Granian starts.
    os.environ.setdefault("QUNYING_CONNECTION_SECONDS", CONNECTION_SECONDS)
    Granian(
        "qunying.doors.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_access=False,
        log_level=LogLevels.warning,
        websockets=False,
        respawn_failed_workers=True,
    ).serve()


def worker(*, only: Annotated[str, typer.Option(help="followers, fast or bulk: one part alone.")] = "") -> None:
    """Run only the followers and the workers."""
    require_current()
    if only == "followers":
        _run_followers()
    elif only in {"fast", "bulk"}:
        # django-q reads its queue's name when it is loaded: on Linux --name alone comes too late.
        os.environ["Q_CLUSTER_NAME"] = only
        os.execv(sys.executable, _cluster(only))  # noqa: S606 - our own command
    elif only:
        raise QunyingError(_("“%(only)s” is no part of the worker. Parts: followers, fast, bulk.") % {"only": only})
    else:
        parts = [Child(name, qunying("worker", "--only", name)) for name in ("followers", "fast", "bulk")]
        raise typer.Exit(supervise(parts))


def _run_followers() -> None:
    from qunying.ground.events.loop import run_loop  # noqa: PLC0415 - loads the lake's libraries

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    # What the loop writes down is read by everybody, as what the clusters do: not in the language of this terminal.
    with override(settings.LANGUAGE_CODE):
        run_loop(stop)


def _cluster(name: str) -> list[str]:
    return [sys.executable, "-m", "django", "qcluster", "--name", name, "--settings", "qunying.settings"]
