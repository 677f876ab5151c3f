"""Registers the app with Django."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Files in."""

    name = "qunying.ground.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"
