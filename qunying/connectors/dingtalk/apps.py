"""Registers the app with Django."""

from django.apps import AppConfig

_LINES = 10
_READING = 600


class DingTalkConfig(AppConfig):
    """DingTalk."""

    name = "qunying.connectors.dingtalk"
    label = "dingtalk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Serve groups: out through the port, in over lines that are kept open."""
        from qunying.connectors.dingtalk.connector import DingTalkConnector  # noqa: PLC0415 - models are ready only now
        from qunying.connectors.dingtalk.reading import hand_out_reading  # noqa: PLC0415 - as above
        from qunying.connectors.dingtalk.streams import keep_lines  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.platforms.port import register_connector  # noqa: PLC0415 - as above

        register_connector(DingTalkConnector())
        register_chore(keep_lines, every=_LINES)
        register_chore(hand_out_reading, every=_READING)
