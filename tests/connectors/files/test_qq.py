"""QQ as text: whose message, when, what the system says; exports that overlap never double."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from qunying.ground.events.models import Event
from qunying.ground.members.models import Identity
from qunying.kit.errors import QunyingError
from tests.support.exports import QQ
from tests.support.imports import bring, codes, counts, import_files, log_of

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.support.cast import MakeCommunity

pytestmark = pytest.mark.django_db


def said(text: str | bytes, community: Community, name: str = "a.txt", **options: str) -> list[tuple[str, str, str]]:
    """Minute in UTC, account and words of every message of a file."""
    import_files(bring(name, text), "qq", community, options=options)
    return [(at, who, words) for kind, at, who, words in log_of(community) if kind == "spoke"]


def test_an_export_of_the_message_manager(community: Community) -> None:
    result = import_files(bring("花店群.txt", QQ), "qq", community)
    assert (counts(result), result["kinds"]) == (
        (5, 6, 0, 0),
        {"joined": 1, "mentioned": 1, "recalled": 1, "spoke": 3},
    )
    assert sorted(log_of(community), key=lambda row: (row[1], row[2], row[0])) == [
        ("mentioned", "2024-05-01 01:08", "10001", ""),
        ("spoke", "2024-05-01 01:08", "10001", "早\n@阿强 在吗\n2024-05-02 不是头"),
        ("spoke", "2024-05-01 01:08", "qiang@example.com", "[图片]"),
        ("joined", "2024-05-01 13:08", "10003", ""),
        ("recalled", "2024-05-01 13:09", "10001", ""),
        ("spoke", "2024-05-01 13:10", "10001", "下班"),
    ]
    assert set(Event.objects.values_list("group__name", "group__platform")) == {("花店群", "qq")}
    joined = Event.objects.select_related("target_identity").get(kind="joined")
    assert joined.target_identity is not None
    assert joined.target_identity.external_id == "qiang@example.com"


def test_a_number_is_the_same_account_whatever_it_calls_itself(community: Community) -> None:
    import_files(bring("a.txt", QQ), "qq", community)
    assert Identity.objects.filter(platform="qq").count() == 3
    assert Event.objects.filter(kind="spoke", identity__external_id="10001").count() == 2


@pytest.mark.parametrize(
    ("heads", "minutes"),
    [
        (["2024-05-01 20:43:38 a(10001)", "2024-05-02 0:00:01 a(10001)"], ["05-01 12:43", "05-01 16:00"]),
        (["2024-05-01 8:43:38 PM a(10001)", "2024-05-02 12:00:01 AM a(10001)"], ["05-01 12:43", "05-01 16:00"]),
        (["2024-05-01 下午 8:43:38 a(10001)", "2024-05-02 上午 12:00:01 a(10001)"], ["05-01 12:43", "05-01 16:00"]),
        (["2024/5/1 晚上8:43 a(10001)", "2024/5/2 凌晨0:00 a(10001)"], ["05-01 12:43", "05-01 16:00"]),
        (["2024-05-01 11:43:38 a(10001)", "2024-05-01 1:00:01 a(10001)"], ["05-01 03:43", "05-01 05:00"]),
        (["a(10001) 2024/5/1 20:43:38", "a(10001) 2024/5/2 0:00:01"], ["05-01 12:43", "05-01 16:00"]),
        (["a(10001) 20:43:38", "a(10001) 0:00:01"], ["05-01 12:43", "05-01 16:00"]),
        (["a: 05-01 20:43:38", "a: 05-02 00:00:01"], ["05-01 12:43", "05-01 16:00"]),
        (
            ["【管理员】a<10001> 2024年5月1日 下午8:43", "a<10001> 2024年5月2日 上午0:00"],
            ["05-01 12:43", "05-01 16:00"],
        ),
    ],
)
def test_clocks_in_every_way_people_have_them(heads: list[str], minutes: list[str], community: Community) -> None:
    text = "\n".join(f"{head}\n第{number}句\n" for number, head in enumerate(heads))
    found = said(text, community, name="2024-05-01.txt")
    assert [(at[5:], words) for at, _who, words in found] == [
        (minute, f"第{number}句") for number, minute in enumerate(minutes)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_qq_has_written(encoding: str, community: Community) -> None:
    assert [words for _at, _who, words in said(QQ.encode(encoding), community)][-1] == "下班"


def test_a_name_alone_is_no_account_of_a_number(community: Community) -> None:
    text = "阿强: 05-01 20:43:38\n你好\n"
    assert said(text, community, name="2024-05-01.txt") == [("2024-05-01 12:43", "name:阿强", "你好")]


def test_a_copied_chat_that_names_no_day_asks_for_one(community: Community) -> None:
    with pytest.raises(QunyingError, match=r"No line of “a\.txt” says which day it is"):
        said("阿强 20:43:38\n你好\n", community)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("兰加入本群。", [("joined", "name:兰", None, {})]),
        ("兰(10003)加入本群。", [("joined", "10003", None, {})]),
        ("小美邀请兰、竹加入了本群。", [("joined", "name:兰", "10001", {}), ("joined", "name:竹", "10001", {})]),
        ("兰已退出本群。", [("left", "name:兰", None, {"reason": "left"})]),
        ("小美将兰移出了本群。", [("left", "name:兰", "10001", {"reason": "removed"})]),
        ("小美撤回了一条消息", [("recalled", "10001", None, {})]),
        ("小美撤回了成员兰的一条消息", [("recalled", "10001", "name:兰", {})]),
        ("小美修改群名称为“玫瑰”", [("renamed_group", "10001", None, {"name": "玫瑰"})]),
        ("小美将群名片修改为掌柜", [("renamed", "10001", None, {"name": "掌柜"})]),
        ("今天群里很热闹", []),
    ],
)
def test_what_the_system_says(line: str, facts: list[tuple[object, ...]], community: Community) -> None:
    text = f"2024-05-01 9:08:07 小美(10001)\n早\n\n2024-05-01 9:09:07 系统消息(10000)\n{line}\n"
    import_files(bring("a.txt", text), "qq", community)
    rows = Event.objects.exclude(kind="spoke").order_by("identity__external_id")
    found = rows.values_list("kind", "identity__external_id", "target_identity__external_id", "payload")
    assert sorted(found, key=str) == sorted(facts, key=str)


def test_times_that_cannot_be_are_rejected_row_by_row(community: Community) -> None:
    dates = ["0001-05-01", "9999-05-01", "2999-01-01", "2024-02-30", "2024-05-01"]
    text = "".join(f"{day} 9:08:07 小美(10001)\n早\n\n" for day in dates)
    result = import_files(bring("a.txt", text), "qq", community)
    assert counts(result) == (5, 1, 0, 4)
    assert [code for *_rest, code in codes(result)] == ["absurd_time"] * 4


def test_a_message_longer_than_any_chat_lets_one_send_is_rejected_alone(community: Community) -> None:
    text = f"2024-05-01 9:08:07 小美(10001)\n{'x' * 200_000}\n\n2024-05-01 9:08:08 小美(10001)\n早\n"
    result = import_files(bring("a.txt", text), "qq", community)
    assert (counts(result), codes(result)[0][3]) == ((2, 1, 0, 1), "too_long")
    many = "2024-05-01 9:08:07 小美(10001)\n" + "好\n" * 200_000 + "2024-05-01 9:09:08 小美(10001)\n晚\n"
    assert counts(import_files(bring("b.txt", many), "qq", community)) == (2, 1, 0, 1)


talk = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["小美(10001)", "阿强<q@x.cn>"]), st.sampled_from(["哈哈", "玫瑰\n二", "1"])
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=talk, data=st.data())
def test_two_exports_that_overlap_are_the_whole(
    make_community: MakeCommunity, lines: list[tuple[int, str, str]], data: st.DataObject
) -> None:
    minute, whole, minutes = 0, [], []
    for later, who, text in lines:
        minute += later
        minutes.append(minute)
        whole.append(f"2024-05-01 {10 + minute // 60}:{minute % 60:02}:07 {who}\n{text}\n")
    end = data.draw(st.integers(1, len(whole)), label="the first ends")
    start = data.draw(st.integers(0, end - 1), label="the second begins")
    # The known limit: a minute cut by both exports hides how often equal words were said in it.
    assume(end == len(whole) or minutes[start] != minutes[end])
    one, two = make_community(), make_community()
    import_files(bring("a.txt", "\n".join(whole)), "qq", one[0], group="甲")
    for part in (whole[:end], whole[start:]):
        import_files(bring("a.txt", "\n".join(part)), "qq", two[0], group="甲")
    assert sorted(log_of(two[0])) == sorted(log_of(one[0]))
