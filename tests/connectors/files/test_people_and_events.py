"""Members, their comings and goings, and facts of any kind, from tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Identity, MemberTag, PrivateField
from qunying.ground.members.queries import with_private_value
from qunying.kit.errors import QunyingError
from tests.support.imports import bring, bring_path, codes, counts, import_files, log_of

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db

MEMBERS = """\
platform,external_id,name,phone,joined_at,城市,level
微信,wx1,小美,138 0013 8000,2024-05-01T10:00:00+08:00,杭州,VIP
wechat,wx2,阿强,,2024-05-02T10:00:00+08:00,,VIP
wechat,wx3,小丽,not a phone,2024-05-02T10:00:00+08:00,上海,
,wx4,小王,,2024-05-02T10:00:00+08:00,,
wechat,wx5,小张,,yesterday,,
wechat,wx6,小李,,,,
"""


def test_members_join_keep_their_privacy_and_get_tags(community: Community) -> None:
    result = import_files(bring("m.csv", MEMBERS), "members", community, group="花友一群")
    assert (counts(result), result["tag_dimensions"]) == ((6, 2, 0, 4), ["城市", "level"])
    assert codes(result) == [
        ("4", "phone", "not a phone", "bad_phone"),
        ("5", "platform", "", "no_platform"),
        ("6", "joined_at", "yesterday", "bad_time"),
        ("7", "joined_at", "", "empty_cell"),
    ]
    assert list(Identity.objects.values_list("platform", "display_name")) == [("wechat", "小美"), ("wechat", "阿强")]
    mei = Identity.objects.get(external_id="wx1").member
    assert [field.member for field in with_private_value("13800138000")] == [mei]
    tags = MemberTag.objects.filter(member=mei).values_list("tag__dimension__name", "tag__name", "source")
    assert sorted(tags) == [("level", "VIP", "import"), ("城市", "杭州", "import")]
    groups = Membership.objects.values_list("group__name", "group__platform", "identity__external_id")
    assert sorted(groups) == [("花友一群", "wechat", "wx1"), ("花友一群", "wechat", "wx2")]


def test_members_again_store_nothing_and_refresh_what_is_known(community: Community) -> None:
    import_files(bring("m.csv", MEMBERS), "members", community)
    again = import_files(bring("m.csv", MEMBERS.replace("138 0013 8000", "13900139000")), "members", community)
    assert (again["stored"], again["duplicates"], again["members_new"]) == (0, 2, 0)
    assert PrivateField.objects.count() == 1
    assert with_private_value("13900139000").count() == 1


def test_which_columns_become_tags_can_be_chosen(community: Community) -> None:
    import_files(bring("m.csv", MEMBERS), "members", community, options={"tags": "城市"})
    assert list(MemberTag.objects.values_list("tag__dimension__name", flat=True)) == ["城市"]
    with pytest.raises(QunyingError, match="no column “colour” to make tags of"):
        import_files(bring("m.csv", MEMBERS), "members", community, options={"tags": "colour"})


def test_a_name_comes_to_an_account_that_had_none(community: Community) -> None:
    import_files(
        bring("o.csv", "order_id,member,time,amount\nA,wx1,2024-05-01,1\n"),
        "orders",
        community,
        options={"platform": "wechat"},
    )
    import_files(bring("m.csv", MEMBERS), "members", community)
    identity = Identity.objects.get(external_id="wx1")
    assert (identity.display_name, identity.member.display_name) == ("小美", "小美")


def test_a_unionid_comes_with_the_account_and_the_list_says_who_is_active(community: Community) -> None:
    head, row = "platform,external_id,name,joined_at,unionid\n", "小美,2024-05-01T10:00:00+08:00,oU1\n"
    import_files(bring("m.csv", head + f"wechat,wx1,{row}qq,10001,{row}"), "members", community)
    assert set(Identity.objects.values_list("union_id", flat=True)) == {"oU1"}
    import_files(
        bring("r.csv", "平台,账号,群,入群时间,身份\n微信,a,甲,2024-05-01,活跃成员\n"), "memberships", community
    )
    assert Membership.objects.get(identity__external_id="a").role == "active"


def test_memberships_open_and_close_with_role_inviter_and_channel(community: Community) -> None:
    text = (
        "平台,账号,群,入群时间,退群时间,身份,邀请人,渠道\n"
        "微信,a,甲,2024-05-01 10:00,2024-05-03 10:00,群主,,扫码\n"
        "微信,b,乙,2024-05-01 10:00,,,a,\n"
        "微信,c,乙,2024-05-03,2024-05-01,,,\n"
        "微信,d,乙,2024-05-03,,国王,,\n"
    )
    result = import_files(bring("r.csv", text), "memberships", community)
    assert (counts(result), result["kinds"]) == ((4, 3, 0, 2), {"joined": 2, "left": 1})
    rows = Membership.objects.order_by("identity__external_id").values_list(
        "group__name", "identity__external_id", "role", "channel_key", "inviter__external_id", "left_at"
    )
    assert [(*row[:5], row[5] and f"{row[5]:%m-%d %H}") for row in rows] == [
        ("甲", "a", "owner", "扫码", None, "05-03 02"),
        ("乙", "b", "member", "", "a", None),
    ]
    assert [row[3] for row in codes(result)] == ["left_first", "bad_role"]


def events(*rows: dict[str, object]) -> str:
    return "\n".join(json.dumps({"time": "2024-05-01T10:00:00+08:00", "who": "m", **row}) for row in rows)


def test_events_are_what_their_kind_declares(community: Community) -> None:
    text = events(
        {"kind": "spoke", "text": "你好", "payload": {"topic": "浇水"}},
        {"kind": "ordered", "amount": 12.5, "object_type": "order", "object": 7},
        {"kind": "danced"},
        {"kind": "ordered"},
        {"kind": "liked", "amount": 1},
        {"kind": "spoke", "payload": {"colour": "red"}},
        {"kind": "spoke", "payload": "no json"},
    )
    result = import_files(bring("e.jsonl", text), "events", community, options={"platform": "wechat"})
    assert counts(result) == (7, 2, 0, 5)
    assert [row[3] for row in codes(result)] == [
        "unknown_kind",
        "amount_needed",
        "amount_unwanted",
        "bad_payload",
        "bad_payload",
    ]
    assert list(Event.objects.order_by("kind").values_list("kind", "amount", "object_id", "payload")) == [
        ("ordered", 1250, "7", {}),
        ("spoke", None, "", {"topic": "浇水"}),
    ]


def test_equal_events_without_ids_are_counted_as_often_as_they_stand(community: Community) -> None:
    text = events(
        {"kind": "liked", "object": "x"},
        {"kind": "liked", "object": "x"},
        {"kind": "liked", "id": "9"},
        {"kind": "liked", "id": "9"},
    )
    options = {"platform": "wechat"}
    assert counts(import_files(bring("e.jsonl", text), "events", community, options=options)) == (4, 3, 1, 0)
    assert counts(import_files(bring("e.jsonl", text), "events", community, options=options)) == (4, 0, 4, 0)


def test_a_workbook_is_read_like_a_csv(community: Community, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("空")
        sheet = book.add_worksheet("订单")
        sheet.write_row(1, 0, ["订单号", "买家", "下单时间", "金额", "数量"])
        sheet.write_row(2, 0, [20240001, "m1", "2024-05-01 10:00", 0.1 + 0.2, 2])
        sheet.write_row(4, 0, [20240002, "m2", "2024/5/2 9:30", "x", 1])
    result = import_files(bring_path(path), "orders", community)
    assert counts(result) == (2, 1, 0, 1)
    assert codes(result) == [("5", "金额", "x", "bad_amount")]
    assert list(Event.objects.values_list("object_id", "amount", "payload")) == [("20240001", 30, {"units": 2.0})]


def test_cdnow_tells_equal_purchases_apart(community: Community) -> None:
    twice = " 00001 19970101  1   11.77\r\n" * 2
    text = f"{twice} 00002 19970112  1   12.00\r\n 00002 19979912 1 1.00\r\n"
    result = import_files(bring("cd.txt", text), "cdnow", community)
    assert counts(result) == (4, 3, 0, 1)
    assert list(Event.objects.order_by("amount").values_list("amount", flat=True)) == [1177, 1177, 1200]
    assert len(set(Event.objects.values_list("object_id", flat=True))) == 3
    assert counts(import_files(bring("cd.txt", text), "cdnow", community)) == (4, 0, 3, 1)
    assert log_of(community)[0] == ("ordered", "1996-12-31 16:00", "00001", "")
