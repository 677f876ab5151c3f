"""Registers the app with Django."""

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    """Platforms and accounts on them."""

    name = "qunying.ground.platforms"
    label = "platforms"
    default_auto_field = "django.db.models.BigAutoField"
