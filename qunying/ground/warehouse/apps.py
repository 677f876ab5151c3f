"""Registers the app with Django."""

from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    """The lake."""

    name = "qunying.ground.warehouse"
    label = "warehouse"
    default_auto_field = "django.db.models.BigAutoField"
