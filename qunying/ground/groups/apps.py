"""Registers the app with Django."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Communities, groups, memberships."""

    name = "qunying.ground.groups"
    label = "groups"
    default_auto_field = "django.db.models.BigAutoField"
