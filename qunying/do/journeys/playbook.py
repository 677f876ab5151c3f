"""The section `journeys` of playbooks: each item becomes a draft that somebody else releases before anything leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from qunying.do.journeys.definition import EVENT, IF_HELD, JOINED, MANUAL, STEPS, Definition, Trigger, Wait
from qunying.do.journeys.models import Journey, Version
from qunying.do.journeys.reading import StepError, read_definition
from qunying.do.journeys.services import draft_journey, drop_journey, redraft_journey
from qunying.kit.errors import QunyingError
from qunying.kit.saying import say
from qunying.plan.playbooks.schema import TEXT
from qunying.plan.playbooks.sections import Line, Made, Problem, Section, register_section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.sections import Item, Occasion

_SAID = ("words", "title", "note", "name", "dimension")
"""What of a step may be written in two languages."""
_OWN = ("trigger", "again", "only_if", "goal", "exits", "steps")
_PORTABLE = (JOINED, EVENT, "date", MANUAL)
"""What may set off a journey of a file: a segment has its number in one installation alone."""

TRIGGER_WORDS = {
    "joined": pgettext_lazy("journey trigger", "When somebody joins"),
    "event": pgettext_lazy("journey trigger", "When somebody does something"),
    "segment_entered": pgettext_lazy("journey trigger", "When somebody enters a segment"),
    "date": pgettext_lazy("journey trigger", "On a day"),
    "manual": pgettext_lazy("journey trigger", "When a colleague says so"),
}
"""What sets a journey off → in words."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["key", "title", "steps"],
    "properties": {
        "key": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,59}$", "description": "Its name within the file"},
        "title": TEXT,
        "trigger": {
            "type": "object",
            "required": ["on"],
            "properties": {"on": {"enum": list(_PORTABLE)}},
            "description": "What sets it off; left out, that somebody joins",
        },
        "again": {
            "type": "integer",
            "minimum": 0,
            "description": "Days after which a member may go it again; 0: never",
        },
        "only_if": {"type": "object", "description": "Whom it is for: a condition"},
        "goal": {"type": "object", "description": "A condition; who fulfils it has reached the goal"},
        "exits": {"type": "array", "items": {"type": "object"}, "description": "Conditions that end it early"},
        "steps": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "do"],
                "properties": {
                    "id": {"type": "string"},
                    "do": {"enum": [kind.do for kind in STEPS]},
                    "words": TEXT,
                    "if_held": {"enum": list(IF_HELD)},
                },
            },
        },
    },
}


def plain_of(item: Item) -> dict[str, Any]:
    """The plain form of the journey an item stands for, its words in the reader's language."""
    told = {name: item[name] for name in _OWN if name in item}
    return {"trigger": {"on": JOINED}, **told, "steps": [_step(one) for one in item.get("steps", ())]}


def _step(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    said = {name: say(plain[name]) for name in _SAID if name in plain}
    forks = {
        name: [_step(one) for one in plain[name]] for name in ("then", "else") if isinstance(plain.get(name), list)
    }
    return {**plain, **said, **forks}


def check(items: list[Item]) -> Iterator[Problem]:
    """What a schema cannot say: steps that can be read, one by one."""
    for place, item in enumerate(items):
        try:
            read_definition(plain_of(item))
        except StepError as error:
            yield Problem((place, *_path(item.get("steps", []), error.step)), str(error))


def _path(steps: Any, step: str) -> tuple[str | int, ...]:
    """The place of a step at the left edge; a step within a fork has the place of the fork's list."""
    for place, one in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(one, dict) and one.get("id") == step:
            return ("steps", place)
    return ("steps",) if step else ()


def draft(items: list[Item], occasion: Occasion) -> list[Line]:
    """One line for each journey: what sets it off, how many steps, over how many days."""
    return [Line(item["key"], say(item["title"]), _detail(item), occasion.start, item) for item in items]


def _detail(item: Item) -> str:
    try:
        definition = read_definition(plain_of(item))
    except QunyingError:
        return ""
    steps = list(definition.all_steps())
    told = ngettext("%(count)d step", "%(count)d steps", len(steps)) % {"count": len(steps)}
    days = sum(one.days for one in steps if isinstance(one, Wait))
    over = ngettext("over %(count)d day", "over %(count)d days", days) % {"count": days} if days else ""
    return " · ".join(part for part in (trigger_words(definition.trigger), told, over) if part)


def trigger_words(trigger: Trigger) -> str:
    """What sets a journey off, in the reader's language."""
    return str(TRIGGER_WORDS[trigger.on])


def make(lines: list[Line], occasion: Occasion, *, by: Actor) -> list[Made]:
    """Draft the journeys. A key that stands already (from another playbook) is refused in words."""
    standing = Journey.objects.filter(community=occasion.community).exclude(key="").exclude(state=Journey.State.ENDED)
    known = set(standing.values_list("key", flat=True))
    made = []
    for line in lines:
        if line.key in known:
            words = _("The community has a journey “%(key)s” already. Take that back first, or untick this.")
            raise QunyingError(words % {"key": line.key})
        name = say(line.item["title"])[: Journey.NAME_LENGTH]
        journey = draft_journey(occasion.community, name=name, definition=plain_of(line.item), by=by, key=line.key)
        made.append(_made(line.key, journey))
    return made


def _made(key: str, journey: Journey) -> Made:
    version = journey.versions.get(state=Version.State.DRAFT)
    return Made(key, journey.name, {"journey": journey.pk, "hash": version.content_hash})


def _journeys(made: list[Made], community: Community) -> dict[str, Journey]:
    pks = {one.ref["journey"]: one.key for one in made}
    return {pks[one.pk]: one for one in Journey.objects.filter(community=community, pk__in=pks)}


def changed(made: list[Made], community: Community) -> dict[str, str]:
    """Key → why the journey stays: it was released, or written anew."""
    hashes = {one.key: one.ref["hash"] for one in made}
    reasons = {key: _why_kept(one, hashes[key]) for key, one in _journeys(made, community).items()}
    return {key: why for key, why in reasons.items() if why}


def _why_kept(journey: Journey, made_hash: str) -> str:
    if journey.state != Journey.State.DRAFT:
        return _("It was released since.")
    version = journey.versions.filter(state=Version.State.DRAFT).first()
    return _("Its steps were changed since.") if version is None or version.content_hash != made_hash else ""


def remove(made: list[Made], community: Community, *, by: Actor) -> None:
    """Throw away the drafts nobody has touched."""
    stay = changed(made, community)
    for key, journey in _journeys(made, community).items():
        if key not in stay:
            drop_journey(journey, by=by)


def amend(line: Line, made: Made, occasion: Occasion, *, by: Actor) -> Made:
    """Write an untouched draft as the newer version says."""
    journey = _journeys([made], occasion.community)[made.key]
    name = say(line.item["title"])[: Journey.NAME_LENGTH]
    redraft_journey(journey, name=name, definition=plain_of(line.item), by=by)
    return _made(line.key, journey)


def export(community: Community, start: date) -> list[Item]:  # noqa: ARG001 - a journey counts from no day of the file
    """The journeys that run or are written, as items; those that only this installation understands stay behind."""
    standing = Journey.objects.filter(community=community).exclude(state=Journey.State.ENDED).order_by("pk")
    found = []
    for journey in standing.prefetch_related("versions"):
        versions = {one.state: one for one in journey.versions.all()}
        version = versions.get(Version.State.RELEASED) or versions.get(Version.State.DRAFT)
        definition = read_definition(version.definition) if version else None
        if definition is not None and is_portable(definition):
            key = journey.key or f"journey-{journey.pk}"
            found.append({"key": key, "title": journey.name, **_told(definition.plain())})
    return found


def _told(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if name != "again" or value}


def is_portable(definition: Definition) -> bool:
    """Whether it says nothing of numbers that only this installation knows: groups, segments, tags."""
    return definition.trigger.on in _PORTABLE and not _numbers(definition.plain())


def _numbers(plain: Any) -> bool:
    if isinstance(plain, dict):
        return bool({"groups", "segment", "tags"} & plain.keys()) or any(map(_numbers, plain.values()))
    return isinstance(plain, list) and any(map(_numbers, plain))


def register() -> None:
    """Bring the section to life."""
    register_section(
        Section(
            name="journeys",
            label=gettext_lazy("Journeys"),
            schema=SCHEMA,
            check=check,
            draft=draft,
            make=make,
            changed=changed,
            remove=remove,
            amend=amend,
            export=export,
        )
    )
