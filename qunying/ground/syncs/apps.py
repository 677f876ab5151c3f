"""Registers the app with Django."""

from django.apps import AppConfig

_CHECKS = 300
_NIGHT = 600


class SyncsConfig(AppConfig):
    """What platforms tell, held against what we know."""

    name = "qunying.ground.syncs"
    label = "syncs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have accounts looked at, groups compared every night, and secrets of accounts re-encrypted with others."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 - as below

        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - models are ready only now
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - as above
        from qunying.ground.platforms.models import Account  # noqa: PLC0415 - as above
        from qunying.ground.platforms.sealing import renewed  # noqa: PLC0415 - as above
        from qunying.ground.platforms.tasks import hand_out_checks  # noqa: PLC0415 - as above
        from qunying.ground.privacy.sealed import SealedTable, register_sealed  # noqa: PLC0415 - as above
        from qunying.ground.syncs.rounds import KIND, begin_night, step  # noqa: PLC0415 - as above

        register_kind(KIND, step, label=_("Compare groups with their platform"))
        register_sealed(SealedTable("secrets of platform accounts", Account, renewed))
        register_chore(hand_out_checks, every=_CHECKS)
        register_chore(begin_night, every=_NIGHT)
