"""Registers the app with Django, its checks, what it wants done, and its section of playbooks."""

from __future__ import annotations

from django.apps import AppConfig

_HOUR = 3600


class ContentConfig(AppConfig):
    """Content up to its approval."""

    name = "qunying.plan.content"
    label = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what is handed in checked, reviews and drafts stand on Today, and the plan kept filled by its rules."""
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - models are loaded by now
        from qunying.plan.content import holdings, playbook, retention  # noqa: PLC0415 - as above
        from qunying.plan.content.checks_own import register_own  # noqa: PLC0415 - as above
        from qunying.plan.content.checks_parts import register_parts  # noqa: PLC0415 - as above
        from qunying.plan.content.checks_words import register_words  # noqa: PLC0415 - as above
        from qunying.plan.content.services_cadences import fill_all  # noqa: PLC0415 - as above
        from qunying.plan.content.todos import register_todos  # noqa: PLC0415 - as above

        register_own()
        register_words()
        register_parts()
        register_todos()
        playbook.register()
        holdings.register()
        retention.register()
        register_chore(fill_all, every=_HOUR)
