"""Registers the app with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work in short steps."""

    name = "qunying.ground.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
