"""Registers the app with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Acts of people and keys."""

    name = "qunying.ground.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
