"""Registers the app with Django."""

from django.apps import AppConfig

DAILY = 24 * 3600.0


class MergesConfig(AppConfig):
    """Who turned out to be one person, and who may be."""

    name = "qunying.ground.merges"
    label = "merges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the loop look for people who may be one, once a day."""
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - models are loaded by now
        from qunying.ground.merges.services_looking import look_for_likenesses  # noqa: PLC0415 - as above

        register_chore(look_for_likenesses, every=DAILY)
