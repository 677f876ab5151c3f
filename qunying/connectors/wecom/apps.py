"""Registers the app with Django."""

from django.apps import AppConfig

_LEFT_OVER = 10
_TIDY = 3600
_NIGHT = 600


class WeComConfig(AppConfig):
    """WeCom."""

    name = "qunying.connectors.wecom"
    label = "wecom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Serve customer groups: out through the port, in through the callbacks, and keep what has to wait moving."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 - as below

        import qunying.connectors.wecom.kinds  # noqa: F401, PLC0415 - declares the kinds
        from qunying.connectors.wecom.callbacks import TAKER  # noqa: PLC0415 - models are ready only now
        from qunying.connectors.wecom.coding import CODER  # noqa: PLC0415 - as below
        from qunying.connectors.wecom.connector import WeComConnector  # noqa: PLC0415 - as above
        from qunying.connectors.wecom.handing import HANDOUT  # noqa: PLC0415 - as above
        from qunying.connectors.wecom.holdings import register  # noqa: PLC0415 - as above
        from qunying.connectors.wecom.reading import KIND, begin_night, step  # noqa: PLC0415 - as above
        from qunying.connectors.wecom.tasks import forget_old, hand_out_left_over  # noqa: PLC0415 - as above
        from qunying.ground.backups.port import leave_out  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - as above
        from qunying.ground.platforms.callbacks import register_taker  # noqa: PLC0415 - as above
        from qunying.ground.platforms.codes import register_coder  # noqa: PLC0415 - as above
        from qunying.ground.platforms.handouts import register_handout  # noqa: PLC0415 - as above
        from qunying.ground.platforms.names import WECOM  # noqa: PLC0415 - as above
        from qunying.ground.platforms.port import register_connector  # noqa: PLC0415 - as above

        register_connector(WeComConnector(), places=("wecom_group",))
        register_taker(WECOM, TAKER)
        register_handout(HANDOUT)
        register_coder(CODER)
        register()
        leave_out("wecom_heard")
        register_kind(KIND, step, label=_("Compare contacts with WeCom"))
        register_chore(begin_night, every=_NIGHT)
        register_chore(hand_out_left_over, every=_LEFT_OVER)
        register_chore(forget_old, every=_TIDY)
