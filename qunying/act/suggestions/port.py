"""What a detector is, and the registry of those there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.utils.functional import _StrPromise

    from qunying.act.suggestions.history import History, Look
    from qunying.kit.periods import Period

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question a detector put to the figures, whatever the answer: all of them count among the tests of a run.

    `subject` names what was asked about (a group's id, a channel), stable from night to night. `p` is
    the chance of such a figure where nothing has changed; None for what is no test. `large` tells
    whether the change is also large enough to matter. `effect` is how large: a relative change, or a
    difference of shares. `params` fill the sentence; `evidence` is the small chart.
    """

    detector: str
    subject: str
    p: float | None
    large: bool
    effect: float
    params: Params = field(default_factory=dict)
    evidence: Params = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the finding is called from night to night."""
        return f"{self.detector}:{self.subject}" if self.subject else self.detector


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure before or after: a share carries part and whole, anything else only its value."""

    value: float
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Detector:
    """One way of noticing.

    `find` puts its questions to a look. `sentence` says a finding in the reader's language, `title` in a
    few words. `helps` is what usually helps. `figure` measures, for a period, the figure the finding is
    about, to be held against itself later; None where there are too few to count. `unit` of that
    figure: share, per_day, per_week, minutes, orders. `better` is +1 where more is better, −1 where less is.
    """

    name: str
    label: _StrPromise
    looks_at: _StrPromise
    find: Callable[[Look], Iterable[Asked]]
    title: Callable[[Mapping[str, Any]], str]
    sentence: Callable[[Mapping[str, Any]], str]
    helps: tuple[_StrPromise, ...]
    figure: Callable[[History, Period, Mapping[str, Any]], Measured | None]
    figure_label: _StrPromise
    unit: str
    better: int = 1
    good_news: bool = False


_detectors: dict[str, Detector] = {}


def register_detector(detector: Detector) -> Detector:
    """Add a detector; the same name again replaces it."""
    _detectors[detector.name] = detector
    return detector


def detectors() -> list[Detector]:
    """Every detector, in the order of registration."""
    return list(_detectors.values())


def detector_named(name: str) -> Detector | None:
    """The detector of this name; None where the house no longer has it."""
    return _detectors.get(name)
