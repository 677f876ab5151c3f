"""WeCom's moments: a place that words go to, posted by colleagues who confirm, liked and commented by contacts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.models import Moment
from qunying.connectors.wecom.rolls import SOURCE, moment
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Group
from qunying.ground.members.services import Who
from qunying.ground.platforms.names import WECOM
from qunying.ground.platforms.outcomes import Outcome
from qunying.ground.platforms.port import Done, Order, RefusedError
from qunying.ground.privacy.queries import erased_among
from qunying.kit.errors import QunyingError
from qunying.kit.told import listed, part, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qunying.ground.platforms.models import Account

PLACE = "moments"
"""What the place is called among the groups of an account; ids of groups begin with wr."""
LABEL = _("Moments of all contacts")
MARK = "moment:"
"""Before the number of a job, in the id that a delivery keeps."""
LONGEST = 2000
_READY, _POSTED = 3, 1
_LONGEST_ID = 64
WATCHED = timedelta(days=30)
"""So long likes and comments are looked at."""
EVERY = timedelta(hours=6)


def post(client: Client, order: Order) -> Done:
    """Lay a moment before every colleague who has contacts; each posts it with one tap."""
    if order.pictures:
        raise RefusedError(_("Moments go to WeCom without pictures so far. Post this one by hand."))
    if not order.words.strip():
        raise RefusedError(_("There is nothing to send. Write some words."))
    if len(order.words) > LONGEST:
        raise RefusedError(_("WeCom takes 2,000 characters in a moment. Shorten it."))
    told = client.ask("externalcontact/add_moment_task", text={"content": order.words})
    job = text(told["jobid"], _LONGEST_ID)
    Moment.objects.get_or_create(account=client.account, job=job, defaults={"made_at": timezone.now()})
    return Done(f"{MARK}{job}", awaits_person=True)


def outcome_of(client: Client, key: str, name: str) -> Iterator[Outcome]:
    """It is there as soon as the first colleague has posted it; nothing until then, and why where WeCom refused it."""
    row = _row(client.account, name)
    number = _number(client, row)
    if number is None:
        return
    if not number:
        yield Outcome(key, arrived=False, words=_("WeCom did not take the moment. Try other words."))
    elif any(_posted(client, number)):
        yield Outcome(key, arrived=True)


def take_back(client: Client, name: str) -> None:
    """Have nobody post it who has not yet; RefusedError where somebody has."""
    number = _number(client, _row(client.account, name))
    if not number:
        raise RefusedError(_("WeCom is still making the moment. It is tried again."))
    if any(_posted(client, number)):
        raise RefusedError(_("It was sent before it could be stopped."))
    client.ask("externalcontact/cancel_moment_task", moment_id=number)


def _row(account: Account, name: str) -> Moment:
    job = name.removeprefix(MARK)
    return Moment.objects.get_or_create(account=account, job=job, defaults={"made_at": timezone.now()})[0]


def _number(client: Client, row: Moment) -> str | None:
    """WeCom's number of the moment, kept, for it tells it a day long only; None while it is made, '' where refused."""
    if row.number:
        return row.number
    told = client.ask("externalcontact/get_moment_task_result", jobid=row.job)
    if told.get("status") != _READY:
        return None
    row.number = text(part(told, "result").get("moment_id"), _LONGEST_ID)
    row.save(update_fields=["number"])
    return row.number


def _posted(client: Client, number: str) -> Iterator[str]:
    """The colleagues who have posted it."""
    for one in client.pages("externalcontact/get_moment_task", "task_list", moment_id=number, limit=1000):
        told = part({"": one}, "")
        if told.get("publish_status") == _POSTED:
            yield text(told.get("userid"), _LONGEST_ID)


# What came back


def hand_out_moments() -> int:
    """Have workers look at the moments of the last month that are due; how many."""
    now = timezone.now()
    old = Q(looked_at=None) | Q(looked_at__lte=now - EVERY)
    due = Moment.objects.filter(old, made_at__gt=now - WATCHED, account__paused_at=None)
    rows = list(due.exclude(number="").values_list("pk", flat=True)[:500])
    Moment.objects.filter(pk__in=rows).update(looked_at=now)
    for pk in rows:
        async_task("qunying.connectors.wecom.tasks.look_at_moment", pk, cluster="fast")
    return len(rows)


def look_at(row: Moment) -> int:
    """Record who has liked and commented since the last look; how many facts were new."""
    group = Group.objects.select_related("community").filter(account=row.account, external_id=PLACE).first()
    if group is None:
        return 0
    facts: list[Fact] = []
    with Client(row.account) as client:
        for userid in list(_posted(client, row.number)):
            told = client.ask("externalcontact/get_moment_comments", moment_id=row.number, userid=userid)
            facts += _facts(row, "liked", listed(told.get("like_list")))
            facts += _facts(row, "commented", listed(told.get("comment_list")))
    erased = erased_among(fact.who for fact in facts if fact.who is not None)
    living = [fact for fact in facts if fact.who and (fact.who.platform, fact.who.external_id) not in erased]
    with transaction.atomic():
        return record(living, community=group.community, source=SOURCE).stored


def _facts(row: Moment, kind: str, rows: Iterable[Any]) -> Iterator[Fact]:
    """Of contacts alone; colleagues like what they are to post."""
    for one in rows:
        told: Mapping[str, Any] = part({"": one}, "")
        person, at = text(told.get("external_userid"), _LONGEST_ID), moment(told.get("create_time"))
        if person and at is not None:
            key = (kind, row.number, person, int(at.timestamp()))
            yield Fact(kind, at, key, who=Who(WECOM, person), object_type="message", object_id=f"{MARK}{row.job}"[:80])


def quietly(row: Moment) -> int:
    """As `look_at`; what WeCom refuses now is asked again next time."""
    try:
        return look_at(row)
    except QunyingError:
        return 0
