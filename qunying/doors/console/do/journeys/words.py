"""Steps, beginnings and ends of journeys in words people read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from qunying.do.journeys.conditions import words_of_asked
from qunying.do.journeys.definition import (
    DATE,
    END,
    EVENT,
    GROUP,
    JOINED,
    MANUAL,
    SEGMENT_ENTERED,
    WAIT,
    Again,
    Branch,
    End,
    Say,
    Tag,
    Task,
    Until,
    Wait,
    Welcome,
)
from qunying.ground.access.roles import ROLES
from qunying.ground.events.kinds import all_kinds
from qunying.ground.segments.models import Segment
from qunying.ground.segments.queries import names_in
from qunying.plan.schedule.days import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from qunying.do.journeys.definition import Definition, Step
    from qunying.ground.groups.models import Community
    from qunying.ground.segments.conditions import Group, Names

KINDS: dict[str, tuple[_StrPromise, str]] = {
    Say.do: (pgettext_lazy("journey step", "Say something"), "message"),
    Wait.do: (pgettext_lazy("journey step", "Wait"), "hourglass"),
    Until.do: (pgettext_lazy("journey step", "Wait until something happens"), "eye"),
    Branch.do: (pgettext_lazy("journey step", "Ask which way"), "arrows-split"),
    Welcome.do: (pgettext_lazy("journey step", "Welcome in the group"), "user-plus"),
    Tag.do: (pgettext_lazy("journey step", "Give or take a tag"), "tag"),
    Task.do: (pgettext_lazy("journey step", "Task for a colleague"), "clipboard-list"),
    Again.do: (pgettext_lazy("journey step", "Back to an earlier step"), "rotate"),
    End.do: (pgettext_lazy("journey step", "End here"), "flag"),
}
"""Kinds of steps in the order in which they are offered, with their icons."""
TRIGGERS: dict[str, _StrPromise] = {
    JOINED: gettext_lazy("Somebody comes into a group"),
    EVENT: gettext_lazy("Somebody does something"),
    SEGMENT_ENTERED: gettext_lazy("Somebody comes into a segment"),
    DATE: gettext_lazy("A day comes"),
    MANUAL: gettext_lazy("You choose members by hand"),
}


@dataclass(frozen=True, slots=True)
class Book:
    """What ids in definitions are called: tags, groups, segments, kinds of facts."""

    names: Names
    segments: Mapping[int, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def asked(self, group: Group) -> str:
        """A condition as a sentence."""
        return words_of_asked(group, self.names, self.segments)


def book_of(community: Community) -> Book:
    """Everything that steps in this community may name. Four queries."""
    kinds = {kind.name: str(kind.meaning).rstrip(".。") for kind in all_kinds()}
    return Book(names_in([community]), dict(Segment.objects.values_list("pk", "name")), kinds)


def title_of(step: Step, titles: Mapping[str, str] | None = None) -> str:
    """The step as its heading; `titles` are those of the steps before, for one that leads back."""
    if isinstance(step, Again):
        to = (titles or {}).get(step.to, step.to)
        words = ngettext("Back to “%(to)s”, once", "Back to “%(to)s”, at most %(most)d times", step.most)
        return words % {"to": to, "most": step.most}
    if isinstance(step, Until):
        number = {"days": step.days}
        return ngettext("Wait until, at most %(days)d day", "Wait until, at most %(days)d days", step.days) % number
    if isinstance(step, Tag):
        tag = {"tag": f"{step.dimension}：{step.name}"}
        return (_("Take the tag %(tag)s away") if step.remove else _("Give the tag %(tag)s")) % tag
    if isinstance(step, Task):
        return _("Task: %(title)s") % {"title": step.title}
    return _wait(step) if isinstance(step, Wait) else _plain_title(step)


def _plain_title(step: Step) -> str:
    if isinstance(step, Say):
        return _("Say in the group") if step.to == GROUP else _("Say to the member")
    if isinstance(step, Branch):
        return _("Is it so?")
    return str(KINDS[step.do][0]) if isinstance(step, Welcome) else _("The journey ends here")


def _wait(step: Wait) -> str:
    long, when = _long(step), _when(step)
    if long and when:
        return _("Wait %(long)s, then go on %(when)s") % {"long": long, "when": when}
    return _("Wait %(long)s") % {"long": long} if long else _("Go on %(when)s") % {"when": when}


def _long(step: Wait) -> str:
    """2 days, 3 hours; '' where it is only waited for a moment."""
    parts = []
    if step.days:
        parts.append(ngettext("%(n)d day", "%(n)d days", step.days) % {"n": step.days})
    if step.hours:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", step.hours) % {"n": step.hours})
    return pgettext("journey wait", ", ").join(parts)


def _when(step: Wait) -> str:
    """On a Saturday at 10:00; '' where only time has to pass."""
    at = f"{step.at:%H:%M}" if step.at is not None else ""
    if step.on and at:
        return _("%(day)s at %(time)s") % {"day": RULES[step.on], "time": at}
    if step.on:
        return str(RULES[step.on])
    return _("at %(time)s") % {"time": at} if at else ""


def lines_of(step: Step, book: Book) -> list[str]:
    """What else is to be said of a step."""
    if isinstance(step, Until | Branch):
        return [book.asked(step.asked)]
    if isinstance(step, Task):
        return [line for line in (step.note, _task(step)) if line]
    if isinstance(step, Say | Welcome) and step.if_held == WAIT:
        return [_("Where it cannot leave, the journey waits until it has.")]
    if isinstance(step, Say | Welcome) and step.if_held == END:
        return [_("Where it cannot leave, the journey ends.")]
    return []


def _task(step: Task) -> str:
    due = ngettext("Due within %(n)d day", "Due within %(n)d days", step.days) % {"n": step.days}
    due = due if step.days else _("Due the same day")
    return f"{due} · {ROLES[step.role][0]}" if step.role in ROLES else due


def start_lines(definition: Definition, book: Book) -> list[str]:
    """What sets a journey off, and how often."""
    trigger = definition.trigger
    found = []
    if trigger.on == EVENT:
        found.append(_("What they do: %(deed)s") % {"deed": book.kinds.get(trigger.kind, trigger.kind)})
    if trigger.segment is not None:
        found.append(_("Segment: %(name)s") % {"name": book.segments.get(trigger.segment, f"#{trigger.segment}")})
    if trigger.groups:
        names = [book.names.groups.get(pk, f"#{pk}") for pk in trigger.groups]
        found.append(_("Only in: %(names)s") % {"names": pgettext("names", ", ").join(names)})
    if trigger.channels:
        found.append(_("Only by: %(names)s") % {"names": pgettext("names", ", ").join(trigger.channels)})
    if trigger.on == DATE:
        which = trigger.dimension or pgettext("names", ", ").join(trigger.days)
        found.append(_("Day: %(which)s, at %(time)s") % {"which": which, "time": f"{trigger.at:%H:%M}"})
    return [*found, again_words(definition.again)]


def again_words(days: int) -> str:
    """How often the same member may go."""
    if not days:
        return _("Each member goes once.")
    return ngettext("Again after %(n)d day at the earliest.", "Again after %(n)d days at the earliest.", days) % {
        "n": days
    }
