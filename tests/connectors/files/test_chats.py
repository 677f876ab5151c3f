"""Chats of WeChat, Telegram, Discord, Slack, WhatsApp and WeCom: each thing they tell becomes a fact, once."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from qunying.ground.events.models import Event
from qunying.ground.members.models import Identity
from qunying.kit.errors import QunyingError
from tests.support.exports import (
    DISCORD,
    EXPORTS,
    JIELONG,
    MEMOTRACE,
    SLACK,
    TELEGRAM,
    WECHAT,
    WECOM,
    WEFLOW,
    WHATSAPP,
    as_json,
    zipped,
)
from tests.support.imports import bring, codes, counts, import_files, log_of

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.support.cast import MakeCommunity

pytestmark = pytest.mark.django_db

Told = list[tuple[str, str, str | None, str | None, str]]


def told(name: str, content: str | bytes, community: Community, *, file: str = "", **options: str) -> Told:
    """Every fact of a file in the order of time: kind, minute and second in UTC, who, whom, words or payload."""
    import_files(bring(file or EXPORTS[name][0], content), name, community, options=options)
    rows = Event.objects.filter(community=community).values_list(
        "kind", "occurred_at", "identity__external_id", "target_identity__external_id", "message__text", "payload"
    )
    found = [
        (kind, f"{at:%d %H:%M:%S}", who, whom, text or " ".join(f"{key}={value}" for key, value in payload.items()))
        for kind, at, who, whom, text, payload in rows
    ]
    return sorted(found, key=lambda row: (row[1], row[0], str(row[2]), row[3] or ""))


def test_weflow(community: Community) -> None:
    assert told("wechat_json", as_json(WEFLOW), community) == [
        ("spoke", "01 02:00:00", "wxid_mei", None, "早"),
        ("spoke", "01 02:00:01", "wxid_qiang", None, "[图片]"),
        ("joined", "01 02:00:02", "name:兰", "wxid_mei", ""),
        ("joined", "01 02:00:02", "name:竹", "wxid_mei", ""),
        ("mentioned", "01 02:00:03", "wxid_qiang", "wxid_mei", ""),
        ("spoke", "01 02:00:03", "wxid_qiang", None, "@小美\u2005 好"),
        ("recalled", "01 02:00:04", "wxid_qiang", None, ""),
    ]
    assert set(Event.objects.values_list("group__name", flat=True)) == {"花店群"}


def test_two_tools_that_saved_one_group_tell_one_story(community: Community) -> None:
    import_files(bring("a.json", as_json(WEFLOW)), "wechat_json", community, group="花店群")
    result = import_files(bring("b.csv", MEMOTRACE), "wechat_csv", community, group="花店群")
    assert counts(result) == (2, 0, 2, 0)


@pytest.mark.parametrize(
    ("header", "row", "who"),
    [
        (
            "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime",
            ["1", "2", "1", "0", "0", "1714528800", "2", "wxid_abc123:\n早", "2024-05-01 10:00:00", "999"],
            "wxid_abc123",
        ),
        (
            "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime",
            ["1", "2", "1", "0", "1", "1714528800", "2", "早", "2024-05-01 10:00:00"],
            "name:掌柜",
        ),
        (
            "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender",
            ["1", "2", "1", "0", "0", "1714528800", "2", "早", "2024-05-01 10:00:00", "", "小美", "wxid_mei"],
            "wxid_mei",
        ),
        ("消息ID,类型,发送人,时间,内容", ["9", "文本", "小美", "2024-05-01 10:00:00", "早"], "name:小美"),
        (
            "Time,SenderName,Sender,TalkerName,Talker,Content",
            ["2024-05-01 10:00:00", "小美", "wxid_mei", "花店", "1@chatroom", "早"],
            "wxid_mei",
        ),
        (
            "time(Asia/Shanghai),group_id,group_name,from_id,from_nickname,content_type,content",
            ["2024-05-01 10:00:00", "g", "花店", "wxid_mei", "小美", "文本", "早"],
            "wxid_mei",
        ),
    ],
)
def test_every_table_the_backup_tools_write(header: str, row: list[str], who: str, community: Community) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([header.split(","), row])
    assert told("wechat_csv", out.getvalue(), community, me="掌柜") == [("spoke", "01 02:00:00", who, None, "早")]


def test_a_row_of_nobody_is_rejected(community: Community) -> None:
    text = MEMOTRACE + "3,2,1,0,0,1714528802,2,谁,2024-05-01 10:00:02,,,\n"
    assert codes(import_files(bring("m.csv", text), "wechat_csv", community))[0][3] == "no_sender"


def test_wechat_copied_from_the_client(community: Community) -> None:
    assert told("wechat_text", WECHAT, community) == [
        ("spoke", "01 02:20:00", "name:小美", None, "早呀"),
        ("joined", "01 06:20:00", "name:兰", "name:阿强", ""),
        ("joined", "01 06:20:00", "name:竹", "name:阿强", ""),
        ("mentioned", "01 06:20:00", "name:阿强", "name:小美", ""),
        ("recalled", "01 06:20:00", "name:阿强", None, ""),
        ("spoke", "01 06:20:00", "name:阿强", None, "@小美\u2005 好的\n第二行"),
    ]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (
            "—————  2024-05-01  —————\n\n小美  10:20\n\n早\n\n—————  2024-05-02  —————\n\n阿强  09:20\n\n好\n",
            [("01 02:20:00", "name:小美", "早"), ("02 01:20:00", "name:阿强", "好")],
        ),
        (
            "小美:\n早\n阿强:\n好\n不错\n",
            [("30 16:00:00", "name:小美", "早"), ("30 16:00:00", "name:阿强", "好\n不错")],
        ),
        (
            "2024-05-01 10:20:30 小美\n早\n\n2024-05-01 10:20:31 阿强\n好\n",
            [("01 02:20:30", "name:小美", "早"), ("01 02:20:31", "name:阿强", "好")],
        ),
    ],
)
def test_wechat_as_text_in_other_forms(text: str, spoken: list[Any], community: Community) -> None:
    facts = told("wechat_text", text, community, file="2024-05-01.txt")
    assert [(at, who, words) for _kind, at, who, _whom, words in facts] == spoken


def test_a_sign_up_list_grows_and_a_longer_copy_adds_what_is_new(community: Community) -> None:
    assert told("jielong", JIELONG, community) == [
        ("signed_up", "30 16:00:00", "name:小美", None, "2人"),
        ("signed_up", "30 16:00:00", "name:阿强", None, ""),
    ]
    later = bring("接龙 2024-05-02.txt", JIELONG + "3. 兰\n")
    assert counts(import_files(later, "jielong", community)) == (3, 1, 2, 0)
    assert set(Event.objects.values_list("object_id", flat=True)) == {"周末读书会报名"}


def test_a_list_to_check_in_counts_each_day_anew(community: Community) -> None:
    text = "#接龙\n早起打卡\n1. 小美\n"
    for day in ("2024-05-01", "2024-05-02", "2024-05-02"):
        import_files(bring(f"{day}.txt", text), "jielong", community)
    assert [row[:2] for row in log_of(community)] == [
        ("checked_in", "2024-04-30 16:00"),
        ("checked_in", "2024-05-01 16:00"),
    ]


def test_telegram(community: Community) -> None:
    assert told("telegram", as_json(TELEGRAM), community) == [
        ("joined", "01 02:00:00", "user2", "user1", ""),
        ("mentioned", "01 02:00:01", "user1", "user3", ""),
        ("spoke", "01 02:00:01", "user1", None, "hi Lan"),
        ("replied", "01 02:00:02", "user2", "user1", ""),
        ("spoke", "01 02:00:02", "user2", None, "yes"),
        ("renamed_group", "01 02:00:03", "user1", None, "name=Red roses"),
        ("left", "01 02:00:04", "user2", "user1", "reason=removed"),
        ("reacted", "01 02:05:00", "user2", "user1", "sign=👍"),
    ]


def test_a_full_telegram_export_leaves_private_chats_alone(community: Community) -> None:
    private = {**TELEGRAM, "type": "personal_chat", "id": 5}
    whole = {"about": "x", "chats": {"about": "y", "list": [private, TELEGRAM]}}
    result = import_files(bring("result.json", json.dumps(whole)), "telegram", community)
    assert (counts(result), result["skipped"]) == ((12, 8, 0, 0), 7)
    # One chat and all of them are the same messages.
    assert counts(import_files(bring("r.json", as_json(TELEGRAM)), "telegram", community)) == (6, 0, 8, 0)


def test_discord(community: Community) -> None:
    assert told("discord", as_json(DISCORD), community) == [
        ("joined", "01 10:00:00", "5", None, ""),
        ("mentioned", "01 10:00:01", "5", "6", ""),
        ("reacted", "01 10:00:01", "6", "5", "sign=🔥"),
        ("spoke", "01 10:00:01", "5", None, "hi @q"),
        ("replied", "01 10:00:02", "6", "5", ""),
        ("spoke", "01 10:00:02", "6", None, "yes"),
        ("renamed_group", "01 10:00:03", "5", None, "name=roses"),
    ]
    assert set(Event.objects.values_list("group__name", flat=True)) == {"Shop / general"}


def test_slack(community: Community) -> None:
    assert told("slack_export", EXPORTS["slack_export"][1], community) == [
        ("joined", "01 02:00:00", "U2AA", "U1AA", ""),
        ("mentioned", "01 02:00:01", "U1AA", None, "everyone=True"),
        ("mentioned", "01 02:00:01", "U1AA", "U2AA", ""),
        ("reacted", "01 02:00:01", "U2AA", "U1AA", "sign=+1"),
        ("spoke", "01 02:00:01", "U1AA", None, "hi <@U2AA> <!here>"),
        ("replied", "01 02:00:02", "U2AA", "U1AA", ""),
        ("spoke", "01 02:00:02", "U2AA", None, "yes"),
        ("renamed_group", "02 02:00:00", "U1AA", None, "name=roses"),
        ("left", "02 02:00:01", "U2AA", None, "reason=left"),
    ]
    assert Identity.objects.get(external_id="U2AA").display_name == "Qiang"


def test_two_slack_exports_that_overlap_are_the_whole(community: Community) -> None:
    def part(*days: str) -> bytes:
        return zipped({name: as_json(value) for name, value in SLACK.items() if "/" not in name or name[8:18] in days})

    first = import_files(bring("a.zip", part("2024-05-01")), "slack_export", community)
    second = import_files(bring("b.zip", part("2024-05-01", "2024-05-02")), "slack_export", community)
    assert (first["stored"], second["stored"], second["duplicates"]) == (7, 2, 7)


def test_whatsapp(community: Community) -> None:
    expected = [
        ("joined", "01 02:21:00", "name:Lan", "name:Mei", ""),
        ("joined", "01 02:21:00", "name:Qiang", "name:Mei", ""),
        ("mentioned", "13 02:22:00", "name:Qiang", "name:Mei", ""),
        ("spoke", "13 02:22:00", "name:Qiang", None, "hi @\u2068Mei\u2069\nsecond line"),
        ("left", "13 02:23:00", "name:Lan", None, "reason=left"),
        ("recalled", "13 02:24:00", "name:Mei", None, ""),
        ("renamed_group", "13 02:25:00", "name:Mei", None, "name=Red roses"),
    ]
    assert told("whatsapp", WHATSAPP, community) == expected
    assert set(Event.objects.values_list("group__name", flat=True)) == {"Roses"}
    again = bring("WhatsApp Chat - Roses.zip", zipped({"_chat.txt": WHATSAPP, "photo.jpg": b"\xff\xd8"}))
    assert import_files(again, "whatsapp", community)["stored"] == 0


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("[2024/5/1 上午10:20:30] 小美: 早", "01 02:20:30"),
        ("[01.05.24, 22:20:30] 小美: 早", "01 14:20:30"),
        ("5/1/24, 10:20\u202fPM - 小美: 早", "01 14:20:00"),
        ("2024/05/01, 10:20 - 小美: 早", "01 02:20:00"),
        ("\u200e[01/05/2024, 10:20:30 PM] 小美: \u200e早", "01 14:20:30"),
    ],
)
def test_whatsapp_on_other_telephones(line: str, at: str, community: Community) -> None:
    assert told("whatsapp", f"{line}\n", community, file="x.txt") == [("spoke", at, "name:小美", None, "早")]


@pytest.mark.parametrize("shape", ["list", "lines", "wrapped"])
def test_wecom(shape: str, community: Community) -> None:
    content = {
        "list": as_json(WECOM),
        "lines": "\n".join(json.dumps(message) for message in WECOM),
        "wrapped": json.dumps({"errcode": 0, "chatdata": WECOM}),
    }[shape]
    assert told("wecom", content, community) == [
        ("spoke", "01 02:00:00", "zhang", None, "你好"),
        ("recalled", "01 02:00:01", "zhang", None, ""),
        ("spoke", "01 02:00:03", "wm1", None, "图文"),
    ]
    assert Event.objects.get(kind="recalled").object_id == Event.objects.order_by("occurred_at")[0].object_id == "a1"


@pytest.mark.parametrize("name", ["wechat_json", "telegram", "discord", "wecom", "slack_export"])
def test_json_that_was_cut_off_is_refused_whole(name: str, community: Community) -> None:
    file, content = EXPORTS[name]
    cut = (
        zipped({"users.json": "[]", "a/2024-05-01.json": '[{"ts": "1714528800.1", '})
        if name == "slack_export"
        else None
    )
    assert isinstance(content, str | bytes)
    with pytest.raises(QunyingError, match=r"stops being readable JSON part of the way"):
        import_files(bring(file, cut or content[: len(content) * 3 // 4]), name, community)
    assert Event.objects.count() == 0


lines = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["小美", "阿强"]), st.sampled_from(["哈哈", "玫瑰\n二", "1"])),
    min_size=1,
    max_size=25,
)
WRITTEN = {
    "wechat_text": "{who} 2024/5/1 {hour}:{minute:02}\n{text}\n",
    "whatsapp": "2024/05/01, {hour}:{minute:02} - {who}: {text}\n",
}


@pytest.mark.parametrize("name", sorted(WRITTEN))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=lines, data=st.data())
def test_two_exports_that_overlap_are_the_whole(
    make_community: MakeCommunity, name: str, said: list[tuple[int, str, str]], data: st.DataObject
) -> None:
    at, whole, minutes = 0, [], []
    for later, who, text in said:
        at += later
        minutes.append(at)
        whole.append(WRITTEN[name].format(who=who, text=text, hour=10 + at // 60, minute=at % 60))
    end = data.draw(st.integers(1, len(whole)), label="the first ends")
    start = data.draw(st.integers(0, end - 1), label="the second begins")
    assume(end == len(whole) or minutes[start] != minutes[end])
    one, two = make_community(), make_community()
    import_files(bring("a.txt", "".join(whole)), name, one[0], group="甲")
    for part in (whole[:end], whole[start:]):
        import_files(bring("a.txt", "".join(part)), name, two[0], group="甲")
    assert sorted(log_of(two[0])) == sorted(log_of(one[0]))
