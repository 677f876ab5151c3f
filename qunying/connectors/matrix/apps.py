"""Registers the app with Django."""

from django.apps import AppConfig


class MatrixConfig(AppConfig):
    """Matrix."""

    name = "qunying.connectors.matrix"
    label = "matrix_connector"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Serve the platform: out through the port, in through the callbacks, back through history."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 - as below

        from qunying.connectors.matrix.callbacks import TAKER  # noqa: PLC0415 - models are ready only now
        from qunying.connectors.matrix.connector import MatrixConnector  # noqa: PLC0415 - as above
        from qunying.connectors.matrix.history import KIND, step  # noqa: PLC0415 - as above
        from qunying.connectors.matrix.registration import HANDOUT  # noqa: PLC0415 - as above
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - as above
        from qunying.ground.platforms.callbacks import register_taker  # noqa: PLC0415 - as above
        from qunying.ground.platforms.handouts import register_handout  # noqa: PLC0415 - as above
        from qunying.ground.platforms.names import MATRIX  # noqa: PLC0415 - as above
        from qunying.ground.platforms.port import register_connector  # noqa: PLC0415 - as above
        from qunying.ground.syncs.history import register_history  # noqa: PLC0415 - as above

        register_connector(MatrixConnector())
        register_taker(MATRIX, TAKER)
        register_handout(HANDOUT)
        register_kind(KIND, step, label=_("Read the history of a Matrix room"))
        register_history(MATRIX, KIND)
