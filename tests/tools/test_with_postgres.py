"""A throwaway cluster runs, answers to its own password alone, and is gone afterwards."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tools.with_postgres import cluster, find_binaries


def test_it_runs_and_leaves_nothing_behind() -> None:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("There is no PostgreSQL here.")
    with cluster(binaries) as address:
        with psycopg.connect(address) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
            row = connection.execute("SHOW unix_socket_directories").fetchone()
        parts = urlsplit(address)
        stranger = urlunsplit(parts._replace(netloc=f"qunying:wrong@127.0.0.1:{parts.port}"))
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(stranger)
    assert row is not None
    assert not Path(row[0]).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=3)
