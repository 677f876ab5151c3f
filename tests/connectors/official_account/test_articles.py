"""Articles with their figures as WeChat counts them: recorded once a day, again only where something changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.connectors.official_account.articles import hand_out_articles, read_articles
from qunying.connectors.official_account.models import ArticlesRead
from qunying.ground.platforms.port import BusyError

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account
    from tests.connectors.official_account.conftest import House
    from tests.support.official_account import Office

pytestmark = pytest.mark.django_db
ADDRESS = "https://mp.weixin.qq.com/s?__biz=MzA&mid=2247490098&idx=1&sn=" + "a" * 32 + "#rd"


def day(back: int) -> str:
    return (timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=back)).isoformat()


def article(*stats: tuple[str, int], **more: object) -> dict[str, Any]:
    details = [
        {"stat_date": at, "read_user": read, "share_user": 3, "like_user": 2, "zaikan_user": 1, "comment_count": 0}
        for at, read in stats
    ]
    told = {"ref_date": day(3), "msgid": "2247490098_1", "publish_type": 0, "title": "六月的月季"}
    return told | {"content_url": ADDRESS, "detail_list": details} | more


def test_an_article_is_published_once_and_measured_as_it_stands(account: Account, house: House, office: Office) -> None:
    office.articles[day(3)] = [article((day(3), 50), (day(2), 120))]
    assert (read_articles(account.pk), read_articles(account.pk)) == (2, 0)
    (published,), (measured,) = house.facts("published"), house.facts("measured")
    assert (published.payload["title"], published.payload["url"]) == ("六月的月季", ADDRESS)
    assert published.occurred_at.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat() == day(3)
    counts = {"viewers": 120, "shares": 3, "likes": 2, "recommendations": 1, "comments": 0}
    assert {name: measured.payload[name] for name in counts} == counts
    assert published.object_id == measured.object_id
    office.articles[day(3)] = [article((day(1), 130))]
    assert read_articles(account.pk) == 1


def test_a_table_that_people_bring_speaks_of_the_same_article(house: House, account: Account, office: Office) -> None:
    from qunying.connectors.files._content import _number  # noqa: PLC0415 - what importers make of an address

    office.articles[day(3)] = [article((day(2), 1))]
    read_articles(account.pk)
    at = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert house.facts("published")[0].object_id == _number({"url": ADDRESS}, "六月的月季", at, "")


def test_what_makes_no_sense_is_passed_over(house: House, account: Account, office: Office) -> None:
    office.articles[day(3)] = [
        article((day(2), 1), content_url=""),
        article((day(2), 1), ref_date="gestern"),
        article((day(-3), 1)),
        article(),
        {"detail_list": "x"},
    ]
    assert read_articles(account.pk) == 1
    assert [one.kind for one in house.facts()] == ["published"]


def test_accounts_are_read_once_a_day_and_again_where_wechat_failed(
    account: Account, house: House, office: Office
) -> None:
    office.breaks["getarticletotaldetail"] = [-1, -1, -1]
    with pytest.raises(BusyError):
        read_articles(account.pk)
    early = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).hour < 9
    assert hand_out_articles() == (0 if early else 1)
    read_articles(account.pk)
    assert ArticlesRead.objects.get().day.isoformat() == day(0)
    assert hand_out_articles() == 0
    assert read_articles(account.pk + 1) == 0
