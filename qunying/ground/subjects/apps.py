"""Registers the app with Django."""

from importlib import import_module

from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    """Requests of the people whose data it is, and retention."""

    name = "qunying.ground.subjects"
    label = "subjects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what the ground holds of people and for how long, and give the loop its chores."""
        for name in ("holdings_people", "holdings_doings", "classes"):
            import_module(f"qunying.ground.subjects.{name}")
        from qunying.ground.backups.port import after_restore  # noqa: PLC0415 - models are ready only now
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - as above
        from qunying.ground.subjects.erasing import KIND, LABEL, erasure_step  # noqa: PLC0415 - as above
        from qunying.ground.subjects.services_erasure import repeat_erasures  # noqa: PLC0415 - as above
        from qunying.ground.subjects.services_retention import DAILY, apply_retention  # noqa: PLC0415 - as above

        register_kind(KIND, erasure_step, label=LABEL)
        after_restore("erasures", repeat_erasures)
        register_chore(repeat_erasures, every=DAILY)
        register_chore(apply_retention, every=DAILY)
