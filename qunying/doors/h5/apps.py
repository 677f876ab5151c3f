"""Registers the door with Django."""

from django.apps import AppConfig


class H5Config(AppConfig):
    """Pages for members and visitors."""

    name = "qunying.doors.h5"
    label = "h5"
