"""Registers the app with Django, its chore and its to-dos."""

from __future__ import annotations

from django.apps import AppConfig

_EVERY = 60


class StagesConfig(AppConfig):
    """Stages of a community's life."""

    name = "qunying.check.stages"
    label = "stages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have every community looked at once a week, and people asked about what is new."""
        from qunying.check.stages.services import recognise_some  # noqa: PLC0415 - models must be loaded
        from qunying.check.stages.todos import register_todos  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above

        register_chore(recognise_some, every=_EVERY)
        register_todos()
