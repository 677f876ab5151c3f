"""Verbs on cadences: begin one, fill the weeks ahead with its topics, end it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from qunying.ground.audit.actors import System
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.durations import parse_duration
from qunying.plan.content.models import Cadence, Entry, Form
from qunying.plan.content.rules import may_own
from qunying.plan.schedule.days import move
from qunying.plan.schedule.queries import sole_holder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, time

    from django.db.models import QuerySet

    from qunying.ground.access.models import Staff
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Theme

BEGIN = declare_verb("content.cadence", gettext_lazy("A rule for topics was begun."))
FILL = declare_verb("content.fill", gettext_lazy("Topics were put on the plan by their rule."))
END = declare_verb("content.cadence_end", gettext_lazy("A rule for topics was ended."))

AHEAD = timedelta(weeks=4)
"""So far ahead the plan is kept filled."""
_DAY = timedelta(days=1)
_ROUND = System("content")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When topics of a cadence come, and whose they are; `every` as 7d, `on` a name of `schedule.days.RULES` or ''."""

    every: str
    start: date
    on: str = ""
    month_day: int | None = None
    time: time | None = None
    owner_role: str = ""


@transaction.atomic
def begin_cadence(  # noqa: PLR0913 - what a rule is
    key: str,
    *,
    community: Community,
    title: str,
    rhythm: Rhythm,
    by: Actor,
    title_en: str = "",
    theme: Theme | None = None,
    form: str = Form.TEXT,
    application: int | None = None,
) -> Cadence:
    """Have topics come onto the plan by a rule, and put in those of the next four weeks."""
    cadence = Cadence.objects.create(
        community=community,
        key=key,
        title=title[: Entry.TITLE_LENGTH],
        title_en=title_en[: Entry.TITLE_LENGTH],
        theme=theme,
        form=Form(form),
        application=application,
        every=parse_duration(rhythm.every).text,
        start=rhythm.start,
        on=rhythm.on,
        month_day=rhythm.month_day,
        time=rhythm.time,
        owner_role=rhythm.owner_role,
    )
    write_act(BEGIN, by=by, subject_type="cadence", subject_id=cadence.pk, details={"every": cadence.every})
    fill_cadence(cadence, by=by)
    return cadence


@transaction.atomic
def fill_cadence(cadence: Cadence, *, by: Actor = _ROUND, today: date | None = None) -> int:
    """Put in the topics of the next four weeks that it has not put in before; how many it were.

    What lies before today is not made up, and a topic that was moved or dropped does not come again.
    """
    cadence = (
        Cadence.objects.select_for_update(of=("self",)).select_related("community__unit", "theme").get(pk=cadence.pk)
    )
    if cadence.ended_at is not None:
        return 0
    today = today or timezone.localdate(timezone=ZoneInfo(cadence.community.timezone))
    first = max(today, cadence.start, (cadence.filled_until or today - _DAY) + _DAY)
    last = max(today, cadence.start) + AHEAD
    days = list(days_of(cadence, first=first, last=last))
    owner = _owner(cadence)
    Entry.objects.bulk_create(_topic(cadence, day, owner, by) for day in days)
    cadence.filled_until = last
    cadence.save(update_fields=["filled_until"])
    if days:
        write_act(FILL, by=by, subject_type="cadence", subject_id=cadence.pk, details={"topics": len(days)})
    return len(days)


def fill_all() -> int:
    """Keep every cadence filled, each in a transaction of its own; how many topics were put in."""
    short = Q(filled_until__isnull=True) | Q(filled_until__lt=timezone.now().date() + AHEAD)
    return sum(fill_cadence(one) for one in Cadence.objects.filter(short, ended_at__isnull=True).order_by("pk"))


@transaction.atomic
def end_cadence(cadence: Cadence, *, by: Actor) -> int:
    """End it and take away its topics that nobody has touched; how many of them stay."""
    cadence = Cadence.objects.select_for_update().get(pk=cadence.pk)
    untouched(cadence).delete()
    cadence.ended_at = timezone.now()
    cadence.save(update_fields=["ended_at"])
    left = cadence.entries.count()
    write_act(END, by=by, subject_type="cadence", subject_id=cadence.pk, details={"left": left})
    return left


def untouched(cadence: Cadence) -> QuerySet[Entry]:
    """Its topics as it made them: neither written nor moved nor dropped nor commented on, and nobody else's."""
    owner = _owner(cadence)
    return cadence.entries.filter(
        state=Entry.State.TOPIC,
        version=0,
        title=cadence.title,
        theme=cadence.theme_id,
        slot_day=F("cadence_day"),
        slot_time=cadence.time,
        owner=owner,
        note="",
        comments=None,
        groups=None,
    )


def days_of(cadence: Cadence, *, first: date, last: date) -> Iterator[date]:
    """The local days of its slots between two days (both included), each once, in order."""
    every, number, seen = parse_duration(cadence.every), 0, None
    while True:
        base = type(every)(every.count * number, every.unit).after(cadence.start)
        if base > last or not every.count:
            return
        day = _moved(base, cadence)
        if first <= day <= last and day != seen:
            seen = day
            yield day
        number += 1


def _moved(day: date, cadence: Cadence) -> date:
    while cadence.month_day is not None and day.day != cadence.month_day:
        day += _DAY
    return move(day, cadence.on) if cadence.on else day


def _owner(cadence: Cadence) -> Staff | None:
    """The one person with the role, where there is one who writes here."""
    owner = sole_holder(cadence.owner_role, cadence.community.unit) if cadence.owner_role else None
    return owner if owner is not None and may_own(owner, cadence.community) else None


def _topic(cadence: Cadence, day: date, owner: Staff | None, by: Actor) -> Entry:
    return Entry(
        community=cadence.community,
        theme=cadence.theme,
        title=cadence.title,
        form=cadence.form,
        owner=owner,
        owner_role=cadence.owner_role,
        due=day - _DAY,
        slot_day=day,
        slot_time=cadence.time,
        cadence=cadence,
        cadence_day=day,
        created_by=by.actor_key,
    )
