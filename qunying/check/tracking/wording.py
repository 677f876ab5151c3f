"""Standings in words that console, reports and command line share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.check.tracking.models import Status, Why
from qunying.check.tracking.outlooks import BY_HAND, LIKELY, OPEN, UNLIKELY
from qunying.check.tracking.paths import path_of
from qunying.ground.figures.recorded import GAPS
from qunying.kit import formats
from qunying.kit.forecasting import RefusedFor
from qunying.plan.goals.amounts import shown
from qunying.plan.goals.models import Goal
from qunying.plan.goals.readings import Reading, reading_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.check.tracking.models import Seen


@dataclass(frozen=True, slots=True)
class Look:
    """A status of a goal, or a level of an alert, on a page: its word, its icon and its style."""

    word: _StrPromise
    icon: str
    style: str


LOOKS = {
    Status.ON_COURSE: Look(pgettext_lazy("goal status", "On course"), "circle-check", "status-good"),
    Status.WITHIN: Look(pgettext_lazy("goal status", "Within tolerance"), "minus", "status-fair"),
    Status.OFF_COURSE: Look(pgettext_lazy("goal status", "Off course"), "alert-triangle", "status-bad"),
    Status.REACHED: Look(pgettext_lazy("goal status", "Reached"), "flag", "status-good"),
    Status.NEAR: Look(pgettext_lazy("goal status", "Just short"), "minus", "status-fair"),
    Status.MISSED: Look(pgettext_lazy("goal status", "Missed"), "circle-x", "status-bad"),
    Status.UNMEASURED: Look(pgettext_lazy("goal status", "Not measurable yet"), "clock", "status-open"),
}

METHODS: dict[str, _StrPromise] = {
    "seasonal_naive": gettext_lazy("as last week (seasonal-naive)"),
    "ses": gettext_lazy("simple exponential smoothing"),
    "holt_damped": gettext_lazy("Holt's method with a damped trend"),
    "theta": gettext_lazy("Theta"),
    "holt_winters": gettext_lazy("Holt-Winters with weekdays"),
    "holt_winters_damped": gettext_lazy("Holt-Winters with weekdays and a damped trend"),
}

VERDICTS: dict[str, _StrPromise] = {
    LIKELY: gettext_lazy("Will probably be reached"),
    UNLIKELY: gettext_lazy("Will probably not be reached"),
    OPEN: gettext_lazy("May go either way"),
}

NO_BASELINES: dict[str, _StrPromise] = {
    Goal.NoBaseline.HAND: gettext_lazy("Nobody has measured where it sets out from."),
    Goal.NoBaseline.SHORT: gettext_lazy("The history is too short: it begins after the days to compare with."),
    Goal.NoBaseline.EMPTY: gettext_lazy("Nothing could be counted over the days to compare with."),
    Goal.NoBaseline.UNTAKEN: gettext_lazy("The baseline has not been counted yet."),
}


def why_words(goal: Goal, seen: Seen) -> str:
    """Why a goal cannot be judged yet, in a sentence; empty where it can."""
    sentences = {
        Why.FUTURE: _("It begins on %(day)s.") % {"day": formats.day(goal.start)},
        Why.EARLY: _(
            "Too early to judge: the first days of a total say more about their weekdays than about the goal."
        ),
        Why.NO_FACTS: _("No facts are known since it began. Import newer files, and it can be measured."),
        Why.NO_VALUE: _("Nobody has entered a value yet.")
        if goal.by_hand
        else _("Nobody was there yet of whom it could be counted."),
        Why.NO_TARGET: _("Its target is a multiple of a baseline that is not known. Revise it to a number."),
        **{Why(gap.value): str(words) for gap, words in GAPS.items()},
    }
    return sentences[Why(seen.why)] if seen.why else ""


def room_of(goal: Goal, seen: Seen) -> float | None:
    """How much is left to the bound that was held to then, in the goal's unit; None where there is no such bound."""
    path = path_of(goal)
    if path is None or seen.value is None or seen.target is None or seen.status == Status.UNMEASURED:
        return None
    return replace(path, target=seen.target).room(seen.value)


def room_words(goal: Goal, seen: Seen) -> str:
    """2.1 percentage points to spare, over the limit or short of it; empty where it is no bound to keep to."""
    room = room_of(goal, seen)
    if room is None:
        return ""
    amount = _amount(goal, abs(room))
    if amount == _amount(goal, 0.0):
        return _("exactly at the limit")
    beyond = _("%(amount)s over the limit") if goal.direction == Goal.Direction.DOWN else _("%(amount)s short of it")
    return (_("%(amount)s to spare") if room > 0 else beyond) % {"amount": amount}


def _amount(goal: Goal, value: float) -> str:
    if goal.unit == Goal.Unit.SHARE:
        return _("%(points)s percentage points") % {"points": f"{value * 100:.1f}"}
    return shown(value, unit=goal.unit, currency=goal.community.currency)


def course_words(goal: Goal, seen: Seen) -> str:
    """How it stands beside its path or, where there is none to go, how much room is left to its bound."""
    path = path_of(goal)
    flat = path is not None and not path.has_way
    return room_words(goal, seen) if flat else deviation_words(seen)


def deviation_words(seen: Seen) -> str:
    """12.3% ahead of the path, 4.0% behind it, or on it; empty where there is none."""
    if seen.deviation is None or seen.status == Status.UNMEASURED:
        return ""
    share = formats.percent(abs(seen.deviation))
    over = seen.day >= seen.due
    if seen.deviation >= 0:
        return (_("%(share)s beyond the target") if over else _("%(share)s ahead of the path")) % {"share": share}
    return (_("%(share)s short of the target") if over else _("%(share)s behind the path")) % {"share": share}


def outlook_words(goal: Goal, outlook: dict[str, Any] | None) -> str:
    """The forecast with its interval, method and record in sentences, or why there is none; empty for none at all."""
    if outlook is None:
        return ""
    if outlook["refused"]:
        return refusal_words(outlook)
    currency = goal.community.currency
    low, point, high = (shown(outlook[name], unit=goal.unit, currency=currency) for name in ("low", "point", "high"))
    parts = [
        _("On the due day about %(point)s, between %(low)s and %(high)s.") % {"point": point, "low": low, "high": high},
        record_words(outlook),
    ]
    return formats.sentences(parts)


def record_words(outlook: dict[str, Any]) -> str:
    """By which method, and how often its interval held on this very history."""
    return _("Method: %(method)s; its %(level)s interval held %(held)s of %(trials)s times on this history.") % {
        "method": METHODS[outlook["method"]],
        "level": formats.percent(outlook["level"], decimals=0),
        "held": outlook["held"],
        "trials": outlook["trials"],
    }


def refusal_words(outlook: dict[str, Any]) -> str:
    """Why nothing is foretold."""
    if outlook["refused"] == BY_HAND:
        return _("No forecast: values entered by hand are too few for one.")
    given = {"given": outlook["given"], "needed": outlook["needed"]}
    if outlook["refused"] == RefusedFor.SHORT:
        return _("No forecast: %(given)s days of history are too few; it takes %(needed)s.") % given
    return (
        _(
            "No forecast: the due day is too far off for %(given)s days of history. "
            "With %(needed)s days one could be put to the test."
        )
        % given
    )


def reading_words(goal: Goal) -> str:
    """How the figure is read, so that two days can be compared."""
    reading = reading_of(goal.metric)
    if reading is Reading.TOTAL:
        return _("added up since the goal began")
    if reading is Reading.LEVEL:
        return _("as it stands when the day ends")
    if reading is Reading.HAND:
        return _("as last measured by hand")
    return _("over the last %(days)s days") % {"days": goal.window}
