"""Tables of content platforms and shops: pieces once, their figures as of a day, orders to the cent."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.events.models import Event
from qunying.ground.members.models import Identity, PrivateField
from qunying.kit.sheets import write_xlsx
from tests.support.exports import CHANNELS, DOUYIN, NEWRANK, OFFICIAL, WEIMOB, XIAOHONGSHU, YOUZAN
from tests.support.imports import bring, codes, counts, import_files

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def piece(name: str, text: str | bytes, community: Community, *, file: str = "x 2024-05-09.csv") -> dict[str, Any]:
    """What a table of one piece says of it: the time it appeared, and its figures."""
    import_files(bring(file, text), name, community)
    published, measured = Event.objects.get(kind="published"), Event.objects.get(kind="measured")
    assert (published.object_id, published.object_type) == (measured.object_id, "content")
    figures = {key: value for key, value in measured.payload.items() if key not in {"platform", "title"}}
    assert published.payload["title"] == measured.payload["title"]
    return {"title": published.payload["title"], "at": f"{published.occurred_at:%m-%d %H:%M}", **figures}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "douyin",
            DOUYIN,
            {
                "title": "玫瑰怎么养", "at": "05-01 02:00", "views": 12_000, "completion_rate": 0.352,
                "bounce_rate": 0.2, "seconds": 12.5, "likes": 1234, "shares": 3, "comments": 4, "saves": 5,
                "profile_visits": 6,
            },
        ),
        (
            "xiaohongshu",
            XIAOHONGSHU,
            {
                "title": "剪枝", "at": "05-01 04:30", "exposures": 100, "views": 20, "click_rate": 0.2, "likes": 1,
                "comments": 2, "saves": 3, "followers_gained": 4, "shares": 5, "seconds": 80.0, "barrages": 0,
            },
        ),
        (
            "channels",
            CHANNELS,
            {
                "title": "浇水", "at": "05-01 02:00", "completion_rate": 0.3, "seconds": 10.0, "views": 30_000,
                "recommendations": 2, "likes": 1, "comments": 0, "shares": 0, "followers_gained": 0,
            },
        ),
        (
            "official_account",
            OFFICIAL,
            {
                "title": "春天", "at": "04-30 16:00", "viewers": 10, "views": 12, "shares": 1, "followers_gained": 0,
                "exposures": 100, "click_rate": 0.09, "completion_rate": 0.6,
            },
        ),
    ],
)  # fmt: skip
def test_a_piece_and_its_figures(name: str, text: str, expected: dict[str, Any], community: Community) -> None:
    assert piece(name, text, community) == expected


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_table_saved_by_a_chinese_spreadsheet(encoding: str, community: Community) -> None:
    assert piece("douyin", DOUYIN.encode(encoding), community)["views"] == 12_000


def test_a_workbook_with_a_banner_and_the_day_numbers_of_a_spreadsheet(community: Community) -> None:
    lines = [line.split(",") for line in XIAOHONGSHU.splitlines()]
    out = BytesIO()
    write_xlsx(out, [*lines[0], *[""] * 12], [lines[1], ["剪枝", 45413.520833333336, *lines[2][2:]]], sheet="明细")
    assert piece("xiaohongshu", out.getvalue(), community, file="笔记.xlsx")["at"] == "05-01 04:30"


def test_figures_are_of_the_day_of_the_table_and_the_same_again_are_known(community: Community) -> None:
    import_files(bring("数据 20240509.csv", DOUYIN), "douyin", community)
    assert Event.objects.get(kind="measured").occurred_at == datetime(2024, 5, 9, 15, 59, 59, tzinfo=UTC)
    assert counts(import_files(bring("数据 20240510.csv", DOUYIN), "douyin", community)) == (1, 0, 2, 0)
    grown = DOUYIN.replace("1.2万", "1.3万")
    assert counts(import_files(bring("数据 20240511.csv", grown), "douyin", community)) == (1, 1, 1, 0)
    assert sorted(event.payload["views"] for event in Event.objects.filter(kind="measured")) == [12_000, 13_000]


def test_a_table_without_a_day_counts_as_of_the_import(community: Community) -> None:
    before = datetime.now(UTC)
    import_files(bring("作品.csv", DOUYIN), "douyin", community)
    assert before <= Event.objects.get(kind="measured").occurred_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("1.2万", "很多", "bad_figure"),
        ("2024-05-01 10:00:00", "昨天", "bad_time"),
        ("2024-05-01 10:00:00", "9999-12-31 23:59:59", "absurd_time"),
        ("2024-05-01 10:00:00", "0001-06-01 00:00:00", "absurd_time"),
        ("玫瑰怎么养", "", "empty_cell"),
    ],
)
def test_a_row_that_is_wrong_says_what_is_wrong(old: str, new: str, code: str, community: Community) -> None:
    rows = DOUYIN + DOUYIN.splitlines()[1].replace(old, new) + "\n"
    result = import_files(bring("a.csv", rows), "douyin", community)
    assert (counts(result), codes(result)[0][3]) == ((2, 2, 0, 1), code)


def test_newrank_tells_of_accounts_and_of_articles(community: Community) -> None:
    import_files(bring("a.csv", NEWRANK), "newrank", community)
    account = Event.objects.get()
    assert (account.kind, account.object_type, account.object_id) == ("measured", "account", "flower")
    figures = {"views": 100_000, "recommendations": 12, "pieces": 3, "index": 1023.5}
    assert account.payload == {"platform": "newrank", "account": "花店", **figures}
    articles = '公众号,标题,发布时间,阅读数,点赞数,在看数,链接\n花店,春天,2024-05-01 08:00,"1,234",5,6,http://x/y\n'
    assert import_files(bring("b.csv", articles), "newrank", community)["kinds"] == {"measured": 1, "published": 1}


def test_content_makes_nobody_a_member(community: Community) -> None:
    result = import_files(bring("a.csv", DOUYIN), "douyin", community)
    assert (result["members_new"], Identity.objects.count()) == (0, 0)


def test_youzan_to_the_cent(community: Community) -> None:
    result = import_files(bring("a.csv", YOUZAN), "youzan", community)
    assert (counts(result), result["skipped"]) == ((3, 3, 0, 0), 1)
    rows = Event.objects.order_by("object_id", "kind").values_list("kind", "object_id", "amount", "payload")
    assert list(rows) == [
        ("ordered", "E1", 123_450, {"product": "玫瑰", "units": 2.0}),
        ("ordered", "E3", 1000, {"product": "玫瑰", "units": 1.0}),
        ("refunded", "E3", 500, {}),
    ]


def test_a_telephone_number_is_kept_encrypted_and_is_no_id_to_be_read(community: Community) -> None:
    import_files(bring("a.csv", YOUZAN), "youzan", community)
    import_files(bring("b.csv", WEIMOB), "weimob", community)
    ids = Identity.objects.order_by("platform").values_list("platform", "external_id")
    phones = {external_id for _platform, external_id in ids if external_id.startswith("phone:")}
    # The same number in two shops, however written: two accounts that can be seen to be one person's.
    assert (len(ids), len(phones)) == (3, 1)
    assert not any("13800138000" in external_id for _platform, external_id in ids)
    assert PrivateField.objects.filter(name="phone").count() == 2


def test_rows_that_repeat_an_orders_amount_count_it_once(community: Community) -> None:
    text = YOUZAN + 'E1,交易完成,2024-05-01 10:00,2024-05-01 10:01,小美,13800138000,满天星,1,"¥1,234.50",\n'
    assert counts(import_files(bring("a.csv", text), "youzan", community)) == (4, 3, 1, 0)


def test_lines_with_amounts_of_their_own_are_each_counted(community: Community) -> None:
    header = "订单编号,付款时间,订单状态,客户昵称,商品名称,商品实付金额,实付金额"
    rows = "".join(
        f"W1,2024-05-01 10:00,已完成,小美,{name},{paid},30\n" for name, paid in (("玫瑰", "10"), ("百合", "20"))
    )
    import_files(bring("a.csv", f"{header}\n{rows}"), "weimob", community)
    assert list(Event.objects.order_by("amount").values_list("amount", flat=True)) == [1000, 2000]


@pytest.mark.parametrize(
    ("status", "paid_at", "kinds"),
    [
        ("待付款", "", []),
        ("交易关闭", "", []),
        ("交易关闭", "2024-05-01 10:01", ["ordered", "refunded"]),
        ("退款成功", "2024-05-01 10:01", ["ordered", "refunded"]),
        ("已发货", "2024-05-01 10:01", ["ordered"]),
    ],
)
def test_what_the_state_of_an_order_means(status: str, paid_at: str, kinds: list[str], community: Community) -> None:
    header, row = YOUZAN.splitlines()[:2]
    row = row.replace("交易完成", status).replace("2024-05-01 10:01", paid_at)
    known = "\n".join((header, row, YOUZAN.splitlines()[3])) + "\n"
    import_files(bring("a.csv", known), "youzan", community)
    assert sorted(Event.objects.filter(object_id="E1").values_list("kind", flat=True)) == kinds


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("10.00", "10.001", "bad_amount"),
        ("10.00", "", "empty_cell"),
        ("阿强", "", "no_buyer"),
        ("2024年5月1日 12:30", "3024年5月1日 12:30", "absurd_time"),
    ],
)
def test_an_order_that_is_wrong_says_what_is_wrong(old: str, new: str, code: str, community: Community) -> None:
    text = YOUZAN.replace(old, new)
    result = import_files(bring("a.csv", text), "youzan", community)
    assert (result["rejected"], codes(result)[0][3]) == (1, code)
