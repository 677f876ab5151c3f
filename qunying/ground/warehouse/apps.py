"""Registers the app with Django."""

from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    """The lake."""

    name = "qunying.ground.warehouse"
    label = "warehouse"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the lake's follower run, and the lake built anew after a restore: no backup carries it."""
        from qunying.ground.backups.port import after_restore  # noqa: PLC0415 - models must be loaded
        from qunying.ground.warehouse.followers import build_anew, register_follower  # noqa: PLC0415 - models must be loaded

        register_follower()
        after_restore("warehouse", build_anew, order=20)
