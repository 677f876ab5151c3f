"""Registers the app with Django."""

from django.apps import AppConfig


class FileConnectorsConfig(AppConfig):
    """Importers for files."""

    name = "qunying.connectors.files"
    label = "file_connectors"
    default_auto_field = "django.db.models.BigAutoField"
