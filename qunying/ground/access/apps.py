"""Registers the app with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Staff and roles."""

    name = "qunying.ground.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
