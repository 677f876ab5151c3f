"""What steps do: words through reach, tags, work for colleagues."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.do.journeys.definition import GROUP, Say, Tag, Task, Welcome
from qunying.do.journeys.ledger import ORIGIN
from qunying.do.reach.services_planning import Origin, Wanted, draft_deliveries, store_deliveries
from qunying.ground.audit.actors import System
from qunying.ground.members.models import MemberTag
from qunying.ground.members.services_tags import tag_members, untag_members
from qunying.ground.platforms.port import Action
from qunying.plan.schedule.services import Origin as WorkOrigin
from qunying.plan.schedule.services import Told, add_work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.do.journeys.models import Passage, Traveller
    from qunying.do.journeys.passing import Turn
    from qunying.do.reach.models import Delivery

BY = System("journeys")
WELCOME_HOURS = 24
"""A welcome later than that is none."""
WORDS_HOURS = 72
"""Words that could not leave for so long are not said any more: the steps after them have gone on."""
_PREFIX = len(ORIGIN) + 1


def fill(words: str, traveller: Traveller, *, community: str) -> str:
    """The words with {name}, {group} and {community} filled in; other braces stay as they are."""
    name = traveller.identity.display_name or traveller.member.display_name
    group = traveller.group.name if traveller.group is not None else community
    for sign, value in (("{name}", name), ("{group}", group), ("{community}", community)):
        words = words.replace(sign, value)
    return words


def draft_words(passages: Sequence[Passage], turn: Turn) -> dict[int, Delivery]:
    """What the steps among these that speak want to leave, by passage; nothing is stored."""
    found: dict[int, Delivery] = {}
    told: dict[int, list[tuple[Passage, Wanted]]] = defaultdict(list)
    for one in passages:
        step = turn.step(one)
        if isinstance(step, Welcome | Say):
            told[one.traveller.version_id].append((one, _wanted(one, step, turn)))
    for version, pairs in told.items():
        community = turn.communities[version]
        drafted = draft_deliveries(
            (wanted for _one, wanted in pairs), community=community, origin=Origin(ORIGIN, str(version))
        )
        found |= {one.pk: delivery for (one, _wanted), delivery in zip(pairs, drafted, strict=True)}
    return found


def _wanted(one: Passage, step: Welcome | Say, turn: Turn) -> Wanted:
    traveller = one.traveller
    welcomes = isinstance(step, Welcome)
    to_group = (welcomes or step.to == GROUP) and traveller.group is not None  # type: ignore[union-attr]
    lasts = timedelta(hours=WELCOME_HOURS if welcomes else WORDS_HOURS)
    return Wanted(
        key=one.delivery_key[_PREFIX:],
        action=_action(step, to_group=to_group),
        due_at=turn.now,
        group=traveller.group if to_group else None,
        identity=traveller.identity if welcomes or not to_group else None,
        words=fill(step.words, traveller, community=turn.community(one).name),
        content_hash=turn.hashes[traveller.version_id],
        advert=isinstance(step, Say) and step.advert,
        by_traits=step.id in turn.way(one).by_traits,
        expires_at=turn.now + lasts,
    )


def _action(step: Welcome | Say, *, to_group: bool) -> Action:
    if isinstance(step, Welcome) and to_group:
        return Action.WELCOME
    return Action.SEND if to_group else Action.TELL


def do(passages: Sequence[Passage], turn: Turn) -> None:
    """Do what these steps do, inside the transaction that marks them."""
    store_deliveries([turn.deliveries[one.pk] for one in passages if one.pk in turn.deliveries], at=turn.now)
    tags: dict[Tag, list[int]] = defaultdict(list)
    for one in passages:
        step = turn.step(one)
        if isinstance(step, Tag):
            tags[step].append(one.traveller.member_id)
        elif isinstance(step, Task):
            _hand_out(step, one, turn)
    for tagging, members in tags.items():
        _tag(tagging, members)


def _tag(step: Tag, members: Sequence[int]) -> None:
    names = {"dimension": step.dimension, "name": step.name}
    given = [] if step.remove else members
    tag, _fresh = tag_members(given, **names, by=BY, source=MemberTag.Source.RULE)
    if step.remove:
        untag_members(members, tag=tag, by=BY)


def _hand_out(step: Task, one: Passage, turn: Turn) -> None:
    """Work for the team, named after the person; whose role it is stands with it."""
    community = turn.community(one)
    today = timezone.localdate(turn.now, timezone=ZoneInfo(community.timezone))
    add_work(
        fill(step.title, one.traveller, community=community.name)[:120],
        place=community,
        due=today + timedelta(days=step.days),
        by=BY,
        origin=WorkOrigin(ORIGIN, one.traveller_id, _("Journey “%(name)s”") % {"name": one.traveller.journey.name}),
        told=Told(note=fill(step.note, one.traveller, community=community.name), role=step.role),
    )
