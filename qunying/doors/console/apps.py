"""Registers the app with Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The console."""

    name = "qunying.doors.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
