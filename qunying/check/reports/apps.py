"""Registers the app with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports."""

    name = "qunying.check.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
