"""Registers the app with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API."""

    name = "qunying.doors.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have answers that are too old cleared away; a backup has no use for them."""
        from qunying.doors.api.services import collect_answers  # noqa: PLC0415 - models are ready only now
        from qunying.ground.backups.port import leave_out  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above

        register_chore(collect_answers, every=600)
        leave_out("api_answer")
