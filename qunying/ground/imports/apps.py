"""Registers the app with Django."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Files in."""

    name = "qunying.ground.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make imports a kind of job, and have the loop let old uploads go."""
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - models are loaded by now
        from qunying.ground.imports.services_collecting import DAILY, collect_uploads  # noqa: PLC0415 - as above
        from qunying.ground.imports.steps import KIND, LABEL, import_step  # noqa: PLC0415 - as above
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - as above

        register_kind(KIND, import_step, label=LABEL)
        register_chore(collect_uploads, every=DAILY)
