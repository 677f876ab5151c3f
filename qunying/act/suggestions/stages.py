"""What the stage of a community's life puts first."""

from __future__ import annotations

from math import log10

_FIRST, _USUAL, _LATER = 2.0, 1.0, 0.5
_WEIGHTS: dict[str, dict[str, float]] = {
    "start": {"channel": _FIRST, "cohort": _FIRST, "funnel": _LATER, "rush": _LATER},
    "growth": {"channel": _FIRST, "cohort": _FIRST},
    "maturity": {"funnel": _FIRST, "answers": _FIRST, "goal": _FIRST, "orders": _FIRST, "channel": _LATER},
    "decline": {"silence": _FIRST, "speakers": _FIRST, "slide": _FIRST, "answers": _FIRST, "channel": _LATER},
    "revival": {"speakers": _FIRST, "slide": _FIRST, "cohort": _FIRST},
}
"""Stage → detector → weight, 1 where nothing is said: early on who comes and stays, later how they are served."""
_BARELY, _DECADES = 0.01, 4


def weight_of(detector: str, stage: str) -> float:
    """How much a finding of this detector counts in this stage ('' where the stage is not known)."""
    return _WEIGHTS[stage].get(detector, _USUAL) if stage in _WEIGHTS else _USUAL


def urgency(*, detector: str, stage: str, q: float | None, effect: float) -> float:
    """In which order suggestions stand, the highest first: weight × size × sureness.

    Size is half of one plus the effect, at most one and a half; sureness is 1 for what is barely sure
    (q 0.01) or no test at all, and 2 from q 10⁻⁶ on.
    """
    sure = 1.0 if q is None else 1.0 + min(1.0, max(0.0, log10(_BARELY / max(q, 1e-300)) / _DECADES))
    return weight_of(detector, stage) * (0.5 + min(1.0, abs(effect))) * sure
