"""The place a backup is brought back to: whether it is empty, what is moved aside, the sign of a restore begun."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.keys import KEYRING_NAME

MARK = "restoring.json"
WORDS = "replace everything"
_MOVED = (
    KEYRING_NAME,
    "recovery.pub",
    "audit.head",
    "files",
    "lake",
    "qunying.sqlite3",
    "qunying.sqlite3-wal",
    "qunying.sqlite3-shm",
)


def unfinished() -> str:
    """The sentence for a restore that was begun here and never finished; '' where there is none."""
    path = Path(settings.HOME) / MARK
    if not path.exists():
        return ""
    try:
        name = str(json.loads(path.read_text(encoding="utf-8"))["backup"])
    except (ValueError, KeyError, TypeError):
        name = "—"
    return _(
        "A restore into %(home)s was begun and not finished, so nothing here is whole. "
        "Run it again: qunying restore “%(backup)s”"
    ) % {"home": settings.HOME, "backup": name}


def require_empty(*, words: str) -> None:
    """Raise QunyingError where something is there and the words that give it up were not said."""
    if words == WORDS or (Path(settings.HOME) / MARK).exists() or is_empty():
        return
    raise QunyingError(
        _(
            "%(home)s is in use: it has keys or a database. Restore into an empty place (QUNYING_HOME, "
            "QUNYING_DATABASE), or say that all of it may go: --force “%(words)s”."
        )
        % {"home": settings.HOME, "words": WORDS}
    )


def is_empty() -> bool:
    """Whether there are neither keys nor a database with anything in it."""
    if (Path(settings.HOME) / KEYRING_NAME).exists():
        return False
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return True  # asking would make the file
    return not _own_tables()


def begin(backup: Path) -> None:
    """Leave the sign that from here on nothing is whole until `finish`."""
    Path(settings.HOME).mkdir(parents=True, exist_ok=True, mode=0o700)
    told = {"backup": str(backup), "begun": datetime.now(UTC).isoformat()}
    path = Path(settings.HOME) / MARK
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    path.chmod(0o600)


def finish() -> None:
    """Take the sign away."""
    (Path(settings.HOME) / MARK).unlink()


def clear() -> Path | None:
    """Make the place empty; the directory where what was there lies now, None where nothing was.

    Files and a SQLite database are moved, never deleted. The tables of a PostgreSQL database are dropped.
    """
    connection.close()
    home = Path(settings.HOME)
    there = [path for name in _MOVED if (path := home / name).exists()]
    aside = home / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}"
    for path in there:
        aside.mkdir(exist_ok=True, mode=0o700)
        path.rename(aside / path.name)
    if connection.vendor == "postgresql" and (names := _own_tables()):
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(map(connection.ops.quote_name, names))} CASCADE")
    return aside if there else None


def _own_tables() -> list[str]:
    """Tables of Qunying in this database, those of an older version too; other programs' stay untouched."""
    labels = tuple(f"{config.label}_" for config in apps.get_app_configs())
    named = {"django_migrations", "qunying_cache", *connection.introspection.django_table_names()}
    with connection.cursor() as cursor:
        return sorted(
            name for name in connection.introspection.table_names(cursor) if name in named or name.startswith(labels)
        )
