"""The detectors: one file each. Importing this package registers them all."""

from __future__ import annotations

from qunying.act.suggestions.detectors import answers, channel, cohort, funnel, goal, rush, silence, slide, speakers

__all__ = ["answers", "channel", "cohort", "funnel", "goal", "rush", "silence", "slide", "speakers"]
