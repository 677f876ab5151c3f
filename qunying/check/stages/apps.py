"""Registers the app with Django and its chore."""

from __future__ import annotations

from django.apps import AppConfig

_EVERY = 60


class StagesConfig(AppConfig):
    """Stages of a community's life."""

    name = "qunying.check.stages"
    label = "stages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have every community looked at once a week."""
        from qunying.check.stages.services import recognise_some  # noqa: PLC0415 - models must be loaded
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above

        register_chore(recognise_some, every=_EVERY)
