"""Registers the app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """Work to do: who, until when, and where it came from."""

    name = "qunying.plan.schedule"
    label = "schedule"

    def ready(self) -> None:
        """Make work the first source of to-dos."""
        from qunying.plan.schedule.sources import register_work  # noqa: PLC0415 - models are loaded by now

        register_work()
