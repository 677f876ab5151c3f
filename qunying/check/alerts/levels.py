"""The four levels: their limits, names and looks."""

from __future__ import annotations

from enum import IntEnum

from django.utils.translation import pgettext_lazy

from qunying.check.tracking.wording import Look
from qunying.kit.ladder import Ladder


class Level(IntEnum):
    """How far behind, from calm on upwards."""

    CALM = 0
    NOTICE = 1
    ATTENTION = 2
    WARNING = 3
    EMERGENCY = 4


LADDER = Ladder(limits=(10, 15, 20, 30), deadband=2, on_delay=2, off_delay=1)
"""By how many % a goal is behind its path; samples are days. Source: methods §9.3."""


LOOKS = {
    Level.CALM: Look(pgettext_lazy("alert level", "Calm"), "circle-check", "level-calm"),
    Level.NOTICE: Look(pgettext_lazy("alert level", "Notice"), "info-circle", "level-notice"),
    Level.ATTENTION: Look(pgettext_lazy("alert level", "Attention"), "eye", "level-attention"),
    Level.WARNING: Look(pgettext_lazy("alert level", "Warning"), "alert-triangle", "level-warning"),
    Level.EMERGENCY: Look(pgettext_lazy("alert level", "Emergency"), "alert-circle", "level-emergency"),
}
