"""Registers the app with Django."""

from django.apps import AppConfig

_ARTICLES = 1800


class OfficialAccountConfig(AppConfig):
    """WeChat official accounts."""

    name = "qunying.connectors.official_account"
    label = "official_account"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Serve followers: out through the port, in through the callbacks."""
        import qunying.connectors.official_account.kinds  # noqa: F401, PLC0415 - declares the kinds
        from qunying.connectors.official_account.articles import hand_out_articles  # noqa: PLC0415 - models are ready only now
        from qunying.connectors.official_account.callbacks import TAKER  # noqa: PLC0415 - as above
        from qunying.connectors.official_account.coding import CODER  # noqa: PLC0415 - as above
        from qunying.connectors.official_account.connector import OfficialConnector  # noqa: PLC0415 - as above
        from qunying.connectors.official_account.handing import HANDOUT  # noqa: PLC0415 - as above
        from qunying.connectors.official_account.signing_in import INTRODUCER  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.platforms.callbacks import register_taker  # noqa: PLC0415 - as above
        from qunying.ground.platforms.codes import register_coder  # noqa: PLC0415 - as above
        from qunying.ground.platforms.handouts import register_handout  # noqa: PLC0415 - as above
        from qunying.ground.platforms.introducing import register_introducer  # noqa: PLC0415 - as above
        from qunying.ground.platforms.names import OFFICIAL  # noqa: PLC0415 - as above
        from qunying.ground.platforms.port import register_connector  # noqa: PLC0415 - as above

        register_connector(OfficialConnector())
        register_taker(OFFICIAL, TAKER)
        register_handout(HANDOUT)
        register_coder(CODER)
        register_introducer(INTRODUCER)
        register_chore(hand_out_articles, every=_ARTICLES)
