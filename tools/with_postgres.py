"""Runs a command on throwaway PostgreSQL clusters: `python -m tools.with_postgres 2 pytest -n 2 …`.

Each cluster lives in a temporary directory on a free port of the loopback and is gone afterwards. The
command finds their addresses in QUNYING_TEST_DATABASE, a space between them: one for each worker, for
an open transaction in any database of a cluster holds back the horizon of all in it.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
# Without autovacuum: looking at a table in the middle of a test's one transaction, it would find nothing that
# counts yet, and have the planner take a hundred thousand rows for none.
_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=60"


def find_binaries() -> Path | None:
    """The directory of the newest initdb and pg_ctl on this machine, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [path for place in _PLACES for path in Path("/").glob(place[1:]) if (path / "initdb").exists()]
    return max(found, key=_version, default=None)


def _version(path: Path) -> int:
    digits = "".join(letter if letter.isdigit() else " " for letter in str(path)).split()
    return int(digits[0]) if digits else 0


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """A running cluster; gives the address of an empty database and takes everything away afterwards."""
    account = _account()
    password = secrets.token_urlsafe(12)
    # Not the system's own temporary directory: a socket lives in it, whose path may have 100 characters.
    with tempfile.TemporaryDirectory(prefix="qunying-postgres-", dir="/tmp") as folder:
        home = Path(folder)
        secret = home / "password"
        secret.write_text(password, encoding="utf-8")
        if account:
            for path in (home, secret):
                os.chown(path, pwd.getpwnam(account).pw_uid, -1)
        port = _free_port()
        data, log = str(home / "data"), str(home / "log")
        _run(account, [
            str(binaries / "initdb"), "-D", data, "-U", "qunying", "-E", "UTF8", "--locale=C", "--no-sync",
            "--auth=scram-sha-256", f"--pwfile={secret}",
        ])  # fmt: skip
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 {_QUICK}"
        _run(account, [str(binaries / "pg_ctl"), "-D", data, "-l", log, "-w", "-o", options, "start"])
        try:
            yield f"postgresql://qunying:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run(account, [str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop"])


def _account() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as another, given up for nobody else."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(account: str | None, command: list[str]) -> None:
    done = subprocess.run(
        command,
        user=account,
        extra_groups=[] if account else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def main() -> int:
    """Run the command; its exit code, or 0 with a sentence where there is no PostgreSQL."""
    clusters, *command = sys.argv[1:]
    binaries = find_binaries()
    if binaries is None:
        sys.stderr.write("There is no PostgreSQL here, so this part is left out (Debian: apt install postgresql).\n")
        return 0
    with ExitStack() as running:
        addresses = " ".join([running.enter_context(cluster(binaries)) for _ in range(int(clusters))])
        return subprocess.run(command, env=os.environ | {"QUNYING_TEST_DATABASE": addresses}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
