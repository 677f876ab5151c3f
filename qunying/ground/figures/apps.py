"""Registers the app with Django."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """The metric catalogue."""

    name = "qunying.ground.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"
