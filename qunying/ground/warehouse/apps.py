"""Registers the app with Django."""

from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    """The lake."""

    name = "qunying.ground.warehouse"
    label = "warehouse"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the lake's follower run."""
        from qunying.ground.warehouse.followers import register_follower  # noqa: PLC0415 - models must be loaded

        register_follower()
