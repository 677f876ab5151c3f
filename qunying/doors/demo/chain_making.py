"""Makes the chain and the club: units, histories through ordinary imports, work, goals, people who look after them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import override

from qunying.check.stages.services import recognise, set_stage
from qunying.check.tracking.services import look_at
from qunying.doors.demo.chain import CAREFUL, COLLEAGUES, OUTLETS, plan_of
from qunying.doors.demo.chores import AIMS, BEGAN, ENDS, make_chores
from qunying.doors.demo.example import DEMO, ensure_branch, ensure_community, make_example
from qunying.doors.demo.people import LOCAL
from qunying.doors.demo.plan import FLAGSHIP
from qunying.doors.demo.shop_past import look_again
from qunying.ground.access.models import Staff
from qunying.ground.access.services import change_password, create_staff, grant_role
from qunying.ground.figures.sitting import one_snapshot
from qunying.ground.groups.models import Community
from qunying.ground.units.models import Unit
from qunying.ground.units.queries import subtree
from qunying.plan.goals.amounts import read_target
from qunying.plan.goals.models import Goal
from qunying.plan.goals.queries import goals_of
from qunying.plan.goals.readings import fit_metric
from qunying.plan.goals.services import Aim, Words, create_goal
from qunying.plan.playbooks.services import apply_at_once
from qunying.plan.playbooks.shelf import playbook_named
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.queries import still_open, work_in
from qunying.plan.schedule.services import Told, add_work, finish_work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qunying.doors.demo.chain import Colleague, Outlet
    from qunying.doors.demo.chores import Aim as Wanted
    from qunying.doors.demo.plan import Plan
    from qunying.ground.jobs.models import Job

DIRECTOR = "demo"
"""How the director of the example signs in."""
_A_PERIOD = 28
_CLUB_BEGAN = 70


def ensure_chain() -> None:
    """The units and communities of the chain and the club."""
    for outlet in OUTLETS:
        ensure_community(outlet.shop)


def make_chain(plan: Plan, folder: Path, *, tell: Callable[[str, Job | None], None]) -> list[Community]:
    """Make what is missing of the chain beside the flower shop of this plan; again, it changes nothing."""
    from qunying.ground.warehouse.services import catch_up

    made = []
    for outlet in OUTLETS:
        own = plan_of(outlet, plan)
        community = make_example(own, folder / outlet.shop.slug, tell=_named(outlet.shop.slug, tell))
        made.append(community)
        catch_up()
        plan_outlet(community, outlet, own)
    flagship = Community.objects.filter(slug=FLAGSHIP.slug).first()
    if flagship is not None:
        give_work(flagship, plan, CAREFUL)
    return made


def _named(slug: str, tell: Callable[[str, Job | None], None]) -> Callable[[str, Job | None], None]:
    """Say whose file is being read."""
    return lambda name, job: tell(f"{slug}/{name}" if name else "", job)


def chain_is_made() -> bool:
    """Whether the last thing of the chain is there: the work of its last outlet."""
    return WorkItem.objects.filter(community__slug=OUTLETS[-1].shop.slug).exists()


@transaction.atomic
def plan_outlet(community: Community, outlet: Outlet, plan: Plan) -> None:
    """Give an outlet its goals and its work, and the club its playbook, where it has none yet."""
    if not goals_of(community).exists():
        with one_snapshot():
            _give_goals(community, outlet, plan)
            _say_stage(community)
    give_work(community, plan, outlet.misses)


def _give_goals(community: Community, outlet: Outlet, plan: Plan) -> None:
    if outlet.playbook:
        apply_playbook_of(community, outlet, plan)
    else:
        for wanted in AIMS:
            set_goal(community, wanted, plan)
    for goal in goals_of(community):
        look_again(goal, plan, by=_keeper(community) or DEMO)
    look_at_goals(community, plan)


def apply_playbook_of(community: Community, outlet: Outlet, plan: Plan) -> None:
    """Apply the outlet's playbook as of ten weeks ago; what it made due since was done on its day."""
    start = max(plan.first, plan.today - timedelta(days=_CLUB_BEGAN))
    with override("zh-hans"):
        apply_at_once(community, playbook=playbook_named(outlet.playbook), start=start, by=DEMO)
    for work in still_open(work_in(community)).filter(due__lt=plan.today):
        finish_work(work, by=DEMO, at=datetime.combine(work.due, time(16), LOCAL))


def set_goal(community: Community, wanted: Wanted, plan: Plan) -> Goal:
    """One goal of the chain for this community."""
    unit = fit_metric(wanted.metric).unit
    aim = Aim(
        target=read_target(wanted.target, unit=unit, currency=community.currency),
        start=plan.today - timedelta(days=BEGAN),
        due=plan.today + timedelta(days=ENDS),
        metric=wanted.metric,
        params=dict(wanted.params),
        direction=wanted.direction,
    )
    words = Words(title=wanted.title, title_en=wanted.title_en, dimension=wanted.dimension, term=Goal.Term.MIDDLE)
    return create_goal(community, words=words, aim=aim, by=DEMO, key=wanted.key)


def look_at_goals(community: Community, plan: Plan) -> None:
    """Keep how the goals stood yesterday and four weeks before, so that two periods can be compared."""
    for goal in goals_of(community):
        for day in (plan.last - timedelta(days=_A_PERIOD), plan.last):
            if goal.start <= day:
                look_at(goal, day=day, foretell=False)


@transaction.atomic
def give_work(community: Community, plan: Plan, misses: float) -> None:
    """Twelve weeks of work, ticked off as the plan says; nothing where it has been given before."""
    titles = [chore.title for chore in make_chores(plan, misses)]
    if work_in(community).filter(title__in=titles).exists():
        return
    owner = _keeper(community)
    for chore in make_chores(plan, misses):
        told = Told(key=chore.key)
        work = add_work(chore.title, place=community, due=chore.due, owner=owner, told=told, by=DEMO)
        if chore.done_at is not None:
            finish_work(work, by=owner or DEMO, at=chore.done_at)


def _say_stage(community: Community) -> None:
    """Whoever looks after a place confirms the stage that its figures show; in the club nobody has yet."""
    keeper, proposal = _keeper(community), recognise(community)
    if keeper is not None and proposal is not None and community.slug != OUTLETS[-1].shop.slug:
        set_stage(community, stage=proposal.stage, by=keeper)


def _keeper(community: Community) -> Staff | None:
    """Who looks after a place: its colleague, and the director of the example for the flower shop itself."""
    names = [one.username for one in COLLEAGUES if one.units == _units_of(community.unit)]
    return Staff.objects.filter(username__in=names or [DIRECTOR]).first()


def _units_of(unit: Unit) -> tuple[str, ...]:
    names: list[str] = []
    while unit.parent is not None:
        names.insert(0, unit.name)
        unit = unit.parent
    return tuple(names)


def chain_units() -> list[Unit]:
    """The units of the outlets that are there."""
    slugs = [outlet.shop.slug for outlet in OUTLETS]
    return [one.unit for one in Community.objects.filter(slug__in=slugs).select_related("unit").order_by("pk")]


def hire_colleagues(password: str) -> list[str]:
    """Let the people who look after the chain sign in with this password; the names of those there are.

    A regional manager is given a region only where all in it belongs to the example.
    """
    return hire(COLLEAGUES, password)


def hire(colleagues: Sequence[Colleague], password: str) -> list[str]:
    """Let these people sign in with this password; the names of those whose unit there is."""
    return [one.username for one in colleagues if _hire(one, password)]


@transaction.atomic
def _hire(colleague: Colleague, password: str) -> bool:
    unit = _unit_named(colleague.units)
    if unit is None:
        return False
    staff = Staff.objects.filter(username=colleague.username).first()
    if staff is not None:
        change_password(staff, password=password, by=DEMO)
        return True
    staff = create_staff(colleague.username, name=colleague.name, password=password, by=DEMO)
    grant_role(staff, role=colleague.role, unit=unit, by=DEMO)
    return True


def _unit_named(names: tuple[str, ...]) -> Unit | None:
    unit = Unit.objects.filter(parent=None).order_by("pk").first()
    for name in names:
        unit = Unit.objects.filter(parent=unit, name=name).first() if unit else None
    if unit is None:
        return None
    own = {one.pk for one in chain_units()} | {ensure_branch().pk, unit.pk}
    return unit if own.issuperset(subtree(unit).values_list("pk", flat=True)) else None
