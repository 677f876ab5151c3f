"""Registers the app with Django, its job and chore, and what the plan tells in reports."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_EVERY = 300


class ReportsConfig(AppConfig):
    """Reports."""

    name = "qunying.check.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have goals, alerts and work tell their parts, and scheduled reports made in time."""
        from qunying.check.reports.jobs import KIND, start_where_due, step  # noqa: PLC0415 - models must be loaded
        from qunying.check.reports.plan_parts import (  # noqa: PLC0415 - as above
            decisions_told,
            goals_told,
            next_told,
            problems_told,
        )
        from qunying.check.reports.port import Part, register_teller  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - as above

        register_kind(KIND, step, label=_("Make scheduled reports"))
        register_chore(start_where_due, every=_EVERY)
        register_teller(Part.GOALS, "goals", goals_told, label=_("Goals"), order=10)
        register_teller(Part.PROBLEMS, "alerts", problems_told, label=_("Alerts"), order=10)
        register_teller(Part.DECISIONS, "goals", decisions_told, label=_("Goals"), order=10)
        register_teller(Part.NEXT, "plan", next_told, label=_("Goals and work"), order=10)
