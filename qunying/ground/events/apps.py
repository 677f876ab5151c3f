"""Registers the app with Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The event log."""

    name = "qunying.ground.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the follower loop its chores."""
        from qunying.ground.audit.services import seal_acts  # noqa: PLC0415 - models are ready only now
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.jobs.services import pick_up_stuck  # noqa: PLC0415 - as above
        from qunying.ground.members.services import fold_dimension_changes  # noqa: PLC0415 - as above

        register_chore(seal_acts)
        register_chore(pick_up_stuck, every=60)
        register_chore(fold_dimension_changes, every=3600)
