"""Registers the app with Django, its job and its chore."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_EVERY = 300


class TrackingConfig(AppConfig):
    """Progress of goals."""

    name = "qunying.check.tracking"
    label = "tracking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have goals looked at once a day, soon after their local midnight."""
        from qunying.check.tracking.jobs import KIND, start_where_due, step  # noqa: PLC0415 - models must be loaded
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - as above

        register_kind(KIND, step, label=_("Look at the goals"))
        register_chore(start_where_due, every=_EVERY)
