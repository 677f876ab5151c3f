"""The app of word lists and the checks that stand on them."""

from __future__ import annotations

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """Word lists, and what is found in a text before it goes out."""

    name = "qunying.plan.compliance"
    label = "compliance"
    default_auto_field = "django.db.models.BigAutoField"
