"""Registers the app with Django."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """The organisation tree."""

    name = "qunying.ground.units"
    label = "units"
    default_auto_field = "django.db.models.BigAutoField"
