"""Suggestions in the reader's language, put together from codes and numbers when they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.act.suggestions.port import detector_named
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from qunying.act.suggestions.models import Result, Suggestion

ENOUGH_RESULTS = 3
_HUNDREDTH, _THOUSANDTH = 0.01, 0.001


def title_of(suggestion: Suggestion) -> str:
    """What was found, in a few words."""
    detector = detector_named(suggestion.detector)
    return detector.title(suggestion.params) if detector else suggestion.key


def sentence_of(suggestion: Suggestion) -> str:
    """What was found, as a sentence with its numbers."""
    detector = detector_named(suggestion.detector)
    return detector.sentence(suggestion.params) if detector else suggestion.key


def helps_of(suggestion: Suggestion) -> Sequence[_StrPromise]:
    """What usually helps."""
    detector = detector_named(suggestion.detector)
    return detector.helps if detector else ()


def sureness_of(suggestion: Suggestion) -> str:
    """How sure the finding is, in words; '' for what is no test."""
    if suggestion.q is None:
        return ""
    bound = _THOUSANDTH if suggestion.q < _THOUSANDTH else _HUNDREDTH
    return _("Fewer than %(many)s in 1,000 findings like this are chance.") % {"many": round(bound * 1000)}


def figure_words(suggestion: Suggestion, value: float, part: int | None, whole: int | None) -> str:
    """A measured figure with its unit; a share with its numbers."""
    detector = detector_named(suggestion.detector)
    if detector is not None and detector.unit == "share":
        return f"{formats.percent(value)} ({part} / {whole})"
    if detector is not None and detector.unit == "minutes":
        return _("%(minutes)s min") % {"minutes": formats.whole(round(value, 1))}
    return formats.whole(round(value, 1))


def expected_of(past: Sequence[Result]) -> str:
    """The effect to be expected, with its source; or that it is not known yet."""
    changes = sorted(change for result in past if (change := result.change) is not None)
    if len(changes) < ENOUGH_RESULTS:
        return _("Not known yet: too few accepted suggestions of this kind have been measured here.")
    centre = changes[len(changes) // 2]
    return _(
        "After %(many)s accepted suggestions of this kind the figure changed by %(change)s in the median "
        "(from %(low)s to %(high)s). Source: your own results."
    ) % {
        "many": len(changes),
        "change": formats.percent(centre, decimals=0),
        "low": formats.percent(changes[0], decimals=0),
        "high": formats.percent(changes[-1], decimals=0),
    }


def stake_of(suggestion: Suggestion) -> str:
    """What hangs on it, where the figures themselves say so: what the other channels, or earlier cohorts, reach."""
    params = suggestion.params
    said = ""
    if suggestion.detector == "channel":
        said = _("Were this channel to hold people as the others do, %(more)s more of every hundred would stay.")
    elif suggestion.detector == "cohort":
        params = params | {"more": round((params["before"] - params["share"]) * params["whole"])}
        said = _("As the cohorts before, %(more)s more of these %(whole)s would have come back.")
    return said % params if said else ""


def result_words(suggestion: Suggestion, result: Result) -> str:
    """What came of it: the figure before and after, without claiming a cause."""
    detector = detector_named(suggestion.detector)
    label = str(detector.figure_label) if detector else suggestion.key
    before = figure_words(suggestion, result.before, result.before_part, result.before_whole)
    after = figure_words(suggestion, result.after, result.after_part, result.after_whole)
    return _("%(label)s: %(before)s before, %(after)s after.") % {"label": label, "before": before, "after": after}
