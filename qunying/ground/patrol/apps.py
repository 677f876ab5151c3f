"""Registers the app with Django, the checks, and what is done again and again."""

from __future__ import annotations

from django.apps import AppConfig

_WATCH = 60
_BACKUPS = 5


class PatrolConfig(AppConfig):
    """Looking after the installation."""

    name = "qunying.ground.patrol"
    label = "patrol"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the follower loop look every minute, begin backups that are due, and put old logs away."""
        from qunying.ground.backups.nightly import begin_due  # noqa: PLC0415 - models are ready only now
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.patrol.services import watch  # noqa: PLC0415 - as above
        from qunying.ground.patrol.shipped import register_shipped  # noqa: PLC0415 - as above
        from qunying.kit.logs import tidy_logs  # noqa: PLC0415 - as above

        register_shipped()
        register_chore(watch, every=_WATCH)
        register_chore(begin_due, every=_BACKUPS)
        register_chore(tidy_logs, every=3600)
