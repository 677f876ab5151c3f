"""Registers the app with Django, the section of playbooks that it brings to life, and its to-dos."""

from __future__ import annotations

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Goals."""

    name = "qunying.plan.goals"
    label = "goals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Playbooks may hold goals, and revisions that are due stand in everyone's list."""
        from qunying.plan.goals.playbook import register  # noqa: PLC0415 - models must be loaded
        from qunying.plan.goals.todos import register_todos  # noqa: PLC0415 - as above

        register()
        register_todos()
