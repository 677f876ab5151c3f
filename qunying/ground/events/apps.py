"""Registers the app with Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The event log."""

    name = "qunying.ground.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
