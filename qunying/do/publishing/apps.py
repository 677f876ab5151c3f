"""Registers the app with Django, with reach, with content, and with Today."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Publishing."""

    name = "qunying.do.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer for what leaves, hear of lost approvals and moved slots, end what is over, count what comes back."""
        from qunying.do.publishing import ending, sources  # noqa: PLC0415 - models are loaded by now
        from qunying.do.publishing.approval import ORIGIN, approved_here, hold_unapproved  # noqa: PLC0415 - as above
        from qunying.do.publishing.following import follow_slot  # noqa: PLC0415 - as above
        from qunying.do.publishing.services_thanks import ORIGIN as THANKS  # noqa: PLC0415 - as above
        from qunying.do.publishing.services_thanks import approved_thanks  # noqa: PLC0415 - as above
        from qunying.do.reach.port import register_approver  # noqa: PLC0415 - as above
        from qunying.ground.events.loop import register_chore  # noqa: PLC0415 - as above
        from qunying.ground.figures.catalogue import register_metrics  # noqa: PLC0415 - as above
        from qunying.plan.content.port import register_moved, register_voided  # noqa: PLC0415 - as above

        register_approver(ORIGIN, approved_here)
        register_approver(THANKS, approved_thanks)
        register_voided(ORIGIN, hold_unapproved)
        register_moved(ORIGIN, follow_slot)
        register_chore(ending.end_publications, every=5)
        register_metrics("qunying.do.publishing.metrics")
        sources.register()
