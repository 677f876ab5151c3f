"""Registers the app with Django."""

from django.apps import AppConfig


class OneBotConfig(AppConfig):
    """OneBot 11."""

    name = "qunying.connectors.onebot"
    label = "onebot"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Serve QQ groups without an official robot, once somebody answers for it."""
        from qunying.connectors.onebot.callbacks import TAKER  # noqa: PLC0415 - models are ready only now
        from qunying.connectors.onebot.connector import OneBotConnector  # noqa: PLC0415 - as above
        from qunying.connectors.onebot.notice import NOTICE, ONEBOT  # noqa: PLC0415 - as above
        from qunying.ground.platforms.callbacks import register_taker  # noqa: PLC0415 - as above
        from qunying.ground.platforms.notices import register_notice  # noqa: PLC0415 - as above
        from qunying.ground.platforms.port import register_connector  # noqa: PLC0415 - as above

        register_connector(OneBotConnector())
        register_taker(ONEBOT, TAKER)
        register_notice(NOTICE)
