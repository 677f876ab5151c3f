"""Registers the app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """Work to do: who, until when, and where it came from."""

    name = "qunying.plan.schedule"
    label = "schedule"

    def ready(self) -> None:
        """Make work the first source of to-dos, and a part of playbooks."""
        from qunying.plan.schedule.playbook import register  # noqa: PLC0415 - models are loaded by now
        from qunying.plan.schedule.sources import PLANNED, register_work  # noqa: PLC0415 - as above
        from qunying.plan.schedule.todo import register_origin  # noqa: PLC0415 - as above

        register_work()
        register()
        register_origin(PLANNED, page="application_origin")
