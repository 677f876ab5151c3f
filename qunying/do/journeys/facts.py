"""What happens on journeys, told to the log."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from qunying.do.journeys.kinds import BEGAN, FINISHED, STEPPED
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from qunying.do.journeys.models import Passage, Traveller

SOURCE = "journeys"


def tell_began(travellers: Sequence[Traveller], *, at: datetime) -> None:
    """Record that they began, once for each."""
    _record((one, _fact(BEGAN.name, one, at, ("began", one.pk), {})) for one in travellers)


def tell_steps(passages: Sequence[tuple[Passage, str]], *, at: datetime) -> None:
    """Record the steps that were met, each with its outcome; once for each."""
    _record((one.traveller, _step_fact(one, outcome, at)) for one, outcome in passages)


def tell_ended(travellers: Sequence[Traveller], state: str, *, at: datetime) -> None:
    """Record that they came to their end in this state, once for each."""
    _record((one, _fact(FINISHED.name, one, at, ("ended", one.pk), {"outcome": str(state)})) for one in travellers)


def _step_fact(one: Passage, outcome: str, at: datetime) -> Fact:
    key = ("step", one.traveller_id, one.step_id, one.round)
    told = {"step": one.step_id, "round": one.round, "outcome": outcome}
    return _fact(STEPPED.name, one.traveller, at, key, told)


def _fact(kind: str, one: Traveller, at: datetime, key: tuple[str | int, ...], told: Mapping[str, Any]) -> Fact:
    payload = {"journey": one.journey_id, "version": one.version_id, **told}
    who = Who(one.identity.platform, one.identity.external_id)
    return Fact(kind, at, (SOURCE, *key), target=who, group_id=one.group_id, payload=payload)


def _record(told: Iterable[tuple[Traveller, Fact]]) -> None:
    rows = sorted(told, key=lambda pair: pair[0].journey.community_id)
    for _pk, pairs in groupby(rows, key=lambda pair: pair[0].journey.community_id):
        found = list(pairs)
        record([fact for _one, fact in found], community=found[0][0].journey.community, source=SOURCE)
