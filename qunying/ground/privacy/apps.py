"""Registers the app with Django."""

from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Consents, minors, freezes, tombstones and the keys."""

    name = "qunying.ground.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the purposes every community has, and make the rotation of keys a kind of job."""
        import_module("qunying.ground.privacy.own_purposes")
        from qunying.ground.jobs.kinds import register_kind  # noqa: PLC0415 - models are ready only now
        from qunying.ground.privacy.rotation import KIND, LABEL, rotation_step  # noqa: PLC0415 - as above

        register_kind(KIND, rotation_step, label=LABEL)
