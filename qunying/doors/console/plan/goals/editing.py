"""Setting, changing and revising a goal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qunying.check.tracking.services import look_at
from qunying.check.tracking.wording import NO_BASELINES
from qunying.doors.console.people import staff_of, went_well
from qunying.doors.console.plan.goals.forms import GoalForm, RevisionForm, WordsForm, params_of
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit import formats
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.goals.amounts import read_target, shown, written, written_target
from qunying.plan.goals.baselines import Baseline, find_baseline
from qunying.plan.goals.models import Goal
from qunying.plan.goals.queries import get_goal_for, is_off_rhythm, next_revision
from qunying.plan.goals.readings import fit_metric, window_for
from qunying.plan.goals.rules import may_plan
from qunying.plan.goals.services import create_goal, edit_goal, revise_goal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

_MONTH = timedelta(days=29)


def may_change(staff: Staff, community: Community) -> None:
    """Raise NotAllowedError unless this person may plan here."""
    if not may_plan(staff, community):
        raise NotAllowedError(_("Your role may look at goals, not change them. Ask the lead of the unit."))


@require_http_methods(["GET", "POST"])
@login_required
def new_goal(request: HttpRequest, slug: str) -> HttpResponse:
    """Set a goal; its baseline is suggested from history while one chooses."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    may_change(staff, community)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    initial = {
        "start": today,
        "due": today + _MONTH,
        "metric": "active_rate",
        "parent": request.GET.get("parent", ""),
        "owner": str(staff.pk),
    }
    form = GoalForm(request.POST or None, community=community, initial=initial)
    made: list[Goal] = []
    if form.is_valid() and went_well(form, lambda: made.append(_create(form, community, staff))):
        messages.success(request, _("The goal “%(name)s” is set.") % {"name": made[0].name})
        return redirect("goal", slug=slug, pk=made[0].pk)
    context = {"form": form, "community": community, "heading": _("New goal")}
    return render(request, "console/goals/form.html", context, status=400 if form.errors else 200)


def _create(form: GoalForm, community: Community, staff: Staff) -> Goal:
    goal = create_goal(community, words=form.words(), aim=form.aim(), by=staff)
    look_at(goal, foretell=False)
    return goal


@dataclass(frozen=True, slots=True)
class Suggested:
    """A baseline in words, with the sentence that says how it was counted."""

    value: str
    how: str


@require_safe
@login_required
def suggest_baseline(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a goal with this figure and these days would set out from; part of the form."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    try:
        suggested = _suggested(request, community)
    except (QunyingError, ValueError) as error:
        suggested = Suggested("", str(error) if isinstance(error, QunyingError) else "")
    return render(request, "console/goals/baseline.html", {"suggested": suggested})


def _suggested(request: HttpRequest, community: Community) -> Suggested:
    query = request.GET
    metric = query.get("metric", "")
    if not metric:
        return Suggested("", _("Measured by hand: say yourself where it sets out from."))
    start, due = date.fromisoformat(query.get("start", "")), date.fromisoformat(query.get("due", ""))
    if due < start:
        return Suggested("", _("The goal is due before it begins. Swap the two days."))
    known = fit_metric(metric)
    params = known.check(params_of(metric, query.get("grade", "")))
    days = (due - start).days + 1
    draft = Goal(
        community=community, metric=metric, params=params, unit=known.unit, start=start, due=due,
        window=window_for(metric, days),
    )  # fmt: skip
    return _in_words(draft, find_baseline(draft))


def _in_words(draft: Goal, found: Baseline) -> Suggested:
    if found.value is None or found.period is None:
        return Suggested("", str(NO_BASELINES[found.reason or Goal.NoBaseline.UNTAKEN]))
    value = shown(found.value, unit=draft.unit, currency=draft.community.currency)
    how = _("%(figure)s from %(start)s to %(end)s (%(days)s days), the last comparable days that are over.") % {
        "figure": fit_metric(draft.metric).title,
        "start": formats.day(found.period.start, weekday=False),
        "end": formats.day(found.period.end, weekday=False),
        "days": found.period.days,
    }
    return Suggested(value, how)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change words, owner, place and margin of a goal."""
    staff = staff_of(request)
    goal = get_goal_for(staff, slug, pk)
    may_change(staff, goal.community)
    form = WordsForm(request.POST or None, community=goal.community, goal=goal, initial=_words_of(goal))
    if form.is_valid() and went_well(form, lambda: edit_goal(goal, words=form.words(), by=staff)):
        messages.success(request, _("The changes are saved."))
        return redirect("goal", slug=slug, pk=pk)
    context = {"form": form, "community": goal.community, "goal": goal, "heading": _("Change the goal")}
    return render(request, "console/goals/form.html", context, status=400 if form.errors else 200)


def _words_of(goal: Goal) -> dict[str, object]:
    currency = goal.community.currency
    return {
        **{
            name: getattr(goal, name) for name in ("title", "title_en", "note", "dimension", "term", "benchmark_source")
        },
        "parent": str(goal.parent_id or ""),
        "owner": str(goal.owner_id or ""),
        "flexibility": written(goal.flexibility, unit=Goal.Unit.SHARE, currency=currency),
        "benchmark": written(goal.benchmark, unit=goal.unit, currency=currency),
    }


@require_http_methods(["GET", "POST"])
@login_required
def revise(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change target or due day with a reason, or look at the goal and keep it."""
    staff = staff_of(request)
    goal = get_goal_for(staff, slug, pk)
    may_change(staff, goal.community)
    today = timezone.localdate(timezone=ZoneInfo(goal.community.timezone))
    early = is_off_rhythm(goal, today)
    initial = {"target": written_target(goal), "due": goal.due}
    form = RevisionForm(request.POST or None, initial=initial)
    if form.is_valid() and went_well(form, lambda: _revise(goal, form, staff)):
        messages.success(request, _("The revision is on record."))
        return redirect("goal", slug=slug, pk=pk)
    context = {
        "form": form,
        "community": goal.community,
        "goal": get_goal_for(staff, slug, pk),
        "heading": _("Revise the goal"),
        "early": formats.day(next_revision(goal), weekday=False) if early else "",
    }
    return render(request, "console/goals/form.html", context, status=400 if form.errors else 200)


def _revise(goal: Goal, form: RevisionForm, staff: Staff) -> None:
    given = form.cleaned_data
    target = read_target(given["target"], unit=goal.unit, currency=goal.community.currency)
    revise_goal(goal, target=target, due=given["due"], reason=given["reason"], by=staff)
    look_at(goal, again=True, foretell=False)
