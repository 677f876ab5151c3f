"""Registers the app with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files."""

    name = "qunying.ground.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
