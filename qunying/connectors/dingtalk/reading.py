"""Who read what the robot said: asked for two days, each person and message once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django_q.tasks import async_task

from qunying.connectors.dingtalk.client import Client
from qunying.connectors.dingtalk.endpoints import QUERY
from qunying.connectors.dingtalk.hearing import SOURCE
from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event
from qunying.ground.events.services import record
from qunying.ground.groups.queries import groups_through
from qunying.ground.members.services import Who
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.names import DINGTALK
from qunying.kit.told import listed, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

_ASKED_FOR = timedelta(days=2)
_MOST = 50
"""Messages of an account that are asked for in one turn, the newest first."""
_MOST_PAGES = 100
_LONGEST_ID = 190


def hand_out_reading() -> int:
    """Have workers ask who read what, for accounts that said something lately; for how many."""
    accounts = [account.pk for account in Account.objects.filter(platform=DINGTALK) if list(_said(account)[:1])]
    for pk in accounts:
        async_task("qunying.connectors.dingtalk.reading.read_account", pk, cluster="bulk")
    return len(accounts)


def read_account(account_id: int) -> int:
    """Ask who read what the robot of the account said lately; how many readings were new."""
    account = Account.objects.filter(pk=account_id, paused_at=None).first()
    return sum(_read(account, one) for one in _said(account)[:_MOST]) if account is not None else 0


def _said(account: Account) -> QuerySet[Event]:
    since = timezone.now() - _ASKED_FOR
    rows = Event.objects.filter(kind="delivered", object_type="message", occurred_at__gte=since)
    mine = rows.filter(group__in=groups_through(account)).exclude(object_id="")
    return mine.select_related("group__community").order_by("-pk")


def _read(account: Account, said: Event) -> int:
    """DingTalk does not say when: it is noted as of when it was asked."""
    if said.group is None:
        return 0
    with Client(account) as client:
        names = set(_readers(client, said.group.external_id, said.object_id))
    now = timezone.now()
    facts = [
        Fact(
            "read",
            now,
            ("read", said.object_id, name),
            who=Who(DINGTALK, name),
            group_id=said.group.pk,
            object_type="message",
            object_id=said.object_id,
        )
        for name in sorted(names)
    ]
    return record(facts, community=said.group.community, source=SOURCE).stored


def _readers(client: Client, group: str, key: str) -> Iterator[str]:
    given, after = {"openConversationId": group, "robotCode": client.robot, "processQueryKey": key}, ""
    for _page in range(_MOST_PAGES):
        told = client.ask(QUERY, **given, maxResults=200, **({"nextToken": after} if after else {}))
        yield from filter(None, (text(one, _LONGEST_ID) for one in listed(told.get("readUserIds"))))
        following = text(told.get("nextToken"), 500)
        if not told.get("hasMore") or not following or following == after:
            return
        after = following
