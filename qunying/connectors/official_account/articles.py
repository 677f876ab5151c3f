"""Articles of an account with their figures, as WeChat counts them: what was published, and how it is read since.

https://developers.weixin.qq.com/doc/subscription/api/wedata/news/api_getarticletotaldetail: for 30 days after an
article appeared, its sums up to yesterday. It says readers, not how often they read.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django_q.tasks import async_task

from qunying.connectors.official_account.client import Client, app_of
from qunying.connectors.official_account.hearing import SOURCE
from qunying.connectors.official_account.models import ArticlesRead
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Group
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.names import OFFICIAL
from qunying.kit.told import parts, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CALL = "getarticletotaldetail"
_WECHATS = ZoneInfo("Asia/Shanghai")
"""WeChat counts days in China's time."""
_DAYS = 30
_READY = time(9)
"""When yesterday is counted."""
_LONGEST_OBJECT, _LONGEST_TITLE, _LONGEST_URL = 80, 120, 500
_COUNTS: Mapping[str, str] = {
    "read_user": "viewers",
    "share_user": "shares",
    "like_user": "likes",
    "zaikan_user": "recommendations",
    "comment_count": "comments",
    "collection_user": "saves",
}
"""WeChat's names and ours."""


def hand_out_articles() -> int:
    """Have workers read the figures of accounts whose followers are tied, once a day; of how many accounts."""
    now = timezone.now().astimezone(_WECHATS)
    if now.time() < _READY:
        return 0
    tied = Group.objects.filter(platform=OFFICIAL, account__paused_at=None, account__isnull=False)
    done = ArticlesRead.objects.filter(day=now.date()).values("account")
    due = sorted(set(tied.exclude(account__in=done).values_list("account", flat=True)))
    for pk in due:
        async_task("qunying.connectors.official_account.articles.read_articles", pk, cluster="bulk")
    return len(due)


def read_articles(account_id: int) -> int:
    """Record the articles of the last 30 days with their figures as of yesterday; how many facts were new.

    What did not change since the day before writes nothing.
    """
    account = Account.objects.filter(pk=account_id, paused_at=None).first()
    group = groups_through(account).filter(external_id=app_of(account)).first() if account is not None else None
    if account is None or group is None:
        return 0
    today, many = timezone.now().astimezone(_WECHATS).date(), 0
    with Client(account) as client:
        for back in range(_DAYS, 0, -1):
            day = (today - timedelta(days=back)).isoformat()
            facts = [
                fact
                for told in parts(client.ask(_CALL, begin_date=day, end_date=day).get("list"))
                for fact in _facts(told, group, account)
            ]
            many += record(facts, community=group.community, source=SOURCE).stored
    ArticlesRead.objects.update_or_create(account=account, defaults={"day": today})
    return many


def _facts(told: Mapping[str, Any], group: Group, account: Account) -> Iterator[Fact]:
    """The article and its newest figures; nothing where it has no address or day."""
    address, published = text(told.get("content_url"), _LONGEST_URL), _noon(told.get("ref_date"))
    if not address or published is None:
        return
    number = _number(address)
    title = text(told.get("title"), _LONGEST_TITLE)
    about: dict[str, Any] = {"platform": OFFICIAL, "account": account.name, **({"title": title} if title else {})}
    where: dict[str, Any] = {"group_id": group.pk, "object_type": "content", "object_id": number}
    yield Fact("published", published, ("published", OFFICIAL, number), payload={**about, "url": address}, **where)
    last = max(parts(told.get("detail_list")), key=lambda one: str(one.get("stat_date")), default={})
    counted, figures = _noon(last.get("stat_date")), _figures(last)
    if counted is not None and figures:
        values = (f"{name}={value}" for name, value in sorted(figures.items()))
        yield Fact(
            "measured",
            max(counted, published),
            ("measured", OFFICIAL, number, *values),
            payload=about | figures,
            **where,
        )


def _figures(told: Mapping[str, Any]) -> dict[str, int]:
    read = {ours: told.get(theirs) for theirs, ours in _COUNTS.items()}
    return {name: value for name, value in read.items() if isinstance(value, int) and not isinstance(value, bool)}


def _number(address: str) -> str:
    """An article's id, as the importers of its table make it of its address, so that both speak of the same."""
    if len(address) <= _LONGEST_OBJECT:
        return address
    return blake2b(address.encode(), digest_size=16).hexdigest()


def _noon(value: Any) -> datetime | None:
    """The middle of a day that WeChat names, for it names no hour; None for what is none or lies ahead."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    found = datetime.combine(day, time(12), tzinfo=_WECHATS)
    return found if found <= timezone.now() else None
