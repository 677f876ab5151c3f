"""Registers the app with Django."""

from importlib import import_module

from django.apps import AppConfig

_METRICS = ("membership", "activity", "rolling", "retention", "cohorts", "lifecycle", "funnel", "orders")


class FiguresConfig(AppConfig):
    """The metric catalogue."""

    name = "qunying.ground.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the catalogue, in the order of the definition sheet."""
        from qunying.ground.backups.port import leave_out  # noqa: PLC0415 - as in every app: when all are known

        leave_out("figures_settledfigure")
        for name in _METRICS:
            import_module(f"qunying.ground.figures.metrics.{name}")
