"""Registers the app with Django, and the section of playbooks that it brings to life."""

from __future__ import annotations

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Goals."""

    name = "qunying.plan.goals"
    label = "goals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Playbooks may hold goals."""
        from qunying.plan.goals.playbook import register  # noqa: PLC0415 - models must be loaded

        register()
