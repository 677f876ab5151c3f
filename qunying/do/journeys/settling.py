"""What reach made of the words of steps, brought back to the ledger, and to the travellers who waited for it."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone

from qunying.do.journeys.definition import WAIT
from qunying.do.journeys.endings import end_these
from qunying.do.journeys.facts import tell_steps
from qunying.do.journeys.models import Passage, Traveller
from qunying.do.journeys.passing import goes_on, move_on, turn_of
from qunying.do.journeys.reasons import NOT_SENT
from qunying.do.reach.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from qunying.do.journeys.passing import Turn

AT_ONCE = 400
WINDOW = 4000
"""Steps on their way that one look takes; a hundred thousand are gone through in a minute."""
MOST_TRIES = 7
"""Words that a traveller waits for are tried on so many days; then the journey goes on without them."""
_DAY = timedelta(days=1)
Outcome = Passage.Outcome
Sent = Delivery.State
_FAILED = frozenset({Sent.HELD, Sent.REFUSED, Sent.CANCELLED})
_OPEN: Mapping[str, str] = {Sent.UNKNOWN: Outcome.UNKNOWN, Sent.HAND: Outcome.HAND, Sent.AWAITING: Outcome.HAND}
"""What a person is asked about, or has to do: its outcome so far."""


class News(NamedTuple):
    """A step on its way, how its delivery stands by now, and why, in words."""

    passage: Passage
    stands: str
    says: str


class _Place:
    """Behind which step the last look ended: with many on their way each look takes some of them, in turn."""

    pk = 0


def settle() -> int:
    """Bring what has happened in reach since the last time back to the steps; how many. A chore."""
    return settle_some(timezone.now())


def settle_some(now: datetime) -> int:
    """Bring some of it back as of now (aware); how many steps changed. What happened is read before anything locks."""
    changed = _changed()
    taken = 0
    for start in range(0, len(changed), AT_ONCE):
        taken += _settle(dict(changed[start : start + AT_ONCE]), now)
    return taken


@transaction.atomic
def _settle(changed: Mapping[int, tuple[str, str]], now: datetime) -> int:
    rows = Passage.objects.filter(pk__among=list(changed), state=Passage.State.OUT).order_by("pk")
    rows = rows.select_related("traveller__identity", "traveller__member").select_for_update(of=("self",))
    news = [News(one, *changed[one.pk]) for one in rows]
    if not news:
        return 0
    turn = turn_of([one.passage for one in news], now)
    renewed = _follow_renewed([one.passage for one in news if one.stands == Sent.CANCELLED])
    _note([one for one in news if one.stands in _OPEN])
    closed = [one for one in news if one.stands in Delivery.ENDED and one.passage.pk not in renewed]
    again = [one for one in closed if _tries_again(one, turn)]
    _try_again(again, now)
    ended = [one for one in closed if one not in again]
    _close(ended, now)
    _move(ended, turn, now)
    return len(news)


def _changed() -> list[tuple[int, tuple[str, str]]]:
    """Steps on their way whose delivery stands at something that is not written down here yet. Two queries."""
    out = Passage.objects.filter(state=Passage.State.OUT, pk__gt=_Place.pk).order_by("pk")
    rows = list(out.values_list("pk", "delivery_key", "outcome")[:WINDOW])
    _Place.pk = rows[-1][0] if len(rows) == WINDOW else 0
    theirs = Delivery.objects.filter(key__among=[key for _pk, key, _outcome in rows])
    stands = {key: (state, why) for key, state, why in theirs.values_list("key", "state", "why")}
    return [(pk, stands[key]) for pk, key, outcome in rows if key in stands and _is_news(stands[key][0], outcome)]


def _is_news(stands: str, outcome: str) -> bool:
    return stands in Delivery.ENDED or (stands in _OPEN and outcome != _OPEN[stands])


def _follow_renewed(cancelled: Sequence[Passage]) -> set[int]:
    """A delivery found missing has another in its place: its key is the one that counts from now on."""
    nexts = {_next_key(one.delivery_key): one for one in cancelled}
    there = list(Delivery.objects.filter(key__among=list(nexts)).values_list("key", flat=True))
    for key in there:
        Passage.objects.filter(pk=nexts[key].pk).update(delivery_key=key, outcome="")
    return {nexts[key].pk for key in there}


def _next_key(key: str) -> str:
    stem, _tilde, number = key.partition("~")
    return f"{stem}~{int(number or 1) + 1}"


def _note(news: Sequence[News]) -> None:
    """A person is asked, or has to send it: told on the step, which is not over."""
    told: dict[str, list[int]] = defaultdict(list)
    for one in news:
        told[_OPEN[one.stands]].append(one.passage.pk)
    for outcome, ids in told.items():
        Passage.objects.filter(pk__among=ids).update(outcome=outcome)


def _tries_again(one: News, turn: Turn) -> bool:
    """Whether the traveller waits for words that a guard or the platform kept back, and there is a day left."""
    step, (_stem, _tilde, number) = turn.step(one.passage), one.passage.delivery_key.partition("~")
    waits = getattr(step, "if_held", "") == WAIT and one.passage.traveller.state == Traveller.State.UNDER_WAY
    return waits and one.stands in {Sent.HELD, Sent.REFUSED} and int(number or 1) < MOST_TRIES


def _try_again(news: Sequence[News], now: datetime) -> None:
    """Due once more tomorrow under a key of its own: of what was held or refused nothing has left."""
    for one in news:
        key = _next_key(one.passage.delivery_key)
        Passage.objects.filter(pk=one.passage.pk).update(
            state=Passage.State.DUE, due_at=now + _DAY, done_at=None, outcome="", why=one.says, delivery_key=key
        )


def _close(news: Sequence[News], now: datetime) -> None:
    told: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in news:
        told[one.stands, one.says].append(one.passage.pk)
    for (outcome, why), ids in told.items():
        rows = Passage.objects.filter(pk__among=ids)
        rows.update(state=Passage.State.DONE, done_at=now, outcome=outcome, why=why)
    tell_steps([(one.passage, one.stands) for one in news], at=now)


def _move(news: Sequence[News], turn: Turn, now: datetime) -> None:
    """Those who waited for the words go on; or, where the step says so and they did not leave, no further."""
    waited = [one for one in news if not goes_on(turn.step(one.passage))]
    waited = [one for one in waited if one.passage.traveller.state == Traveller.State.UNDER_WAY]
    out = [one for one in waited if one.stands in _FAILED and getattr(turn.step(one.passage), "if_held", "") != WAIT]
    end_these([one.passage.traveller_id for one in out], Traveller.State.LEFT, why=NOT_SENT, now=now)
    on = [one.passage for one in waited if one not in out]
    move_on([(one, turn.way(one).after[one.step_id]) for one in on], turn)
