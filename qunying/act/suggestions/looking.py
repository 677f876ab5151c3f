"""One look at a community: every detector's questions, held against the number of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.act.suggestions.port import detectors
from qunying.kit.significance import false_discoveries

if TYPE_CHECKING:
    from qunying.act.suggestions.history import Look
    from qunying.act.suggestions.port import Asked

ALPHA = 0.01
"""The share of false alarms among findings. A community is looked at in some fifty independent weeks a year."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A question whose answer is neither chance nor small; `q` is its share of false alarms."""

    asked: Asked
    q: float | None


def ask_everything(look: Look) -> list[Asked]:
    """Every question there are figures enough for."""
    return [asked for detector in detectors() for asked in detector.find(look)]


def findings(questions: list[Asked]) -> list[Finding]:
    """Those whose change is large, and not by chance though so many questions were put; the surest first."""
    tests = [(asked, asked.p) for asked in questions if asked.p is not None]
    q_values = false_discoveries([p for _asked, p in tests])
    found = [Finding(asked, q) for (asked, _p), q in zip(tests, q_values, strict=True) if q <= ALPHA and asked.large]
    judged = [Finding(asked, None) for asked in questions if asked.p is None and asked.large]
    return sorted(found + judged, key=lambda finding: (finding.q or 0.0, finding.asked.key))
