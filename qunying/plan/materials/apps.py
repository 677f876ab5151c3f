"""Registers the app with Django, and what it wants done with Today."""

from __future__ import annotations

from django.apps import AppConfig


class MaterialsConfig(AppConfig):
    """The library of materials, and scripts."""

    name = "qunying.plan.materials"
    label = "materials"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Materials that may soon be used no more stand on Today."""
        from qunying.plan.materials.todos import register_todos  # noqa: PLC0415 - models are loaded by now

        register_todos()
