"""Registers the app with Django, what it follows, its chores, its section of playbooks and what it holds of people."""

from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """Journeys."""

    name = "qunying.do.journeys"
    label = "journeys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare its kinds of facts."""
        from qunying.do.journeys import kinds  # noqa: F401, PLC0415 - importing kinds declares them
