"""Wrappers for the job clusters; they take ids. An account that has gone meanwhile is passed over."""

from __future__ import annotations

from django_q.tasks import async_task

from qunying.connectors.qq.client import Client, path
from qunying.connectors.qq.connector import name_place as ask_name
from qunying.connectors.qq.hearing import read_request
from qunying.connectors.qq.models import Place
from qunying.ground.groups.joining import tell_join_request
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.names import QQ
from qunying.ground.platforms.port import BusyError, RefusedError, UnknownError


def acknowledge(account_id: int, press: str) -> None:
    """Tell QQ that a button was understood; else it shows the member an error."""
    account = Account.objects.filter(pk=account_id, paused_at=None).first()
    if account is not None:
        with Client(account) as client:
            client.ask("PUT", f"/interactions/{press}", {"code": 0}, changes=False)


def name_place(account_id: int, external_id: str) -> None:
    """Ask what a group is called that was heard of for the first time."""
    place = Place.objects.select_related("account").filter(account=account_id, external_id=external_id).first()
    if place is not None:
        with Client(place.account) as client:
            ask_name(client, place)


def hand_out_requests() -> int:
    """Have workers look after people who ask to be let in and of whom QQ did not tell; for how many accounts."""
    accounts = list(Account.objects.filter(platform=QQ, paused_at=None).values_list("pk", flat=True))
    for pk in accounts:
        async_task("qunying.connectors.qq.tasks.look_for_requests", pk, cluster="fast")
    return len(accounts)


def look_for_requests(account_id: int) -> int:
    """Tell of everybody who waits before a tied group; groups that do not let the robot look are passed over."""
    account, told = Account.objects.filter(pk=account_id, paused_at=None).first(), 0
    if account is None:
        return 0
    with Client(account) as client:
        for group in groups_through(account).select_related("community__unit"):
            try:
                waiting = list(client.pages(path("groups", group.external_id, "join_request_list"), "list"))
            except (RefusedError, BusyError, UnknownError):
                continue
            for one in waiting:
                request = read_request(group, one)
                if request is not None:
                    tell_join_request(request)
                    told += 1
    return told
