"""Registers the app with Django."""

from django.apps import AppConfig

_TIDY = 3600
_REQUESTS = 900


class QQConfig(AppConfig):
    """QQ."""

    name = "qunying.connectors.qq"
    label = "qq"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Serve groups with an official robot: out through the port, in through the callbacks."""
        from qunying.connectors.qq.callbacks import TAKER  # noqa: PLC0415 - models are ready only now
        from qunying.connectors.qq.connector import QQConnector  # noqa: PLC0415 - as above
        from qunying.connectors.qq.openings import forget_old  # noqa: PLC0415 - as above
        from qunying.connectors.qq.tasks import hand_out_requests  # noqa: PLC0415 - as above
        from qunying.ground.backups.port import leave_out  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.platforms.callbacks import register_taker  # noqa: PLC0415 - as above
        from qunying.ground.platforms.names import QQ  # noqa: PLC0415 - as above
        from qunying.ground.platforms.port import register_connector  # noqa: PLC0415 - as above

        register_connector(QQConnector(), places=("qq",))
        register_taker(QQ, TAKER)
        leave_out("qq_opening")
        register_chore(forget_old, every=_TIDY)
        register_chore(hand_out_requests, every=_REQUESTS)
