"""Registers the app with Django, and what no backup carries."""

from __future__ import annotations

from django.apps import AppConfig

_LIBRARIES = (
    "django_session",
    "usersessions_usersession",
    "django_q_ormq",
    "django_q_task",
    "qunying_cache",
    "backups_backup",
)
"""Sign-ins, the queue (jobs in the database find their way back into it), its history, the cache, and the
list of backups: those files lie on the machine that made them."""


class BackupsConfig(AppConfig):
    """Backups."""

    name = "qunying.ground.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Leave out what is of use on this machine alone."""
        from qunying.ground.backups.port import leave_out  # noqa: PLC0415 - apps are loaded one by one

        leave_out(*_LIBRARIES)
