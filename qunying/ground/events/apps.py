"""Registers the app with Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The event log."""

    name = "qunying.ground.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the follower loop its chores, and say what a restore has to mend."""
        from qunying.ground.audit.services import seal_acts  # noqa: PLC0415 - models are ready only now
        from qunying.ground.backups.port import after_restore, leave_out  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.events.restoring import order_by_id_alone  # noqa: PLC0415 - as above
        from qunying.ground.jobs.services import pick_up_stuck  # noqa: PLC0415 - as above
        from qunying.ground.members.services import fold_dimension_changes  # noqa: PLC0415 - as above

        register_chore(seal_acts)
        register_chore(pick_up_stuck, every=60)
        register_chore(fold_dimension_changes, every=3600)
        leave_out("events_lease")
        after_restore("events", order_by_id_alone, order=10)
