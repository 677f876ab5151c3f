"""What reach made of the words of steps, brought back to the ledger, and to the travellers who waited for it."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from qunying.do.journeys.definition import WAIT
from qunying.do.journeys.endings import end_these
from qunying.do.journeys.facts import tell_steps
from qunying.do.journeys.models import Passage, Traveller
from qunying.do.journeys.passing import goes_on, move_on, turn_of
from qunying.do.journeys.reasons import NOT_SENT
from qunying.do.reach.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qunying.do.journeys.passing import Turn

AT_ONCE = 400
MOST_TRIES = 7
"""Words that a traveller waits for are tried on so many days; then the journey goes on without them."""
_DAY = timedelta(days=1)
_FAILED = frozenset({Passage.Outcome.HELD.value, Passage.Outcome.REFUSED.value, Passage.Outcome.CANCELLED.value})
Outcome = Passage.Outcome
Sent = Delivery.State


def settle() -> int:
    """Bring what has happened in reach since the last time back to the steps; how many. A chore."""
    return settle_some(timezone.now())


@transaction.atomic
def settle_some(now: datetime) -> int:
    """Bring some of it back as of now (aware); how many steps changed."""
    found = _changed()
    if not found:
        return 0
    turn = turn_of(found, now)
    renewed = _follow_renewed([one for one in found if _stands(one) == Sent.CANCELLED])
    open_now = [one for one in found if _stands(one) in {Sent.UNKNOWN, Sent.HAND, Sent.AWAITING}]
    _note(open_now)
    closed = [one for one in found if _stands(one) in Delivery.ENDED and one.pk not in renewed]
    again = {one.pk for one in closed if _tries_again(one, turn)}
    _try_again([one for one in closed if one.pk in again], now)
    ended = [one for one in closed if one.pk not in again]
    _close(ended, now)
    _move(ended, turn, now)
    return len(found)


def _stands(one: Passage) -> str:
    """The state of its delivery."""
    return str(getattr(one, "stands", ""))


def _changed() -> list[Passage]:
    """Steps on their way whose delivery stands at something that is not written down here yet."""
    theirs = Delivery.objects.filter(key=OuterRef("delivery_key"))
    out = Passage.objects.filter(state=Passage.State.OUT)
    out = out.annotate(stands=Subquery(theirs.values("state")[:1]), says=Subquery(theirs.values("why")[:1]))
    news = Q(stands__in=Delivery.ENDED) | Q(stands__in=(Sent.UNKNOWN, Sent.HAND)) & ~Q(outcome=F("stands"))
    news |= Q(stands=Sent.AWAITING) & ~Q(outcome=Outcome.HAND)
    parts = ("traveller__identity", "traveller__member")
    return list(out.filter(news).select_related(*parts).select_for_update(of=("self",)).order_by("pk")[:AT_ONCE])


def _follow_renewed(cancelled: Sequence[Passage]) -> set[int]:
    """A delivery found missing has another in its place: its key is the one that counts from now on."""
    nexts = {_next_key(one.delivery_key): one for one in cancelled}
    there = Delivery.objects.filter(key__among=list(nexts)).values_list("key", flat=True)
    for key in there:
        Passage.objects.filter(pk=nexts[key].pk).update(delivery_key=key, outcome="")
    return {nexts[key].pk for key in there}


def _next_key(key: str) -> str:
    stem, _tilde, number = key.partition("~")
    return f"{stem}~{int(number or 1) + 1}"


def _note(passages: Sequence[Passage]) -> None:
    """A person is asked, or has to send it: told on the step, which is not over."""
    told: dict[str, list[int]] = defaultdict(list)
    for one in passages:
        told[Outcome.UNKNOWN if _stands(one) == Sent.UNKNOWN else Outcome.HAND].append(one.pk)
    for outcome, ids in told.items():
        Passage.objects.filter(pk__among=ids).update(outcome=outcome)


def _tries_again(one: Passage, turn: Turn) -> bool:
    """Whether the traveller waits for words that a guard or the platform kept back, and there is a day left."""
    step, (_stem, _tilde, number) = turn.step(one), one.delivery_key.partition("~")
    waits = getattr(step, "if_held", "") == WAIT and one.traveller.state == Traveller.State.UNDER_WAY
    return waits and _stands(one) in {Sent.HELD, Sent.REFUSED} and int(number or 1) < MOST_TRIES


def _try_again(passages: Sequence[Passage], now: datetime) -> None:
    """Due once more tomorrow under a key of its own: of what was held or refused nothing has left."""
    for one in passages:
        key = _next_key(one.delivery_key)
        Passage.objects.filter(pk=one.pk).update(
            state=Passage.State.DUE, due_at=now + _DAY, done_at=None, outcome="", why=_says(one), delivery_key=key
        )


def _close(passages: Sequence[Passage], now: datetime) -> None:
    told: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for one in passages:
        told[_stands(one), _says(one)].append(one)
    for (outcome, why), found in told.items():
        rows = Passage.objects.filter(pk__among=[one.pk for one in found])
        rows.update(state=Passage.State.DONE, done_at=now, outcome=outcome, why=why)
    tell_steps([(one, _stands(one)) for one in passages], at=now)


def _says(one: Passage) -> str:
    """Why its delivery stands so, in words."""
    return str(getattr(one, "says", None) or "")[:300]


def _move(passages: Sequence[Passage], turn: Turn, now: datetime) -> None:
    """Those who waited for the words go on; or, where the step says so and they did not leave, no further."""
    waited = [one for one in passages if not goes_on(turn.step(one)) and turn.step(one) is not None]
    waited = [one for one in waited if one.traveller.state == Traveller.State.UNDER_WAY]
    out = [one for one in waited if _stands(one) in _FAILED and getattr(turn.step(one), "if_held", "") != WAIT]
    end_these([one.traveller_id for one in out], Traveller.State.LEFT, why=str(NOT_SENT), now=now)
    gone = {one.pk for one in out}
    move_on([(one, turn.way(one).after[one.step_id]) for one in waited if one.pk not in gone], turn)
