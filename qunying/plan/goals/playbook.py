"""The section `goals` of playbooks: checked, drafted for review, made, taken back, written out."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.ground.access.roles import ROLES
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit import formats
from qunying.kit.durations import PATTERN, duration_between, parse_duration
from qunying.kit.errors import QunyingError
from qunying.kit.saying import in_both
from qunying.plan.goals.amounts import bounded, read_amount, read_target, shown, written, written_target
from qunying.plan.goals.doubts import doubts_about
from qunying.plan.goals.models import Goal, horizon_of
from qunying.plan.goals.queries import goals_of
from qunying.plan.goals.readings import fit_metric
from qunying.plan.goals.services import Aim, Words, amend_goal, create_goal, imagined_goal
from qunying.plan.playbooks.sections import Field, Line, Made, Problem, Section, register_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.ground.access.models import Staff
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.sections import Item, Occasion

UNDO = declare_verb("goals.undo", gettext_lazy("A goal made by a playbook was taken back untouched."))

_DAY = timedelta(days=1)
_LENGTHS = [Goal.Horizon.YEAR, Goal.Horizon.QUARTER, Goal.Horizon.MONTH, Goal.Horizon.WEEK]
_NUMBER = {"type": ["number", "string"]}
_BY_METRIC = {"required": ["metric"], "not": {"required": ["manual"]}}
_BY_HAND = {"required": ["manual", "unit"], "not": {"required": ["metric"]}}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["key", "title", "dimension", "term", "due", "target"],
    "oneOf": [_BY_METRIC, _BY_HAND],
    "properties": {
        "key": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,59}$", "description": "Its name within the file"},
        "title": {
            "type": "object",
            "additionalProperties": False,
            "required": ["zh"],
            "properties": {name: {"type": "string", "minLength": 1, "maxLength": 120} for name in ("zh", "en")},
        },
        "note": {"type": "string"},
        "dimension": {"enum": Goal.Dimension.values},
        "term": {"enum": Goal.Term.values},
        "start": {"type": "string", "pattern": PATTERN, "description": "How long after the playbook's start it begins"},
        "due": {"type": "string", "pattern": PATTERN, "description": "How long it runs from the playbook's start"},
        "metric": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "params": {"type": "object"}},
        },
        "manual": {"const": True, "description": "Measured by a person who enters values"},
        "direction": {"enum": Goal.Direction.values},
        "target": _NUMBER | {"description": "500, 60%, +20% or 1.5x of the baseline"},
        "unit": {"enum": Goal.Unit.values},
        "flexibility": _NUMBER | {"description": "The margin, such as 10%"},
        "benchmark": {
            "type": "object",
            "additionalProperties": False,
            "required": ["value", "source"],
            "properties": {"value": _NUMBER, "source": {"type": "string"}},
        },
        "owner": {"enum": sorted(ROLES), "description": "The role whose task it is"},
        "parent": {"type": "string", "description": "The key of the longer goal it stands under"},
    },
}
_ANY_CURRENCY = "CNY"
_SOME_MONDAY = date(2024, 1, 1)


def check(items: list[Item]) -> Iterator[Problem]:
    """What a schema cannot say: metrics and parameters that exist, targets that can be read, a sound tree."""
    spans = {item["key"]: span for item in items if (span := _span(item))}
    for place, item in enumerate(items):
        yield from _check_measure(place, item)
        yield from _check_numbers(place, item)
        yield from _check_place(place, item, spans)


def _check_measure(place: int, item: Item) -> Iterator[Problem]:
    if "metric" not in item:
        return
    try:
        metric = fit_metric(item["metric"]["name"])
    except QunyingError as error:
        yield Problem((place, "metric", "name"), str(error))
        return
    try:
        metric.check(item["metric"].get("params", {}))
    except QunyingError as error:
        yield Problem((place, "metric", "params"), str(error))
    if item.get("unit", metric.unit) != metric.unit:
        words = _("“%(metric)s” counts in %(unit)s. Write that, or leave the line out.")
        yield Problem((place, "unit"), words % {"metric": metric.name, "unit": metric.unit})


def _check_numbers(place: int, item: Item) -> Iterator[Problem]:
    unit = unit_of(item)
    for path, text, read in (
        (("target",), item["target"], read_target),
        (("benchmark", "value"), item.get("benchmark", {}).get("value"), read_amount),
    ):
        try:
            if text is not None:
                read(text, unit=unit, currency=_ANY_CURRENCY)
        except QunyingError as error:
            yield Problem((place, *path), str(error))
    try:
        flexibility_of(item)
    except QunyingError as error:
        yield Problem((place, "flexibility"), str(error))


def _check_place(place: int, item: Item, spans: Mapping[str, tuple[date, date]]) -> Iterator[Problem]:
    mine, above = spans.get(item["key"]), item.get("parent")
    if mine is None:
        yield Problem((place, "start"), _("The goal is due before it begins. Write a shorter start or a longer due."))
        return
    if above is None:
        return
    if above not in spans or above == item["key"]:
        yield Problem((place, "parent"), _("There is no other goal with the key “%(key)s”.") % {"key": above})
        return
    over = spans[above]
    if _LENGTHS.index(horizon_of(*over)) >= _LENGTHS.index(horizon_of(*mine)):
        words = _("“%(key)s” does not run longer than this goal. A year holds quarters, quarters hold months.")
        yield Problem((place, "parent"), words % {"key": above})
    elif mine[0] < over[0] or mine[1] > over[1]:
        yield Problem((place, "due"), _("The days of this goal do not lie within those of “%(key)s”.") % {"key": above})


def _span(item: Item, start: date | None = None) -> tuple[date, date] | None:
    """First and last local day from the playbook's start; None where the last lies before the first."""
    zero = start or _SOME_MONDAY
    first = parse_duration(item.get("start", "0d")).after(zero)
    last = parse_duration(item["due"]).after(zero) - _DAY
    return (first, last) if last >= first else None


def unit_of(item: Item) -> str:
    """What the item's numbers count: as its metric says, or as it says itself."""
    if "metric" in item:
        try:
            return fit_metric(item["metric"]["name"]).unit
        except QunyingError:
            return Goal.Unit.NUMBER
    return str(item.get("unit", Goal.Unit.NUMBER))


def flexibility_of(item: Item) -> Decimal:
    """The margin as a share; 10 % where nothing is said."""
    return read_amount(item.get("flexibility", "10%"), unit=Goal.Unit.SHARE, currency=_ANY_CURRENCY)


def draft(items: list[Item], occasion: Occasion) -> list[Line]:
    """One line for each goal: what, how much, by when."""
    return [_line(item, occasion) for item in items]


def _line(item: Item, occasion: Occasion) -> Line:
    span = _span(item, occasion.start) or (occasion.start, occasion.start)
    detail = _("%(figure)s: %(target)s, from %(start)s") % {
        "figure": _figure_name(item),
        "target": _target_words(item, occasion.community.currency),
        "start": formats.day(span[0], weekday=False),
    }
    return Line(item["key"], _titled(item), detail, span[1], item, item.get("parent", ""))


def _figure_name(item: Item) -> str:
    return str(fit_metric(item["metric"]["name"]).title) if "metric" in item else _("measured by hand")


def _titled(item: Item) -> str:
    zh, en = item["title"]["zh"], item["title"].get("en", "")
    return str(zh if formats.tongue() == "zh" or not en else en)


def _target_words(item: Item, currency: str) -> str:
    target = read_target(item["target"], unit=unit_of(item), currency=currency)
    if target.value is None:
        return str(item["target"])
    words = shown(target.value, unit=unit_of(item), currency=currency)
    return bounded(words, item.get("direction", Goal.Direction.UP))


def doubts(lines: list[Line], occasion: Occasion) -> dict[str, list[str]]:
    """Key → what the community's facts say against the goal: counted now, so it takes a moment."""
    goals = {line.key: imagined_goal(occasion.community, _parts(line, occasion, None)[1]) for line in lines}
    return doubts_about(goals, occasion.community)


def make(lines: list[Line], occasion: Occasion, *, by: Actor) -> list[Made]:
    """Set the goals, those above before those below; a goal whose parent was left out stands on its own.

    A key the community has already (from the same playbook applied twice) is refused in words.
    """
    made: dict[str, Goal] = {}
    for line in sorted(lines, key=lambda one: _LENGTHS.index(horizon_of(*_sure(one, occasion)))):
        made[line.key] = _make_one(line, occasion, made, by)
    return [Made(key, goal.name, {"goal": goal.pk, "state": _state(goal)}) for key, goal in made.items()]


def _sure(line: Line, occasion: Occasion) -> tuple[date, date]:
    return _span(line.item, occasion.start) or (occasion.start, occasion.start)


def _make_one(line: Line, occasion: Occasion, made: Mapping[str, Goal], by: Actor) -> Goal:
    item, community = line.item, occasion.community
    if goals_of(community).filter(key=line.key).exists():
        raise QunyingError(
            _("The community has a goal “%(key)s” from a playbook already. Give that one up first, or leave this out.")
            % {"key": line.key}
        )
    words, aim = _parts(line, occasion, _parent(item, occasion, made))
    return create_goal(community, words=words, aim=aim, by=by, key=line.key, playbook=occasion.playbook)


def _parent(item: Item, occasion: Occasion, made: Mapping[str, Goal]) -> Goal | None:
    """The goal it stands under: made just now, or standing already from the same playbook."""
    key = item.get("parent", "")
    standing = goals_of(occasion.community).filter(key=key, playbook=occasion.playbook)
    return made.get(key) or (standing.first() if key else None)


def _parts(line: Line, occasion: Occasion, parent: Goal | None, owner: Staff | None = None) -> tuple[Words, Aim]:
    """What the line says of a goal: its words and its aim."""
    item, currency = line.item, occasion.community.currency
    start, due = _sure(line, occasion)
    unit, benchmark = unit_of(item), item.get("benchmark", {})
    words = Words(
        title=item["title"]["zh"],
        title_en=item["title"].get("en", ""),
        note=item.get("note", ""),
        dimension=item["dimension"],
        term=item["term"],
        owner=owner,
        owner_role=item.get("owner", ""),
        parent=parent,
        flexibility=flexibility_of(item),
        benchmark=read_amount(benchmark["value"], unit=unit, currency=currency) if benchmark else None,
        benchmark_source=benchmark.get("source", ""),
        source=item.get("source", ""),
    )
    aim = Aim(
        target=read_target(item["target"], unit=unit, currency=currency),
        start=start,
        due=due,
        metric=item.get("metric", {}).get("name", ""),
        params=item.get("metric", {}).get("params", {}),
        unit=unit,
        direction=item.get("direction", Goal.Direction.UP),
    )
    return words, aim


def amend(line: Line, made: Made, occasion: Occasion, *, by: Actor) -> Made:
    """Bring an untouched goal to what the line says now; its owner stays."""
    goal = goals_of(occasion.community).get(pk=made.ref["goal"])
    words, aim = _parts(line, occasion, _parent(line.item, occasion, {}), goal.owner)
    amend_goal(goal, words=words, aim=aim, by=by)
    return Made(line.key, goal.name, {"goal": goal.pk, "state": _state(goal)})


def _state(goal: Goal) -> list[str]:
    """What shows whether people have changed the goal since it was made."""
    parts = (goal.title, goal.note, goal.owner_id, goal.due, goal.target_value, goal.target_ratio, goal.flexibility)
    return ["" if part is None else _plain(part) for part in parts]


def _plain(part: object) -> str:
    return f"{part.normalize():f}" if isinstance(part, Decimal) else str(part)


def changed(made: list[Made], community: Community) -> dict[str, str]:
    """Key → why the goal stays: revised, measured by hand, changed, given up, or others stand below it."""
    found = {goal.pk: goal for goal in Goal.objects.filter(community=community, pk__in=_ids(made))}
    reasons = {one.key: _why_kept(found[one.ref["goal"]], one, found) for one in made if one.ref["goal"] in found}
    return {key: why for key, why in reasons.items() if why}


def _ids(made: list[Made]) -> list[int]:
    return [int(one.ref["goal"]) for one in made]


def _why_kept(goal: Goal, made: Made, together: Mapping[int, Goal]) -> str:
    if goal.dropped_at is not None:
        return _("It was given up, and the reason stays on record.")
    if goal.revisions.exists():
        return _("It was revised since.")
    if goal.values.exists():
        return _("Values were entered for it.")
    if goal.children.exclude(pk__in=together).exists():
        return _("Other goals were set below it.")
    return _("It was changed since.") if _state(goal) != list(made.ref["state"]) else ""


def remove(made: list[Made], community: Community, *, by: Actor) -> None:
    """Delete the goals nobody has changed, those below first; one below which another stays is kept."""
    stay = changed(made, community)
    ids = [int(one.ref["goal"]) for one in made if one.key not in stay]
    for goal in sorted(Goal.objects.filter(community=community, pk__in=ids), key=lambda one: one.span.days):
        if not goal.children.exists():
            write_act(UNDO, by=by, subject_type="goal", subject_id=goal.pk)
            goal.delete()


def export(community: Community, start: date) -> list[Item]:
    """The standing goals as items; days count from `start`, and goals over before it are left out."""
    goals = [goal for goal in goals_of(community) if goal.due >= start]
    keys = {goal.pk: goal.key or f"goal-{goal.pk}" for goal in goals}
    return [_item(goal, keys, start) for goal in goals]


def _item(goal: Goal, keys: Mapping[int, str], start: date) -> Item:
    currency = goal.community.currency
    item: Item = {
        "key": keys[goal.pk],
        "title": in_both(goal.title, goal.title_en),
        "dimension": goal.dimension,
        "term": goal.term,
        "due": duration_between(start, goal.due + _DAY).text,
        "direction": goal.direction,
        "target": written_target(goal),
        "flexibility": written(goal.flexibility, unit=Goal.Unit.SHARE, currency=currency),
    }
    if goal.start > start:
        item["start"] = duration_between(start, goal.start).text
    item |= {"manual": True, "unit": goal.unit} if goal.by_hand else {"metric": _metric_item(goal)}
    if goal.benchmark is not None:
        value = written(goal.benchmark, unit=goal.unit, currency=currency)
        item["benchmark"] = {"value": value, "source": goal.benchmark_source}
    said = {"owner": goal.owner_role, "note": goal.note, "source": goal.source}
    item |= {name: value for name, value in said.items() if value}
    return item | ({"parent": keys[goal.parent_id]} if goal.parent_id is not None and goal.parent_id in keys else {})


def _metric_item(goal: Goal) -> dict[str, Any]:
    """The metric with the parameters that are not its defaults."""
    usual = fit_metric(goal.metric).check({})
    given = {
        name: value
        for name, value in goal.params.items()
        if value != (list(usual[name]) if isinstance(usual.get(name), tuple) else usual.get(name))
    }
    return {"name": goal.metric} | ({"params": given} if given else {})


def register() -> None:
    """Bring the section to life."""
    register_section(
        Section(
            name="goals",
            label=gettext_lazy("Goals"),
            schema=SCHEMA,
            check=check,
            draft=draft,
            make=make,
            changed=changed,
            remove=remove,
            amend=amend,
            doubts=doubts,
            export=export,
            fields=(
                Field("target", gettext_lazy("Target")),
                Field("due", pgettext_lazy("goal", "Due")),
                Field("flexibility", gettext_lazy("Margin")),
            ),
        )
    )
