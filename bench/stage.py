"""What every benchmark stands on: a throwaway installation, and tables on the terminal."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qunying.ground.groups.models import Community

HOME_VARIABLE = "QUNYING_HOME"


@contextmanager
def installation(database: str = "") -> Iterator[Path]:
    """A home directory with keys and a database, set up as `qunying init` does, gone afterwards.

    Settings are read once a process: a process can hold one installation. The home lies where
    QUNYING_BENCH_DIR says, or in the system's temporary directory; durable writes cost what that disk costs.
    """
    with TemporaryDirectory(prefix="qunying-bench-", dir=os.environ.get("QUNYING_BENCH_DIR")) as folder:
        enter(Path(folder), database)
        from qunying.doors.cli.home import make_home  # noqa: PLC0415 - Django starts in enter

        make_home(password="only for a benchmark")  # noqa: S106 - opens nothing
        yield Path(folder)


def enter(home: Path, database: str = "") -> None:
    """Start Django on this home directory."""
    os.environ |= {HOME_VARIABLE: str(home), "QUNYING_DATABASE": database, "DJANGO_SETTINGS_MODULE": "qunying.settings"}
    import django  # noqa: PLC0415 - settings are named above

    django.setup()


def community(slug: str) -> Community:
    """A fresh community."""
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - Django starts in enter
    from qunying.ground.groups.services import create_community  # noqa: PLC0415 - as above
    from qunying.ground.units.models import Unit  # noqa: PLC0415 - as above

    return create_community(slug, name=slug, unit=Unit.objects.get(parent=None), by=System("bench"))


def serve(home: Path, port: int, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    """The web server of this home, taking requests; raises RuntimeError where it does not start."""
    command = [str(Path(sys.executable).parent / "qunying"), "web", "--port", str(port), *options]
    told = os.environ | {HOME_VARIABLE: str(home)} | environment
    server = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.2)
    raise RuntimeError("the web server did not start")


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table."""
    table = Table(*columns, title=title, title_justify="left", header_style="bold")
    for row in rows:
        table.add_row(*(f"{cell:,.0f}" if isinstance(cell, int | float) else str(cell) for cell in row))
    Console(file=sys.stdout, highlight=False).print(table)
