"""Registers the app with Django."""

from importlib import import_module
from pathlib import Path

from django.apps import AppConfig


class FileConnectorsConfig(AppConfig):
    """Importers for files."""

    name = "qunying.connectors.files"
    label = "file_connectors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load every module beside this one: each registers its own format."""
        for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
            if path.stem != "apps":
                import_module(f"qunying.connectors.files.{path.stem}")
