"""Registers the app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Supervision of units."""

    name = "qunying.check.supervision"
    label = "supervision"
    default_auto_field = "django.db.models.BigAutoField"
