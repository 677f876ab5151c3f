"""Verbs on goals: set, change its words, revise, enter a value, take the baseline, give up."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.errors import QunyingError
from qunying.plan.goals.baselines import Baseline, find_baseline, set_baseline
from qunying.plan.goals.models import Goal, HandValue, Revision, horizon_of
from qunying.plan.goals.queries import is_off_rhythm
from qunying.plan.goals.readings import fit_metric, window_for
from qunying.plan.goals.rules import may_own

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.plan.goals.amounts import Target

CREATE = declare_verb("goals.create", gettext_lazy("A goal was set."))
EDIT = declare_verb("goals.edit", gettext_lazy("A goal was given other words, another owner or place."))
REVISE = declare_verb("goals.revise", gettext_lazy("A goal was revised, or looked at and kept."))
AMEND = declare_verb("goals.amend", gettext_lazy("A goal made by a playbook follows its new version."))
DROP = declare_verb("goals.drop", gettext_lazy("A goal was given up."))
ENTER = declare_verb("goals.enter", gettext_lazy("A value measured by hand was entered for a goal."))
TAKE_BASELINE = declare_verb("goals.baseline", gettext_lazy("The baseline of a goal was counted anew."))

_LENGTHS = [Goal.Horizon.YEAR, Goal.Horizon.QUARTER, Goal.Horizon.MONTH, Goal.Horizon.WEEK]
_LONGEST_TITLE = 120
_MOST_DAYS = 3653
_MOST_FLEXIBILITY = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Words:
    """What of a goal may change without being a revision."""

    title: str
    dimension: str
    term: str
    title_en: str = ""
    note: str = ""
    owner: Staff | None = None
    owner_role: str = ""
    parent: Goal | None = None
    flexibility: Decimal = Decimal("0.1")
    benchmark: Decimal | None = None
    benchmark_source: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """What is measured and what is to be reached. An empty metric is measured by hand, in `unit`."""

    target: Target
    start: date
    due: date
    metric: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""
    direction: str = Goal.Direction.UP
    baseline: Decimal | None = None
    """Only of a goal measured by hand: where it sets out from, as a person says."""


@transaction.atomic
def create_goal(  # noqa: PLR0913 - key and playbook come with a goal that a playbook makes
    community: Community, *, words: Words, aim: Aim, by: Actor, key: str = "", playbook: str = ""
) -> Goal:
    """Set a goal and take its baseline from history; raises QunyingError where something of it cannot be.

    A parent runs longer and holds the goal's days; the owner sees the community's plans.
    """
    goal = Goal(community=community, key=key, playbook=playbook)
    _set_aim(goal, aim)
    _set_words(goal, words)
    set_baseline(goal, _baseline(goal, aim))
    goal.save()
    details = {"metric": goal.metric, "start": goal.start.isoformat(), "due": goal.due.isoformat()}
    write_act(CREATE, by=by, subject_type="goal", subject_id=goal.pk, details=details)
    return goal


@transaction.atomic
def edit_goal(goal: Goal, *, words: Words, by: Actor) -> Goal:
    """Change words, owner, parent, flexibility or benchmark; target and due day are revised instead."""
    _check_stands(goal)
    _set_words(goal, words)
    goal.save()
    write_act(EDIT, by=by, subject_type="goal", subject_id=goal.pk)
    return goal


@transaction.atomic
def amend_goal(goal: Goal, *, words: Words, aim: Aim, by: Actor) -> Goal:
    """Bring a goal nobody has changed to what a newer plan says of it; what is measured anew gets a new baseline."""
    _check_stands(goal)
    before = (goal.metric, goal.params, goal.start, goal.unit)
    _set_aim(goal, aim)
    _set_words(goal, words)
    if (goal.metric, goal.params, goal.start, goal.unit) != before:
        set_baseline(goal, _baseline(goal, aim))
    goal.save()
    write_act(AMEND, by=by, subject_type="goal", subject_id=goal.pk, details={"due": goal.due.isoformat()})
    return goal


def imagined_goal(community: Community, aim: Aim) -> Goal:
    """A goal with this aim that nobody keeps, for what is to be known before it is set; it has no baseline."""
    goal = Goal(community=community)
    _set_aim(goal, aim)
    return goal


def _baseline(goal: Goal, aim: Aim) -> Baseline:
    if goal.by_hand and aim.baseline is not None:
        return Baseline(aim.baseline, at=timezone.now())
    return find_baseline(goal)


def _set_aim(goal: Goal, aim: Aim) -> None:
    _check_days(aim.start, aim.due)
    goal.start, goal.due = aim.start, aim.due
    goal.target_value, goal.target_ratio = aim.target.value, aim.target.ratio
    goal.direction = _one_of(aim.direction, Goal.Direction.values)
    goal.metric = aim.metric
    if aim.metric:
        metric = fit_metric(aim.metric)
        given = metric.check(aim.params)
        goal.params = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
        goal.unit = metric.unit
    else:
        goal.unit = _one_of(aim.unit, Goal.Unit.values)
    goal.window = window_for(aim.metric, goal.span.days)


def _set_words(goal: Goal, words: Words) -> None:
    goal.title, goal.title_en = _title(words.title), " ".join(words.title_en.split())[:_LONGEST_TITLE]
    goal.note = words.note.strip()
    goal.dimension = _one_of(words.dimension, Goal.Dimension.values)
    goal.term = _one_of(words.term, Goal.Term.values)
    _check_owner(goal, words.owner)
    goal.owner, goal.owner_role = words.owner, words.owner_role
    _check_parent(goal, words.parent)
    goal.parent = words.parent
    if not 0 <= words.flexibility <= _MOST_FLEXIBILITY:
        raise QunyingError(_("The margin of a goal lies between 0% and 50%; 10% to 15% is usual."))
    goal.flexibility = words.flexibility
    goal.benchmark, goal.benchmark_source = words.benchmark, words.benchmark_source.strip()[:200]
    goal.source = words.source.strip()[:200]


def _title(text: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise QunyingError(_("The goal has no name. Write in a few words what is to be reached."))
    if len(tidy) > _LONGEST_TITLE:
        raise QunyingError(_("The name is longer than %(most)d characters. Shorten it.") % {"most": _LONGEST_TITLE})
    return tidy


def _one_of(value: str, known: list[str]) -> str:
    if value not in known:
        raise QunyingError(
            _("“%(value)s” is not possible here. It is one of: %(known)s.")
            % {"value": value, "known": ", ".join(known)}
        )
    return value


def _check_days(start: date, due: date) -> None:
    if due < start:
        raise QunyingError(_("The goal is due before it begins. Swap the two days."))
    if (due - start).days > _MOST_DAYS:
        raise QunyingError(_("A goal runs ten years at most. Choose an earlier day."))


def _check_owner(goal: Goal, owner: Staff | None) -> None:
    if owner is not None and not may_own(owner, goal.community):
        raise QunyingError(
            _("%(name)s cannot see the plans of this community. Choose somebody else, or give them a role in its unit.")
            % {"name": owner.name}
        )


def _check_parent(goal: Goal, parent: Goal | None) -> None:
    if parent is None:
        _check_children(goal)
        return
    if parent.community_id != goal.community_id or parent.dropped_at is not None:
        raise QunyingError(_("The goal above is not a standing goal of this community. Choose another."))
    if _LENGTHS.index(parent.horizon) >= _LENGTHS.index(goal.horizon):
        raise QunyingError(
            _("“%(parent)s” does not run longer than this goal. A year holds quarters, quarters hold months.")
            % {"parent": parent.name}
        )
    if goal.start < parent.start or goal.due > parent.due:
        raise QunyingError(
            _("The days of this goal do not lie within those of “%(parent)s” (%(start)s to %(due)s).")
            % {"parent": parent.name, "start": parent.start, "due": parent.due}
        )
    _check_children(goal)


def _check_children(goal: Goal) -> None:
    """A goal holds the days of those below it."""
    if goal._state.adding:  # noqa: SLF001 - Django's own way to ask
        return
    for child in goal.children.filter(dropped_at__isnull=True):
        too_long = _LENGTHS.index(goal.horizon) >= _LENGTHS.index(horizon_of(child.start, child.due))
        if too_long or child.start < goal.start or child.due > goal.due:
            raise QunyingError(
                _("“%(child)s” below this goal would no longer lie within its days. Revise that one first.")
                % {"child": child.name}
            )


def _check_stands(goal: Goal) -> None:
    if goal.dropped_at is not None:
        raise QunyingError(_("This goal was given up. Set a new one instead."))


@transaction.atomic
def revise_goal(  # noqa: PLR0913 - what changes, why, who says so and when
    goal: Goal,
    *,
    by: Actor,
    reason: str,
    target: Target | None = None,
    due: date | None = None,
    on: date | None = None,
) -> Revision:
    """Change target or due day, or keep both (a look that changes nothing counts too); the old values stay on record.

    `on` is the local day it was decided, today if not said. A change before the goal's next revision is due is marked
    as off its rhythm. Raises QunyingError without a reason, and where the new days do not fit the tree.
    """
    _check_stands(goal)
    if not reason.strip():
        raise QunyingError(_("A revision needs its reason: write what has changed, or why the goal stays."))
    day = on or timezone.localdate(timezone=ZoneInfo(goal.community.timezone))
    revision = Revision(
        goal=goal,
        day=day,
        by=by.actor_key,
        staff=by if isinstance(by, Staff) else None,
        reason=reason.strip(),
        old_due=goal.due,
        old_target=goal.target_value,
        old_ratio=goal.target_ratio,
    )
    early = is_off_rhythm(goal, day)
    if target is not None:
        goal.target_value, goal.target_ratio = target.value, target.ratio
    if due is not None:
        _check_days(goal.start, due)
        goal.due = due
        _check_parent(goal, goal.parent)
    revision.new_due, revision.new_target, revision.new_ratio = goal.due, goal.target_value, goal.target_ratio
    revision.off_rhythm = early and not revision.kept
    goal.save(update_fields=["target_value", "target_ratio", "due"])
    revision.save()
    details = {"kept": revision.kept, "off_rhythm": revision.off_rhythm}
    write_act(REVISE, by=by, subject_type="goal", subject_id=goal.pk, details=details)
    return revision


@transaction.atomic
def enter_value(goal: Goal, *, day: date, value: Decimal, by: Actor, note: str = "") -> HandValue:
    """Write down what a person measured for a local day; an earlier entry of that day stays and no longer counts.

    What was entered last for a day up to the goal's first is where it sets out from: its baseline. Raises
    QunyingError for a goal that is counted by itself, and for a day to come.
    """
    _check_stands(goal)
    if not goal.by_hand:
        raise QunyingError(_("This goal is counted from the community's own facts; no value is entered by hand."))
    if day > timezone.localdate(timezone=ZoneInfo(goal.community.timezone)):
        raise QunyingError(_("%(day)s is still to come. Enter a value for today or an earlier day.") % {"day": day})
    staff = by if isinstance(by, Staff) else None
    entered = HandValue.objects.create(goal=goal, day=day, value=value, note=note.strip(), by=by.actor_key, staff=staff)
    if day <= goal.start:
        set_baseline(goal, find_baseline(goal))
        goal.save()
    write_act(ENTER, by=by, subject_type="goal", subject_id=goal.pk, details={"day": day.isoformat()})
    return entered


@transaction.atomic
def take_baseline(goal: Goal, *, by: Actor) -> Goal:
    """Count the baseline anew, for instance after older history was imported; raises QunyingError for hand goals."""
    _check_stands(goal)
    if goal.by_hand:
        raise QunyingError(_("This goal is measured by hand: there is no history to count its baseline from."))
    set_baseline(goal, find_baseline(goal))
    goal.save()
    write_act(TAKE_BASELINE, by=by, subject_type="goal", subject_id=goal.pk)
    return goal


@transaction.atomic
def drop_goal(goal: Goal, *, reason: str, by: Actor) -> Goal:
    """Give a goal up; it stays readable with its reason. Raises QunyingError while goals stand below it."""
    _check_stands(goal)
    if not reason.strip():
        raise QunyingError(_("Giving a goal up needs a reason. Write it in a sentence."))
    if goal.children.filter(dropped_at__isnull=True).exists():
        raise QunyingError(_("Goals stand below this one. Give those up first, or put them under another goal."))
    goal.dropped_at, goal.dropped_why = timezone.now(), reason.strip()
    goal.save(update_fields=["dropped_at", "dropped_why"])
    write_act(DROP, by=by, subject_type="goal", subject_id=goal.pk)
    return goal
