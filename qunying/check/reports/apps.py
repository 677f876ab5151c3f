"""Registers the app with Django, and what the plan tells in reports."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Reports."""

    name = "qunying.check.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have goals, alerts and work tell their parts."""
        from qunying.check.reports.plan_parts import (  # noqa: PLC0415 - models must be loaded
            decisions_told,
            goals_told,
            next_told,
            problems_told,
        )
        from qunying.check.reports.port import Part, register_teller  # noqa: PLC0415 - as above

        register_teller(Part.GOALS, "goals", goals_told, label=_("Goals"), order=10)
        register_teller(Part.PROBLEMS, "alerts", problems_told, label=_("Alerts"), order=10)
        register_teller(Part.DECISIONS, "goals", decisions_told, label=_("Goals"), order=10)
        register_teller(Part.NEXT, "plan", next_told, label=_("Goals and work"), order=10)
