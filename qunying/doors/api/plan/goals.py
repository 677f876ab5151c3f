"""Goals: set, change, revise with a reason, enter values, give up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router

from qunying.check.tracking.queries import latest_standings
from qunying.check.tracking.services import look_at
from qunying.doors.api.paging import Noun, caller_of, made, page
from qunying.doors.api.plan.goal_shapes import (
    DropGiven,
    GoalChange,
    GoalGiven,
    GoalList,
    GoalTold,
    RevisionGiven,
    RevisionTold,
    ValueGiven,
)
from qunying.doors.api.plan.intents import owner_named
from qunying.doors.api.problems import wrong
from qunying.doors.api.shapes import Fields, Id, Page, Paging, Slug
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.plan.goals.amounts import Target
from qunying.plan.goals.models import Goal, Revision
from qunying.plan.goals.queries import dropped_goals, get_goal_for, goals_of
from qunying.plan.goals.readings import fit_metric
from qunying.plan.goals.services import (
    Aim,
    Words,
    create_goal,
    drop_goal,
    edit_goal,
    enter_value,
    revise_goal,
    take_baseline,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["plan"])


def _goals(goals: Sequence[Goal]) -> Iterable[dict[str, Any]]:
    seen = latest_standings([one.pk for one in goals])
    for one in goals:
        yield {
            "id": one.pk,
            "community": one.community.slug,
            "title": one.name,
            **{name: getattr(one, name) for name in ("note", "dimension", "term", "metric", "params", "unit")},
            "parent": one.parent_id,
            "owner": one.owner.username if one.owner else None,
            "direction": one.direction,
            "target": number_told(one.target_value),
            "target_ratio": number_told(one.target_ratio),
            "baseline": number_told(one.baseline),
            "flexibility": number_told(one.flexibility),
            "start": one.start.isoformat(),
            "due": one.due.isoformat(),
            "dropped_at": one.dropped_at,
            "dropped_why": one.dropped_why,
            "standing": _standing(seen.get(one.pk)),
        }


def _standing(seen: Any) -> dict[str, Any] | None:
    if seen is None:
        return None
    plain = {name: getattr(seen, name) for name in ("status", "value", "numerator", "denominator", "target")}
    return {"day": seen.day.isoformat(), **plain}


def number_told(value: Decimal | None) -> str | None:
    """A number as text, without zeros at its end."""
    return None if value is None else f"{Decimal(value).normalize():f}"


def _revisions(rows: Sequence[Revision]) -> Iterable[dict[str, Any]]:
    for one in rows:
        numbers = {
            name: number_told(getattr(one, name)) for name in ("old_target", "new_target", "old_ratio", "new_ratio")
        }
        days = {name: getattr(one, name).isoformat() for name in ("day", "old_due", "new_due")}
        yield {"id": one.pk, "reason": one.reason, "off_rhythm": one.off_rhythm} | numbers | days


GOALS = Noun("goals", GoalTold, _goals)
REVISIONS = Noun("revisions", RevisionTold, _revisions, newest_first=True)


@router.get("/communities/{slug}/goals", response=Page[GoalTold], summary="Goals")
def list_goals(request: HttpRequest, slug: Path[Slug], asked: Query[GoalList]) -> HttpResponse:
    """The goals that stand, each with how it was last seen, or those given up. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    found = dropped_goals(community) if asked.dropped else goals_of(community)
    return page(request, found, GOALS, asked, unit=community.unit)


@router.post("/communities/{slug}/goals", response={201: GoalTold}, summary="Set a goal")
def make_goal(request: HttpRequest, slug: Path[Slug], given: Body[GoalGiven]) -> HttpResponse:
    """Its baseline is taken from history; a metric of the catalogue decides the unit. Asks for `plan.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_PLAN)
    unit = fit_metric(given.metric).unit if given.metric else given.unit
    aim = Aim(
        target=_target(given, unit) or _no_target(),
        start=given.start,
        due=given.due,
        metric=given.metric,
        params=given.params,
        unit=unit,
        direction=given.direction,
        baseline=None if given.baseline is None else Decimal(given.baseline),
    )
    start = Words(title=given.title, dimension=given.dimension, term=given.term)
    goal = create_goal(community, words=_words(request, slug, start, given), aim=aim, by=key)
    look_at(goal, foretell=False)
    return made(request, GOALS, goal)


@router.get("/communities/{slug}/goals/{pk}", response=GoalTold, summary="One goal")
def show_goal(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return GOALS.one(get_goal_for(caller_of(request), slug, pk), fields=asked.fields)


@router.patch("/communities/{slug}/goals/{pk}", response=GoalTold, summary="Change a goal")
def change_goal(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[GoalChange]) -> HttpResponse:
    """Words, owner, place and margin. Asks for `plan.edit`."""
    goal = _editable(request, slug, pk)
    stays = Words(**{name: getattr(goal, name) for name in Words.__dataclass_fields__})
    return GOALS.one(edit_goal(goal, words=_words(request, slug, stays, given), by=caller_of(request)))


@router.post("/communities/{slug}/goals/{pk}/revise", response=GoalTold, summary="Revise a goal")
def revise(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[RevisionGiven]) -> HttpResponse:
    """Another target or due day with the reason; the old ones stay on record. Asks for `plan.edit`."""
    goal = _editable(request, slug, pk)
    revise_goal(goal, target=_target(given, goal.unit), due=given.due, reason=given.reason, by=caller_of(request))
    look_at(goal, again=True, foretell=False)
    return GOALS.one(goal)


@router.get("/communities/{slug}/goals/{pk}/revisions", response=Page[RevisionTold], summary="Revisions of a goal")
def list_revisions(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """The newest first. Asks for `plan.see`."""
    goal = get_goal_for(caller_of(request), slug, pk)
    return page(request, Revision.objects.filter(goal=goal), REVISIONS, asked, unit=goal.community.unit)


@router.post("/communities/{slug}/goals/{pk}/drop", response=GoalTold, summary="Give a goal up")
def drop(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[DropGiven]) -> HttpResponse:
    """It stays readable with the reason. Asks for `plan.edit`."""
    return GOALS.one(drop_goal(_editable(request, slug, pk), reason=given.reason, by=caller_of(request)))


@router.post("/communities/{slug}/goals/{pk}/values", response={201: GoalTold}, summary="Enter a value")
def enter(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[ValueGiven]) -> HttpResponse:
    """For a goal measured by hand; a later entry of the same day counts instead. Asks for `plan.edit`."""
    goal = _editable(request, slug, pk)
    _check_share(given.value, goal.unit, "value")
    enter_value(goal, day=given.day, value=Decimal(given.value), note=given.note, by=caller_of(request))
    look_at(goal, again=True)
    return GOALS.one(goal, status=HTTPStatus.CREATED)


@router.post("/communities/{slug}/goals/{pk}/baseline", response=GoalTold, summary="Count the baseline anew")
def count_baseline(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """After older history came in. Asks for `plan.edit`."""
    goal = take_baseline(_editable(request, slug, pk), by=caller_of(request))
    look_at(goal, again=True, foretell=False)
    return GOALS.one(goal)


def _editable(request: HttpRequest, slug: str, pk: int) -> Goal:
    return get_goal_for(caller_of(request), slug, pk, Permission.EDIT_PLAN)


def _words(request: HttpRequest, slug: str, stays: Words, given: GoalChange) -> Words:
    """The words with what was given; owner and parent are looked up."""
    told = given.dict(include=set(GoalChange.model_fields), exclude_none=True)
    changed: dict[str, Any] = {name: value for name, value in told.items() if name not in {"owner", "parent"}}
    if "owner" in told:
        changed["owner"] = owner_named(told["owner"] or None)
    if "parent" in told:
        changed["parent"] = get_goal_for(caller_of(request), slug, told["parent"]) if told["parent"] else None
    for name in {"flexibility", "benchmark"} & told.keys():
        changed[name] = Decimal(told[name])
    return replace(stays, **changed)


def _target(given: GoalGiven | RevisionGiven, unit: str) -> Target | None:
    """The target given, None where there is none; raises ProblemError for two, and for one that cannot be."""
    if given.target is not None and given.target_ratio is not None:
        raise wrong("target_ratio", _("Give a target or a multiple of the baseline, not both."))
    if given.target_ratio is not None:
        if not Decimal(given.target_ratio):
            raise wrong("target_ratio", _("The multiple has to be above 0."))
        return Target(ratio=Decimal(given.target_ratio))
    if given.target is None:
        return None
    _check_share(given.target, unit, "target")
    return Target(value=Decimal(given.target))


def _no_target() -> Target:
    raise wrong("target", _("Say what is to be reached: a target, or a multiple of the baseline."))


def _check_share(number: str, unit: str, field: str) -> None:
    if unit == Goal.Unit.SHARE and Decimal(number) > 1:
        raise wrong(field, _("A share lies between 0 and 1."))
