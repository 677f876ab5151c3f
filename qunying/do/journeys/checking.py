"""What is wrong with a definition before anybody sets out on it: what must be mended, and what to think about."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.do.journeys.conditions import SEGMENT
from qunying.do.journeys.definition import DATE, EVENT, GROUP, JOINED, Branch, Say, Until, Welcome
from qunying.do.journeys.ways import circles, first_unreached, pointless
from qunying.do.reach.guards import WAY_OUT
from qunying.ground.events.kinds import all_kinds
from qunying.ground.members.models import Tag, TagDimension
from qunying.ground.platforms.port import Action, Capability, Way, connector_of
from qunying.ground.segments.models import Segment
from qunying.kit.text.addresses import IN_TEXT
from qunying.plan.compliance.checking import check_text
from qunying.plan.compliance.marks import ADVERT_MARK
from qunying.plan.content.checks_own import is_buying_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qunying.do.journeys.definition import Definition
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.segments.conditions import Condition
    from qunying.ground.segments.conditions import Group as Asked

START = ""
"""The id that stands for what comes before the steps: what sets it off, the goal, the ways out."""
STOP = "stop"
_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")
_KNOWN = frozenset({"name", "group", "community"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one step (its id, `START` for what comes before them), as a sentence that says what to do.

    What `stops` keeps the journey from being released; the rest is left to those who read it.
    """

    step: str
    words: str
    stops: bool = True


def problems_of(definition: Definition, *, community: Community) -> list[Problem]:
    """What keeps a definition from being released in this community; [] where nothing does."""
    return [found for found in look_over(definition, community=community) if found.stops]


def look_over(definition: Definition, *, community: Community) -> list[Problem]:
    """Everything to be said about a definition, in the order of its steps. One query for each text, few beside."""
    found = [
        *_ways(definition),
        *_missing(definition, community),
        *_impossible(definition, community),
        *_misplaced(definition),
        *_texts(definition, community),
    ]
    order = {step.id: place for place, step in enumerate(definition.all_steps(), start=1)}
    return sorted(found, key=lambda one: (order.get(one.step, 0), not one.stops))


def _ways(definition: Definition) -> Iterator[Problem]:
    if not definition.steps:
        yield Problem(START, _("There is no step yet. Put one in below."))
    for step in first_unreached(definition):
        yield Problem(step, _("Nobody ever comes here: the journey is over before. Move it up, or take it away."))
    for step in pointless(definition):
        yield Problem(step, _("Both ways lead on at once. Put a step into one of them, or take the question away."))
    for step in circles(definition):
        yield Problem(step, _("It goes back without any wait, all at once. Put a wait in between."))


def _missing(definition: Definition, community: Community) -> Iterator[Problem]:
    """Segments, tags, groups and kinds of facts that it names and that are not there (any more)."""
    trigger = definition.trigger
    asked = list(_asked(definition))
    conditions = [(step, one) for step, group in asked for one in group.conditions()]
    segments = {(step, one.params["segment"]) for step, one in conditions if one.kind == SEGMENT}
    if trigger.segment is not None:
        segments.add((START, trigger.segment))
    yield from _no_segment(segments, community)
    yield from _no_tag(conditions)
    yield from _no_place(definition, community)
    if trigger.on == EVENT and trigger.kind not in {kind.name for kind in all_kinds()}:
        yield Problem(START, _("What sets it off is not known any more: “%(kind)s”.") % {"kind": trigger.kind})
    if trigger.on == DATE and trigger.dimension:
        named = TagDimension.objects.filter(archived_at=None, name=trigger.dimension)
        if not named.exists():
            words = _("There is no kind of tag “%(name)s”. Choose one that holds a day of the member.")
            yield Problem(START, words % {"name": trigger.dimension})


def _asked(definition: Definition) -> Iterator[tuple[str, Asked]]:
    """Every condition with the id of its step."""
    for group in (definition.only_if, definition.goal, *definition.exits):
        if group is not None:
            yield START, group
    for step in definition.all_steps():
        if isinstance(step, Branch | Until):
            yield step.id, step.asked


def _no_segment(wanted: set[tuple[str, int]], community: Community) -> Iterator[Problem]:
    if not wanted:
        return
    found = Segment.objects.filter(pk__in={pk for _step, pk in wanted}).select_related("unit")
    here = {
        one.pk
        for one in found
        if one.community_id == community.pk
        or (one.community_id is None and community.unit.path.startswith(one.unit.path))
    }
    for step, pk in sorted(wanted):
        if pk not in here:
            yield Problem(step, _("The segment it asks for is not there any more. Choose another one."))


def _no_tag(conditions: list[tuple[str, Condition]]) -> Iterator[Problem]:
    wanted = {(step, pk) for step, one in conditions if one.kind == "tag" for pk in one.params["tags"]}
    if not wanted:
        return
    known = set(Tag.objects.filter(pk__in={pk for _step, pk in wanted}, archived_at=None).values_list("pk", flat=True))
    for step in sorted({step for step, pk in wanted if pk not in known}):
        yield Problem(step, _("A tag it asks for is not there any more. Choose another one."))


def _no_place(definition: Definition, community: Community) -> Iterator[Problem]:
    groups = definition.trigger.groups
    if groups and community.groups.filter(pk__in=groups).count() < len(groups):
        yield Problem(START, _("A group it begins in is not part of this community any more. Choose anew."))


def _impossible(definition: Definition, community: Community) -> Iterator[Problem]:
    """Steps that no platform of the groups does, or that goes by hand, or not everywhere."""
    wanted = {step.id: action_of(step) for step in definition.all_steps() if isinstance(step, Say | Welcome)}
    if not wanted:
        return
    groups = _groups(definition, community)
    if not groups:
        yield Problem(START, _("This community has no group yet, so nothing can leave. Make a group first."))
        return
    for action in sorted(set(wanted.values())):
        said = list(_barred(groups, action))
        steps = [step for step, one in wanted.items() if one == action]
        yield from (Problem(step, words, stops) for step in steps for words, stops in said)
    by_hand = _by_hand(groups, set(wanted.values()))
    if by_hand:
        words = _("In %(groups)s a person sends it: it becomes a task.") % {"groups": _names(by_hand)}
        yield Problem(START, words, stops=False)


def action_of(step: Say | Welcome) -> Action:
    """What is asked of the platform at such a step."""
    if isinstance(step, Welcome):
        return Action.WELCOME
    return Action.SEND if step.to == GROUP else Action.TELL


def _groups(definition: Definition, community: Community) -> list[Group]:
    """The groups a journey may begin in: those it names, else all of them."""
    found = community.groups.select_related("account").order_by("pk")
    named = definition.trigger.groups
    return list(found.filter(pk__in=named) if named else found)


def _barred(groups: list[Group], action: Action) -> Iterator[tuple[str, bool]]:
    """Why an action does not go in some of these groups, and whether it goes in none of them."""
    ways = {group.pk: _capability(group, action) for group in groups}
    barred: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        if ways[group.pk].way is Way.IMPOSSIBLE:
            barred[str(ways[group.pk].reason)].append(group.name)
    everywhere = sum(map(len, barred.values())) == len(groups)
    for reason, names in barred.items():
        told = {"groups": _names(names), "reason": reason}
        yield _("The platform cannot do this in %(groups)s: %(reason)s") % told, everywhere


def _by_hand(groups: list[Group], actions: set[Action]) -> list[str]:
    """The names of the groups in which something of it is sent by a person."""
    hand = {Way.HAND, Way.IMPORT}
    return [group.name for group in groups if any(_capability(group, action).way in hand for action in actions)]


def _capability(group: Group, action: Action) -> Capability:
    connector = connector_of(group.account.platform) if group.account else None
    if group.account is None or connector is None:
        return Capability(Way.HAND)
    return connector.capability(action, account=group.account, group=group.external_id)


def _names(names: list[str]) -> str:
    """The first three names, and how many more."""
    few, more = names[:3], len(names) - 3
    told = pgettext("names", ", ").join(few)
    if more <= 0:
        return told
    return ngettext("%(names)s and %(more)d more group", "%(names)s and %(more)d more groups", more) % {
        "names": told,
        "more": more,
    }


def _misplaced(definition: Definition) -> Iterator[Problem]:
    """Words for somebody who just came, on a journey that nobody's coming sets off."""
    if definition.trigger.on == JOINED:
        return
    for step in definition.all_steps():
        if isinstance(step, Welcome):
            words = _("A welcome is for somebody who just came in. Say it to the person, or let coming in set it off.")
            yield Problem(step.id, words)


def _texts(definition: Definition, community: Community) -> Iterator[Problem]:
    for step in definition.all_steps():
        if isinstance(step, Say | Welcome):
            yield from (Problem(step.id, *found) for found in _text(step, community))


def _text(step: Say | Welcome, community: Community) -> Iterator[tuple[str, bool]]:
    for finding in check_text(step.words, community=community):
        told = {"excerpt": finding.excerpt, "reason": finding.reason, "instead": finding.instead}
        words = _("“%(excerpt)s”: %(reason)s") % told
        if finding.instead:
            words = _("%(said)s Write “%(instead)s” instead.") % {"said": words, "instead": finding.instead}
        yield words, finding.severity == STOP
    yield from ((words, True) for words in (*_advert(step), *_placeholders(step.words)))


def _advert(step: Say | Welcome) -> Iterable[str]:
    advert = isinstance(step, Say) and step.advert
    if advert and ADVERT_MARK not in step.words:
        yield _("An advert carries the word 「广告」. Write it into the text.")
    if advert and isinstance(step, Say) and step.to != GROUP and WAY_OUT not in step.words:
        yield _("An advert to one person says how to have no more of them (「退订」). Write it into the text.")
    if not advert and any(is_buying_link(hit[0]) for hit in IN_TEXT.finditer(step.words)):
        yield _("It leads to something for sale, so it is an advert. Say so: tick that it is one, and write 「广告」.")


def _placeholders(words: str) -> Iterable[str]:
    for hit in _PLACEHOLDER.finditer(words):
        if hit[1].strip() not in _KNOWN:
            yield _("“%(text)s” is replaced by nothing. Known are {name}, {group} and {community}.") % {"text": hit[0]}
