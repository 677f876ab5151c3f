"""Registers the app with Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The console."""

    name = "qunying.doors.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every area add its lines to the menu."""
        from qunying.doors.console.menu import find_menus  # noqa: PLC0415 - models exist only now

        find_menus()
