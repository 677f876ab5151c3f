"""Registers the app with Django."""

from django.apps import AppConfig

DAILY = 24 * 3600.0


class SegmentsConfig(AppConfig):
    """Saved segments."""

    name = "qunying.ground.segments"
    label = "segments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the loop keep the tags of segments in step, once a day."""
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - models are loaded by now
        from qunying.ground.segments.services_tagging import keep_all_in_step  # noqa: PLC0415 - as above

        register_chore(keep_all_in_step, every=DAILY)
