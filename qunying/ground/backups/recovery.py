"""The public half of the recovery key: what nightly backups are locked with, kept in the home directory."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.vault import PublicKey, new_recovery_key

NAME = "recovery.pub"


def recovery_public() -> PublicKey | None:
    """What locks backups so that the recovery key opens them; None where none was made."""
    path = Path(settings.HOME) / NAME
    return PublicKey(bytes.fromhex(path.read_text(encoding="ascii").strip())) if path.is_file() else None


def make_recovery_key(*, anew: bool = False) -> str:
    """A fresh recovery key, told once; only its public half stays here.

    Raises QunyingError where there is one already, unless `anew`: older backups open with the older key alone.
    """
    if recovery_public() is not None and not anew:
        raise QunyingError(
            _("There is a recovery key already. With --anew a new one takes its place; older backups keep the old one.")
        )
    key = new_recovery_key()
    path = Path(settings.HOME) / NAME
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(f"{key.public.raw.hex()}\n", encoding="ascii")
    fresh.chmod(0o600)
    fresh.replace(path)
    return str(key)
