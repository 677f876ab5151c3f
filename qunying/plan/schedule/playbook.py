"""The section `work` of playbooks: what the team does in each phase, made into work with days and owners."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qunying.ground.access.roles import ROLES
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit import formats
from qunying.kit.durations import PATTERN, RHYTHM_PATTERN, duration_between, parse_duration, parse_rhythm
from qunying.kit.errors import QunyingError
from qunying.kit.saying import in_both, say
from qunying.plan.playbooks.phases import phase_days
from qunying.plan.playbooks.queries import followed_by, standing_application
from qunying.plan.playbooks.sections import Field, Line, Made, Problem, Section, item_key, register_section
from qunying.plan.schedule.days import RULES, move
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.queries import sole_holder, still_open, work_in
from qunying.plan.schedule.services import Origin, Told, add_work
from qunying.plan.schedule.sources import PLANNED
from qunying.plan.schedule.turns import MOST, day_of, rhythm_words, span_of, spread, too_many, turns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.sections import Item, Occasion
    from qunying.plan.schedule.turns import Span

UNDO = declare_verb("schedule.undo", gettext_lazy("Work made by a playbook was taken back untouched."))
AMEND = declare_verb("schedule.amend", gettext_lazy("Work made by a playbook follows its new version."))

_DAY = timedelta(days=1)
_SOME_DAY = date(2024, 1, 1)
PRIORITIES = {
    "urgent": WorkItem.Priority.URGENT,
    "usual": WorkItem.Priority.USUAL,
    "later": WorkItem.Priority.LATER,
}
_OWNERS = {name: label for name, (label, _held) in ROLES.items()}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["key", "title", "due"],
    "properties": {
        "key": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,59}$", "description": "Its name within the file"},
        "title": {
            "type": "object",
            "additionalProperties": False,
            "required": ["zh"],
            "properties": {
                name: {"type": "string", "minLength": 1, "maxLength": WorkItem.TITLE_LENGTH} for name in ("zh", "en")
            },
        },
        "phase": {"type": "string", "description": "The key of the phase it belongs to; its days count from there"},
        "due": {
            "type": ["string", "integer"],
            "pattern": PATTERN,
            "examples": ["3 天", "2 周", "3d"],
            "description": "By the end of so many days from the first day of the phase, else of the playbook",
        },
        "every": {
            "type": ["string", "integer"],
            "pattern": RHYTHM_PATTERN,
            "examples": ["week", "2 周", "1 个月"],
            "description": "It comes round again, from its due day to the end of its phase, else of the last phase",
        },
        "until": {
            "type": ["string", "integer"],
            "pattern": PATTERN,
            "examples": ["8 周", "3 个月"],
            "description": "It stops coming round so long after the first day of its phase, else of the playbook",
        },
        "on": {"enum": list(RULES), "description": "The first such day from then on"},
        "owner": {"enum": sorted(ROLES), "description": "The role whose task it is"},
        "priority": {"enum": list(PRIORITIES)},
    },
}


def check(items: list[Item]) -> Iterator[Problem]:
    """What a schema cannot say of the items alone: a day that can be reached, a rhythm that can be kept."""
    for place, item in enumerate(items):
        if "every" in item:
            yield from _unkept(place, item)
        elif "until" in item:
            words = _("“until” ends what comes round again. Say how often with “every”, or take it out.")
            yield Problem((place, "until"), words, about_name=True)
        if not parse_duration(item["due"]).count:
            yield Problem((place, "due"), _("Work is due after one day at the earliest: 1 天 is the first day."))


def _unkept(place: int, item: Item) -> Iterator[Problem]:
    try:
        parse_rhythm(item["every"])
    except QunyingError as error:
        yield Problem((place, "every"), str(error))


def fits(items: list[Item], content: Mapping[str, Any]) -> Iterator[Problem]:
    """What only the whole playbook tells: phases that exist and are long enough."""
    days = phase_days(content.get("phases", []), _SOME_DAY)
    for place, item in enumerate(items):
        name = item.get("phase")
        if name is not None and name not in days:
            given = {"key": name, "known": pgettext("names", ", ").join(days)}
            yield Problem((place, "phase"), _("There is no phase “%(key)s”. Those there are: %(known)s.") % given)
        elif name is not None and _unmoved(item, days, _SOME_DAY) > days[name][1]:
            yield Problem((place, "due"), _("This is due after its phase “%(key)s” is over.") % {"key": name})
        elif "every" in item and not list(_unkept(place, item)):
            yield from _unending(place, item, span_of(item, content.get("phases", []), _SOME_DAY))


def _unending(place: int, item: Item, span: Span) -> Iterator[Problem]:
    """What is wrong with the end of something that comes round again."""
    if span[1] is None:
        yield Problem((place, "every"), _("Nothing says until when. Name a phase, or write “until: 3 个月”."))
    elif day_of(item, span[0]) > span[1]:
        yield Problem((place, "until"), _("It ends before it is due for the first time. Write a longer “until”."))
    elif too_many(item, span):
        words = _("It would come round more than %(most)s times. Write a longer rhythm, or a shorter “until”.")
        yield Problem((place, "every"), words % {"most": MOST})


def _unmoved(item: Item, days: Mapping[str, tuple[date, date]], start: date) -> date:
    return day_of(item, days.get(item.get("phase", ""), (start, start))[0])


def draft(items: list[Item], occasion: Occasion) -> list[Line]:
    """One line for each piece of work: what, until when, whose, how; what comes round again with its first day."""
    days = phase_days(occasion.phases, occasion.start)
    titles = {phase.get("key"): say(phase.get("title")) for phase in occasion.phases}
    return [
        Line(
            item["key"],
            say(item["title"]),
            _detail(item, titles, occasion),
            move(_unmoved(item, days, occasion.start), item.get("on", "")),
            item,
        )
        for item in items
    ]


def _detail(item: Item, titles: Mapping[Any, str], occasion: Occasion) -> str:
    again = ""
    if "every" in item:
        again = rhythm_words(item, turns_of(item, span_of(item, occasion.phases, occasion.start)))
    owner = str(_OWNERS.get(item.get("owner", ""), ""))
    parts = [titles.get(item.get("phase"), ""), again, owner, say(item.get("note"))]
    return " · ".join(part for part in parts if part)


def make(lines: list[Line], occasion: Occasion, *, by: Actor) -> list[Made]:
    """Add the work. Where one active person alone holds the role, in the unit or nearest above, it is theirs at once.

    A key that stands open in the community already (from another playbook) is refused in words.
    """
    known = _keys_of_others(occasion)
    made = []
    for line in lines:
        if item_key(line.key) in known:
            words = _("The community has open work “%(key)s” from a playbook already. Drop that first, or untick this.")
            raise QunyingError(words % {"key": item_key(line.key)})
        made.append(_made(line, _make_one(line, occasion, by)))
    return made


def _keys_of_others(occasion: Occasion) -> set[str]:
    """The keys of open work in the community but for what this playbook, or an older version of it, has made."""
    own = [str(pk) for pk in followed_by(occasion.application)]
    others = still_open(work_in(occasion.community)).exclude(key="").exclude(origin_app=PLANNED, origin_id__in=own)
    return set(others.values_list("key", flat=True))


def _make_one(line: Line, occasion: Occasion, by: Actor) -> WorkItem:
    item = line.item
    return add_work(
        item["title"]["zh"],
        place=occasion.community,
        due=line.day or occasion.start,
        by=by,
        owner=sole_holder(item.get("owner", ""), occasion.community.unit),
        priority=PRIORITIES[item.get("priority", "usual")],
        origin=Origin(PLANNED, occasion.application or "", _("Playbook “%(title)s”") % {"title": occasion.title}),
        told=Told(
            title_en=item["title"].get("en", ""),
            note=_tongue(item.get("note"), "zh"),
            note_en=_tongue(item.get("note"), "en"),
            role=item.get("owner", ""),
            key=item_key(line.key),
        ),
    )


def _tongue(text: Any, language: str) -> str:
    """The words in this language; a text written once stands for both."""
    return str(text.get(language, "")) if isinstance(text, dict) else str(text or "")


def _made(line: Line, work: WorkItem) -> Made:
    day = formats.day(work.due, weekday=False) if "every" in line.item else ""
    return Made(line.key, f"{work.name} · {day}" if day else work.name, {"work": work.pk, "state": _state(work)})


def _state(work: WorkItem) -> list[str]:
    """What shows whether people have changed the work since it was made."""
    return [work.title, work.due.isoformat(), str(work.owner_id or ""), str(work.priority)]


def changed(made: list[Made], community: Community) -> dict[str, str]:
    """Key → why the work stays: done, dropped, or changed."""
    found = {work.pk: work for work in work_in(community).filter(pk__in=[one.ref["work"] for one in made])}
    reasons = {one.key: _why_kept(found[one.ref["work"]], one) for one in made if one.ref["work"] in found}
    return {key: why for key, why in reasons.items() if why}


def _why_kept(work: WorkItem, made: Made) -> str:
    if work.done_at is not None:
        return _("It is done.")
    if work.dropped_at is not None:
        return _("It was dropped since.")
    return pgettext("work", "It was changed since.") if _state(work) != list(made.ref["state"]) else ""


def remove(made: list[Made], community: Community, *, by: Actor) -> None:
    """Delete the work nobody has touched."""
    stay = changed(made, community)
    for work in work_in(community).filter(pk__in=[one.ref["work"] for one in made if one.key not in stay]):
        write_act(UNDO, by=by, subject_type="work", subject_id=work.pk)
        work.delete()


def amend(line: Line, made: Made, occasion: Occasion, *, by: Actor) -> Made:
    """Bring untouched work to what the line says now; its owner stays unless the role is another."""
    work, item = work_in(occasion.community).get(pk=made.ref["work"]), line.item
    work.title, work.title_en = item["title"]["zh"], item["title"].get("en", "")
    work.note, work.note_en = _tongue(item.get("note"), "zh"), _tongue(item.get("note"), "en")
    work.due, work.priority = line.day or work.due, PRIORITIES[item.get("priority", "usual")]
    if work.owner_role != item.get("owner", ""):
        work.owner_role = item.get("owner", "")
        work.owner = sole_holder(work.owner_role, occasion.community.unit)
    work.save()
    write_act(AMEND, by=by, subject_type="work", subject_id=work.pk, details={"due": work.due.isoformat()})
    return _made(line, work)


def export(community: Community, start: date) -> list[Item]:
    """Work of the playbook and of people's own, done or not, due from `start` on; not what came from elsewhere.

    Work of a phase of the standing playbook stays in it; all other counts from `start`. What comes round again is
    one item as the plan has it, said as its last time is; it ends earlier where its last times were dropped.
    """
    standing = standing_application(community)
    content = standing.content if standing else {}
    phases = content.get("phases", [])
    days = phase_days(phases, start)
    planned = {item["key"]: item for item in content.get("work", [])}
    works = list(work_in(community).filter(origin_app__in=("", PLANNED), dropped_at__isnull=True, due__gte=start))
    last = {work.key: work for work in works if "every" in planned.get(work.key, {})}
    taken: set[str] = set()
    items = []
    for work in works:
        if work.key not in last:
            items.append(_item(work, _free_key(work, taken), days, planned, start))
        elif work.key not in taken:
            taken.add(work.key)
            items.append(_again(planned[work.key], last[work.key], span_of(planned[work.key], phases, start)))
    return items


def _again(planned: Item, last: WorkItem, span: Span) -> Item:
    """An item that comes round again, as its last time stands."""
    days: Item = {name: planned[name] for name in ("phase", "due", "on", "every", "until") if name in planned}
    if any(one.due > last.due for one in turns_of(planned, span)):
        days["until"] = duration_between(span[0], last.due + _DAY).text
    return _told(last, planned["key"], days)


def _free_key(work: WorkItem, taken: set[str]) -> str:
    key = work.key if work.key and work.key not in taken else f"work-{work.pk}"
    taken.add(key)
    return key


def _item(
    work: WorkItem, key: str, days: Mapping[str, tuple[date, date]], planned: Mapping[str, Item], start: date
) -> Item:
    phase = planned.get(work.key, {}).get("phase", "")
    first, last = days.get(phase, (start, start))
    if not (first <= work.due <= last and phase):
        phase, first = "", start
    item: Item = {"phase": phase} if phase else {}
    return _told(work, key, item | {"due": duration_between(first, work.due + _DAY).text})


def _told(work: WorkItem, key: str, days: Item) -> Item:
    """The item of a piece of work whose days are known."""
    item: Item = {"key": key, "title": in_both(work.title, work.title_en), **days}
    if work.owner_role:
        item["owner"] = work.owner_role
    if work.priority != WorkItem.Priority.USUAL:
        item["priority"] = next(name for name, value in PRIORITIES.items() if value == work.priority)
    note = {name: text for name, text in (("zh", work.note), ("en", work.note_en)) if text}
    return item | ({"note": note} if note else {})


def register() -> None:
    """Bring the section to life."""
    register_section(
        Section(
            name="work",
            label=pgettext_lazy("playbook", "Work"),
            schema=SCHEMA,
            check=check,
            fits=fits,
            draft=draft,
            make=make,
            changed=changed,
            remove=remove,
            amend=amend,
            export=export,
            spread=spread,
            fields=(
                Field("due", pgettext_lazy("goal", "Due")),
                Field("every", gettext_lazy("Comes round again"), where_said=True),
                Field("until", pgettext_lazy("work", "Until"), where_said=True),
                Field("owner", pgettext_lazy("goal", "Owner"), _OWNERS),
            ),
        )
    )
