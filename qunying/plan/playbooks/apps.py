"""The app of ready plans."""

from __future__ import annotations

from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """Playbooks: ready plans as files, and what was made from them."""

    name = "qunying.plan.playbooks"
    label = "playbooks"
