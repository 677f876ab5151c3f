"""A home directory of its own for this process of tests, in place before the settings are read."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

from qunying.kit.keys import new_keyring, save_keyring

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(tempfile.mkdtemp(prefix="qunying-tests-"))
# Workers inherit the place from the process that started them, so all share one. See tables.py.
TEMPLATE = Path(os.environ.setdefault("QUNYING_TEST_TEMPLATE", str(HOME / "template" / "home")))


def prepare() -> None:
    """Name a fresh home and the database under test, and start Django on them."""
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)
    save_keyring(new_keyring(), HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qunying.settings"
    os.environ["QUNYING_HOME"] = str(HOME)
    os.environ["QUNYING_DATABASE"] = database_under_test()
    # Images of Python often forbid it: each of hundreds of commands would then compile the whole package again.
    sys.dont_write_bytecode = False
    for name in ("QUNYING_HOSTS", "QUNYING_HTTPS", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    _hasten()
    django.setup()
    from tests.support.sparing import spare  # noqa: PLC0415 - Django starts above

    spare()
    # Workers inherit the environment: finding the settings named there, pytest-django would read them before each
    # worker has named its own home and database.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def database_under_test() -> str:
    """The address under test: of several, one for each worker, this worker's own; "" is SQLite."""
    addresses = os.environ.get("QUNYING_TEST_DATABASE", "").split()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return addresses[int(worker)] if addresses else ""


def _hasten() -> None:
    from django.conf import settings  # noqa: PLC0415 - reads the environment when first touched

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, not memory: tests see what threads, processes and other drivers see.
        database.setdefault("TEST", {"MIRROR": None})["NAME"] = HOME / "test.sqlite3"
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
