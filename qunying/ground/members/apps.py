"""Registers the app with Django."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """People and identities."""

    name = "qunying.ground.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"
