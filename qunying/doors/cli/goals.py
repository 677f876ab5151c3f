"""`goals`: the goals of a community and how they stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils.translation import gettext as _

from qunying.check.alerts.levels import LOOKS as ALERT_LOOKS
from qunying.check.alerts.levels import Level
from qunying.check.alerts.queries import open_by_goal
from qunying.check.tracking.models import Standing
from qunying.check.tracking.progress import progress_of
from qunying.check.tracking.services import fields_of
from qunying.check.tracking.wording import LOOKS, course_words, room_of, why_words
from qunying.doors.cli.output import Json, emit
from qunying.ground.groups.queries import get_community
from qunying.kit import formats
from qunying.kit.errors import QunyingError
from qunying.plan.goals.amounts import shown, shown_target
from qunying.plan.goals.baselines import yesterday_in
from qunying.plan.goals.queries import goals_of, in_tree

if TYPE_CHECKING:
    from qunying.check.tracking.progress import Progress
    from qunying.plan.goals.queries import Branch


def register(app: typer.Typer) -> None:
    """Add the command `goals`."""
    app.command("goals")(list_goals)


def list_goals(
    *,
    community: Annotated[str, typer.Option(help="Short name of the community.")],
    on: Annotated[str, typer.Option(help="As of the end of this local day; yesterday, if not said.")] = "",
    foretell: Annotated[bool, typer.Option("--forecast/--no-forecast", help="Forecasts take a second a goal.")] = True,
    as_json: Json = False,
) -> None:
    """The goals of a community as a tree, each with actual, deviation, forecast and status."""
    place = get_community(community)
    day = _day(on) if on else yesterday_in(place)
    branches = in_tree(goals_of(place))
    found = [(branch, progress_of(branch.goal, day=day, foretell=foretell)) for branch in branches]
    alerts = open_by_goal(branch.goal.pk for branch in branches)
    levels = {pk: alert.level for pk, alert in alerts.items()}
    goals = [plain_goal(branch, progress, levels.get(branch.goal.pk, 0)) for branch, progress in found]
    lines = [line for branch, progress in found for line in _lines(branch, progress, levels.get(branch.goal.pk, 0))]
    payload = {"community": place.slug, "day": day, "goals": goals}
    emit(payload, as_json=as_json, lines=lines or [_("This community has no goals yet.")])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QunyingError(_("“%(text)s” is not a day. Write it as 2020-10-05.") % {"text": text}) from None


def plain_goal(branch: Branch, progress: Progress, level: int) -> dict[str, Any]:
    """A goal and its progress as plain data; shares from 0 to 1, money in minor units.

    `share` is how much of the way is done; where there is a bound to keep to instead, `room` is what is left to it.
    """
    goal = branch.goal
    seen = {name: value for name, value in fields_of(progress).items() if name not in {"due", "seen_at"}}
    return {
        "id": goal.pk,
        "parent": goal.parent_id,
        "depth": branch.depth,
        "key": goal.key,
        "title": goal.name,
        "dimension": goal.dimension,
        "term": goal.term,
        "horizon": goal.horizon.value,
        "owner": goal.owner.username if goal.owner else None,
        "metric": goal.metric or None,
        "params": goal.params,
        "unit": goal.unit,
        "direction": goal.direction,
        "start": goal.start,
        "due": goal.due,
        "room": room_of(goal, _as_seen(progress)),
        "baseline": None if goal.baseline is None else float(goal.baseline),
        "no_baseline": goal.no_baseline or None,
        "flexibility": float(goal.flexibility),
        "day": progress.day,
        **seen,
        "status": progress.status.value,
        "why": progress.why.value if progress.why else None,
        "alert": level,
    }


def _lines(branch: Branch, progress: Progress, level: int) -> list[str]:
    """A goal for people: its name, and below it how it stands; further in by its depth in the tree."""
    goal, seen, inset = branch.goal, _as_seen(progress), "  " * branch.depth
    actual = shown(progress.value, unit=goal.unit, currency=goal.community.currency)
    parts = [
        str(LOOKS[progress.status].word),
        str(ALERT_LOOKS[Level(level)].word) if level else "",
        _("%(actual)s, wanted: %(target)s") % {"actual": actual, "target": shown_target(goal)},
        why_words(goal, seen).rstrip(".。") if seen.why else course_words(goal, seen),
        _outlook(branch, progress),
        _("due %(day)s") % {"day": formats.day(goal.due, weekday=False)},
    ]
    return [f"{inset}{goal.name}", f"{inset}  {' · '.join(part for part in parts if part)}"]


def _as_seen(progress: Progress) -> Standing:
    return Standing(goal=progress.goal, day=progress.day, **fields_of(progress))


def _outlook(branch: Branch, progress: Progress) -> str:
    """The interval for the due day; nothing where none is foretold."""
    outlook, goal = progress.outlook, branch.goal
    if outlook is None or outlook.refused:
        return ""
    ends = {name: getattr(outlook, name) for name in ("low", "high")}
    words = {name: shown(end, unit=goal.unit, currency=goal.community.currency) for name, end in ends.items()}
    return _("then %(low)s to %(high)s") % words
