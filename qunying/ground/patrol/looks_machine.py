"""What is looked at on the machine: home, keys, disk, open files, page files, the certificate of the public address."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import ssl
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from qunying.ground.backups.place import unfinished
from qunying.ground.patrol.checks import Seen, State
from qunying.kit.keys import KEYRING_NAME

_LEAST_GB = 1
_LITTLE_GB = 5
_LEAST_FILES = 1024
_RENEW_DAYS = 14
_TIMEOUT = 5


def look_home() -> Seen:
    """Whether the home directory is there, whole and writable."""
    home = Path(settings.HOME)
    if told := unfinished():
        return Seen(State.BAD, "unfinished", {"home": str(home), "sentence": told})
    if not (home.is_dir() and os.access(home, os.W_OK)):
        return Seen(State.BAD, "missing", {"home": str(home)})
    return Seen(State.WELL, "well", {"home": str(home)})


def look_keys() -> Seen:
    """Whether the keys are there and read by their owner alone."""
    path = Path(settings.HOME) / KEYRING_NAME
    if not path.exists():
        return Seen(State.BAD, "missing")
    open_to_others = bool(path.stat().st_mode & 0o077)
    return Seen(State.BAD if open_to_others else State.WELL, "open" if open_to_others else "well", {"path": str(path)})


def look_disk() -> Seen:
    """How much room is left where the home directory lies."""
    usage = shutil.disk_usage(settings.HOME)
    free, share = usage.free / 1e9, usage.free / usage.total
    told = {"gb": f"{free:.1f}", "percent": round(100 * share)}
    if free < _LEAST_GB:
        return Seen(State.BAD, "full", told)
    return Seen(State.WARNING, "little", told) if free < _LITTLE_GB else Seen(State.WELL, "well", told)


def look_files() -> Seen:
    """How many files a process may hold open."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = 0 < soft < _LEAST_FILES
    return Seen(State.WARNING if few else State.WELL, "few" if few else "well", {"count": soft})


def look_assets() -> Seen:
    """Whether the pages' files were built."""
    count = len(list((settings.PACKAGE / "static").rglob("*.js")))
    return Seen(State.WELL, "well", {"count": count}) if count else Seen(State.BAD, "missing")


def look_certificate() -> Seen:
    """How long the certificate of the public address still holds. Only that host is ever asked."""
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme != "https" or not parts.hostname:
        return Seen(State.WELL, "none")
    try:
        ends = _certificate_ends(parts.hostname, parts.port or 443)
    except ssl.SSLCertVerificationError as error:
        return Seen(State.BAD, "invalid", {"host": parts.hostname, "reason": error.verify_message})
    except OSError:
        return Seen(State.WARNING, "silent", {"host": parts.hostname})
    days = (ends - datetime.now(UTC)).days
    told = {"host": parts.hostname, "days": days}
    return Seen(State.BAD, "ends", told) if days < _RENEW_DAYS else Seen(State.WELL, "well", told)


def _certificate_ends(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        closing(socket.create_connection((host, port), timeout=_TIMEOUT)) as raw,
        context.wrap_socket(raw, server_hostname=host) as tls,
    ):
        found = tls.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
