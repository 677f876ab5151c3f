"""Registers the app with Django, its checks, what it wants done, and its section of playbooks."""

from __future__ import annotations

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Content up to its approval."""

    name = "qunying.plan.content"
    label = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what is handed in checked, and reviews and drafts stand on Today."""
        from qunying.plan.content.checks_own import register_own  # noqa: PLC0415 - models are loaded by now
        from qunying.plan.content.todos import register_todos  # noqa: PLC0415 - as above

        register_own()
        register_todos()
