"""Registers the app with Django and its chore."""

from __future__ import annotations

from django.apps import AppConfig

_EVERY = 60


class AlertsConfig(AppConfig):
    """Alerts."""

    name = "qunying.check.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have new looks at goals judged within a minute."""
        from qunying.check.alerts.services import judge_all  # noqa: PLC0415 - models must be loaded
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above

        register_chore(judge_all, every=_EVERY)
