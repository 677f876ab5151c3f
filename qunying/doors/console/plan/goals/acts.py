"""What the pages of goals can do at a press."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunying.check.alerts.queries import get_alert_for
from qunying.check.alerts.services import acknowledge_alert
from qunying.check.stages.services import set_stage
from qunying.check.tracking.jobs import look_at_all
from qunying.check.tracking.services import look_at
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import staff_of
from qunying.doors.console.plan.goals.editing import may_change
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import QunyingError
from qunying.plan.goals.amounts import read_amount
from qunying.plan.goals.queries import get_goal_for
from qunying.plan.goals.services import drop_goal, enter_value, take_baseline

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.plan.goals.models import Goal


def _editable(request: HttpRequest, slug: str, pk: int) -> tuple[Staff, Goal, str]:
    staff = staff_of(request)
    goal = get_goal_for(staff, slug, pk)
    may_change(staff, goal.community)
    return staff, goal, reverse("goal", args=(slug, pk))


@require_POST
@login_required
def enter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Enter a value measured by hand."""
    staff, goal, back = _editable(request, slug, pk)
    return act_and_return(request, lambda: _enter(request, goal, staff), done=_("The value is entered."), back=back)


def _enter(request: HttpRequest, goal: Goal, staff: Staff) -> None:
    given = request.POST
    try:
        day = date.fromisoformat(given.get("day", ""))
    except ValueError:
        raise QunyingError(_("Choose the day on which it was measured.")) from None
    value = read_amount(given.get("value", ""), unit=goal.unit, currency=goal.community.currency)
    enter_value(goal, day=day, value=value, note=given.get("note", ""), by=staff)
    look_at(goal, again=True)


@require_POST
@login_required
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a goal up, with the reason."""
    staff, goal, back = _editable(request, slug, pk)
    reason = request.POST.get("reason", "")
    return act_and_return(
        request,
        lambda: drop_goal(goal, reason=reason, by=staff),
        done=_("The goal is given up; it stays readable here."),
        back=back,
    )


@require_POST
@login_required
def take_baseline_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Count the baseline anew, after older history came in."""
    staff, goal, back = _editable(request, slug, pk)

    def act() -> None:
        take_baseline(goal, by=staff)
        look_at(goal, again=True, foretell=False)

    return act_and_return(request, act, done=_("The baseline is counted anew."), back=back)


@require_POST
@login_required
def count_anew(request: HttpRequest, slug: str) -> HttpResponse:
    """Look at every goal of the community now; the forecasts follow within minutes."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    may_change(staff, community)
    done = _("Counted. The forecasts follow within minutes.")
    return act_and_return(request, lambda: look_at_all(community), done=done, back=reverse("goals", args=(slug,)))


@require_POST
@login_required
def acknowledge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take note of an alert and say what is done."""
    staff = staff_of(request)
    alert = get_alert_for(staff, slug, pk)
    may_change(staff, alert.goal.community)
    note = request.POST.get("note", "")
    back = reverse("goal", args=(slug, alert.goal_id))
    return act_and_return(request, lambda: acknowledge_alert(alert, note=note, by=staff), done=_("Noted."), back=back)


@require_POST
@login_required
def say_stage(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which stage of its life the community is in."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    may_change(staff, community)
    stage = request.POST.get("stage", "")
    back = reverse("goals", args=(slug,))
    return act_and_return(
        request, lambda: set_stage(community, stage=stage, by=staff), done=_("The stage is on record."), back=back
    )
