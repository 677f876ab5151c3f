"""Registers the app with Django."""

from django.apps import AppConfig

_METRICS = ("membership", "activity", "rolling", "retention", "cohorts", "lifecycle", "funnel", "orders")


class FiguresConfig(AppConfig):
    """The metric catalogue."""

    name = "qunying.ground.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the catalogue where the metrics are, in the order of the definition sheet."""
        from qunying.ground.backups.port import leave_out  # noqa: PLC0415 - as in every app: when all are known
        from qunying.ground.figures.catalogue import register_metrics  # noqa: PLC0415 - settings must be loaded

        leave_out("figures_settledfigure")
        register_metrics(*(f"qunying.ground.figures.metrics.{name}" for name in _METRICS))
