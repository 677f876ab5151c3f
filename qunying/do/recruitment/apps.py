"""Registers the app with Django, and what it wants done with Today."""

from __future__ import annotations

from django.apps import AppConfig


class RecruitmentConfig(AppConfig):
    """Channels, join links and the pictures they lead to."""

    name = "qunying.do.recruitment"
    label = "recruitment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Pictures that end and groups that fill stand on Today."""
        from qunying.do.recruitment.sources import register  # noqa: PLC0415 - models must be loaded

        register()
