"""Registers the app with Django."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks."""

    name = "qunying.ground.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the follower run, due deliveries handed to workers, and secrets re-encrypted with the other keys."""
        from qunying.ground.events.followers import register  # noqa: PLC0415 - models are ready only now
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.privacy.sealed import SealedTable, register_sealed  # noqa: PLC0415 - as above
        from qunying.ground.webhooks.followers import WebhookFollower  # noqa: PLC0415 - as above
        from qunying.ground.webhooks.models import Endpoint  # noqa: PLC0415 - as above
        from qunying.ground.webhooks.sealing import renewed  # noqa: PLC0415 - as above
        from qunying.ground.webhooks.tasks import clear_old, hand_out_due  # noqa: PLC0415 - as above

        register(WebhookFollower())
        register_chore(hand_out_due, every=2)
        register_chore(clear_old, every=3600)
        register_sealed(SealedTable("webhook secrets", Endpoint, renewed))
