"""What a community's sources ever tell: what is never recorded cannot be measured, and a zero of it says nothing.

A chat export knows no leaving, so its churn is 0 % for ever; a shop's orders know no messages. A figure above
zero needs no such doubt, so whoever shows figures asks only about those that are zero or empty.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.events.kinds import JOINED, LEFT, ORDERED, REFUNDED, Grade, kinds_of_grade
from qunying.ground.figures.asked import Reach, ask
from qunying.ground.figures.catalogue import metric_named
from qunying.ground.figures.sitting import one_snapshot
from qunying.kit.periods import last_days
from qunying.kit.sql import sql_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from django.utils.functional import _StrPromise

    from qunying.ground.figures.results import Figure, Scope
    from qunying.ground.figures.sitting import Sitting


class Gap(StrEnum):
    """What was never recorded of the people in a scope."""

    LEAVES = "no_leaves"
    ACTS = "no_acts"
    INTERACTIONS = "no_reaction"
    MESSAGES = "no_messages"
    ORDERS = "no_orders"
    STEP = "no_step"


GAPS: dict[Gap, _StrPromise] = {
    Gap.LEAVES: _(
        "No leaving was ever recorded here: either nobody left, or what is imported does not tell it, as a chat "
        "export does not. A member list imported now and then would."
    ),
    Gap.ACTS: _("Nothing that members do was ever recorded here, so this cannot be counted. Import a chat or orders."),
    Gap.INTERACTIONS: _(
        "No reaction, like, check-in or sign-up was ever recorded here, so this cannot be counted. "
        "Import them, or choose a figure about messages."
    ),
    Gap.MESSAGES: _("No message was ever recorded here, so this cannot be counted. Import the chat first."),
    Gap.ORDERS: _("No order was ever recorded here, so this cannot be counted. Import the orders first."),
    Gap.STEP: _("A step of this funnel was never recorded here, so nobody can be counted as having reached it."),
}
"""Why a figure cannot be told, and what helps."""

GAPS_SHORT: dict[Gap, _StrPromise] = {
    Gap.LEAVES: _("No leaving was ever recorded"),
    Gap.ACTS: _("No act of members was ever recorded"),
    Gap.INTERACTIONS: _("No reaction was ever recorded"),
    Gap.MESSAGES: _("No message was ever recorded"),
    Gap.ORDERS: _("No order was ever recorded"),
    Gap.STEP: _("A step was never recorded"),
}
"""The same in a few words, below a number that is not there."""

_BY_METRIC = {
    **dict.fromkeys(("churn_rate", "leaves"), Gap.LEAVES),
    **dict.fromkeys(("messages", "daily_speakers"), Gap.MESSAGES),
    **dict.fromkeys(("orders", "buyers", "revenue", "order_value", "repurchase_rate"), Gap.ORDERS),
    "interactions": Gap.INTERACTIONS,
    "funnel": Gap.STEP,
}
_BY_GRADE = {Grade.SEEN: Gap.ACTS, Grade.INTERACTIVE: Gap.INTERACTIONS, Grade.SPEAKING: Gap.MESSAGES}


def gap_of(figure: Figure) -> Gap | None:
    """Why this figure says nothing although it was counted; None where it does."""
    if figure.value:
        return None
    return gap_in(figure.metric, figure.params, scope=figure.scope)


def gap_in(metric: str, params: Mapping[str, Any], *, scope: Scope) -> Gap | None:
    """What the metric counts and nobody ever recorded in this scope, over all time; None where something was.

    Filters of groups, tags and channels are left aside: a quiet group in a community that records
    reactions has none, and that is known. Raises QunyingError for an unknown metric or parameter.
    """
    given = metric_named(metric).check(params)
    gap = _BY_METRIC.get(metric) or (_BY_GRADE[Grade(given["grade"])] if "grade" in given else None)
    if gap is None:
        return None
    with one_snapshot() as sitting:
        here = _Traces(scope, sitting)
        told = here.leaving() if gap is Gap.LEAVES else all(here.any_of(kinds) for kinds in _kinds(gap, given))
    return None if told else gap


def knows_roster(scope: Scope) -> bool:
    """Whether any coming or going was ever recorded: without, "members" are all who ever showed (decision 0056)."""
    with one_snapshot() as sitting:
        here = _Traces(scope, sitting)
        return here.any_of([JOINED.name, LEFT.name]) or here.leaving()


def orders_alone(scope: Scope) -> bool:
    """Whether all that was ever recorded of people is what they bought: they come by a first order, back by another."""
    with one_snapshot() as sitting:
        here = _Traces(scope, sitting)
        others = {JOINED.name, LEFT.name, *kinds_of_grade(Grade.SEEN)} - {ORDERED.name, REFUNDED.name}
        return here.any_of([ORDERED.name]) and not here.any_of(sorted(others))


def _kinds(gap: Gap, given: Mapping[str, Any]) -> list[list[str]]:
    """Groups of kinds, of each of which one must have been recorded."""
    if gap is Gap.STEP:
        return [step.split("+") for step in given["steps"]]
    if gap is Gap.ORDERS:
        return [[ORDERED.name]]
    return [kinds_of_grade(next(grade for grade, other in _BY_GRADE.items() if other is gap))]


class _Traces:
    """Whether anything of a kind is there at all, read where figures are read."""

    def __init__(self, scope: Scope, sitting: Sitting) -> None:
        self._scope, self._sitting = type(scope)(scope.communities), sitting
        newest = sitting.last_fact_day(scope.communities)
        self._period = last_days(1, until=newest) if newest else None

    def leaving(self) -> bool:
        """Whether a stay ever ended."""
        return self._found('SELECT 1 FROM "memberships" WHERE left_at IS NOT NULL LIMIT 1', facts=False)

    def any_of(self, kinds: Sequence[str]) -> bool:
        """Whether a fact of one of these kinds was ever recorded."""
        return self._found(f'SELECT 1 FROM "facts" WHERE kind IN {sql_list(kinds)} LIMIT 1', facts=True)  # noqa: S608 - names of kinds

    def _found(self, sql: str, *, facts: bool) -> bool:
        if self._period is None:
            return False
        asked = ask(self._scope, self._period, {}, sitting=self._sitting)
        reach = Reach(before=None, after=None) if facts else Reach(facts=False)
        return bool(self._sitting.session(asked, reach).rows(sql))
