"""Real history from files, counted to the last row and cent; a second import of each stores nothing."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db.models import Count, Sum

from qunying.ground.events.models import Event
from qunying.ground.files.services import path_of
from qunying.ground.imports.detect import recognise
from qunying.ground.imports.sources import Source
from qunying.ground.members.models import Identity
from tests.support.imports import bring, bring_path, counts, import_files

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.groups.models import Community

_TWELVE_HOURS = date(2005, 8, 8)
pytestmark = pytest.mark.django_db


def test_the_zulip_stream(shared_data: Path, community: Community) -> None:
    file = bring_path(shared_data / "chat/lean_new_members_2020_2021_text.jsonl.gz")
    assert counts(import_files(file, "zulip", community)) == (70_830, 70_830, 0, 0)
    assert counts(import_files(file, "zulip", community)) == (70_830, 0, 70_830, 0)


def test_the_slack_channel(shared_data: Path, community: Community) -> None:
    files = [bring_path(path) for path in sorted((shared_data / "chat/slack-racket").glob("*.gz"))]
    assert counts(import_files(files, "slack", community)) == (22_172, 22_172, 0, 0)
    assert counts(import_files(files, "slack", community)) == (22_172, 0, 22_172, 0)
    assert set(Event.objects.values_list("group__name", flat=True)) == {"general"}


def test_the_text_that_qq_exports(shared_data: Path, community: Community) -> None:
    path = shared_data / "chat/exports/chatlab_qq-group.txt"
    heads = re.findall(r"^\d{4}-\d\d-\d\d .*\((\d+)\)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    result = import_files(bring_path(path), "qq", community)
    assert (counts(result), result["kinds"]) == ((2, 2, 0, 0), {"spoke": len(heads)})
    assert sorted(Identity.objects.values_list("external_id", flat=True)) == sorted(heads) == ["10001", "10002"]
    assert set(Event.objects.values_list("group__name", flat=True)) == {"测试 QQ 群"}
    assert counts(import_files(bring_path(path), "qq", community)) == (2, 0, 2, 0)


def test_the_json_that_weflow_exports(shared_data: Path, community: Community) -> None:
    path = shared_data / "chat/exports/chatlab_weflow.json"
    written = json.loads(path.read_text(encoding="utf-8"))["messages"]
    assert counts(import_files(bring_path(path), "wechat_json", community)) == (2, 2, 0, 0)
    times = Event.objects.order_by("occurred_at").values_list("occurred_at", "identity__external_id", "message__text")
    assert [(at.timestamp(), who, text) for at, who, text in times] == [
        (row["createTime"], row["senderUsername"], row["content"]) for row in written
    ]
    assert counts(import_files(bring_path(path), "wechat_json", community)) == (2, 0, 2, 0)


def test_every_header_that_backups_of_wechat_have(shared_data: Path, community: Community) -> None:
    told = (shared_data / "chat/exports/memotrace_headers.txt").read_text(encoding="utf-8")
    headers = [found.rstrip(",.") for found in re.findall(r"^(?:[^:,]*: )?(\S+,\S+)", told, re.MULTILINE)]
    assert len(headers) == 5
    cells = {"createtime": "1714528800", "content": "早", "strcontent": "早", "内容": "早", "sender": "wxid_mei"}
    cells |= {"from_id": "wxid_mei", "发送人": "小美", "time": "2024-05-01 10:00:00", "时间": "2024-05-01 10:00:00"}
    cells |= {"time(asia/shanghai)": "2024-05-01 10:00:00", "issender": "1"}
    for number, header in enumerate(headers):
        row = ",".join(cells.get(name.lower(), "") for name in header.split(","))
        # The tool writes one cell more than the header says.
        file = bring(f"{number}.csv", f"{header}\n{row}{',999' if number == 0 else ''}\n")
        assert recognise(Source(path_of(file), name=file.name))[0].format == "wechat_csv"
        result = import_files(file, "wechat_csv", community, options={"me": "掌柜"}, group=f"群{number}")
        assert counts(result) == (1, 1, 0, 0)


def test_the_cdnow_purchases(shared_data: Path, community: Community) -> None:
    file = bring_path(shared_data / "tx/CDNOW_master.txt.gz")
    result = import_files(file, "cdnow", community)
    assert (counts(result), result["members_new"]) == ((69_659, 69_659, 0, 0), 23_570)
    assert Event.objects.aggregate(total=Sum("amount")) == {"total": 250_031_563}
    assert counts(import_files(file, "cdnow", community)) == (69_659, 0, 69_659, 0)


def test_the_grocers_loyalty_cards(shared_data: Path, community: Community) -> None:
    file = bring_path(shared_data / "tx/completejourney_transactions_half.csv.gz")
    columns = {
        "order_id": "basket_id",
        "member": "household_id",
        "time": "transaction_timestamp",
        "amount": "sales_value",
        "product": "product_id",
        "units": "quantity",
    }
    assert counts(import_files(file, "orders", community, columns=columns)) == (35_081, 35_081, 0, 0)
    assert Identity.objects.filter(platform="shop").count() == 1_146
    assert counts(import_files(file, "orders", community, columns=columns)) == (35_081, 0, 35_081, 0)


def test_ten_stretches_of_an_irc_channel(shared_data: Path, community: Community) -> None:
    files = [bring_path(path) for path in sorted((shared_data / "chat/ubuntu-irc").glob("*.raw.txt"))]
    result = import_files(files, "irc", community, group="#ubuntu")
    # Three lines tell of channel modes and of nobody's doing.
    assert (counts(result), result["skipped"]) == ((12_500, 12_497, 0, 0), 3)
    assert result["kinds"] == {"joined": 494, "left": 48, "renamed": 268, "spoke": 11_687}
    assert counts(import_files(files, "irc", community, group="#ubuntu")) == (12_500, 0, 12_497, 0)


def test_four_other_channels_find_their_groups(shared_data: Path, community: Community) -> None:
    files = [bring_path(path) for path in sorted((shared_data / "chat/irc-other").glob("*.ascii.txt"))]
    assert counts(import_files(files, "irc", community)) == (7_200, 7_200, 0, 0)
    by_group = Event.objects.values_list("group__name").annotate(count=Count("id")).order_by("group__name")
    assert list(by_group) == [("rust", 3_600), ("stripe", 3_600)]


def test_two_overlapping_exports_are_the_whole(
    shared_data: Path, community: Community, other_community: Community
) -> None:
    for path in sorted((shared_data / "chat/ubuntu-irc").glob("*.raw.txt")):
        lines = path.read_bytes().splitlines(keepends=True)
        import_files(bring(path.name, b"".join(lines)), "irc", community, group="#ubuntu")
        for part in (lines[:800], lines[500:]):
            import_files(bring(path.name, b"".join(part)), "irc", other_community, group="#ubuntu")
    logs = [_log(each) for each in (community, other_community)]
    assert len(logs[0]) == 12_497
    assert logs[0] == logs[1]


def test_facts_keep_the_order_of_their_lines(shared_data: Path, community: Community) -> None:
    path = shared_data / "chat/ubuntu-irc/2011-11-13_02.raw.txt"
    import_files(bring_path(path), "irc", community)
    said = Event.objects.filter(kind="spoke").order_by("occurred_at").values_list("message__text", flat=True)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("[")]
    assert len(said) == len(lines)
    assert all(line.endswith(text or "") for line, text in zip(lines, said, strict=True))


def _log(community: Community) -> list[tuple[object, ...]]:
    """Minute, kind, account and text of every fact; of one log on a 12-hour clock only the day.

    Whether its hours are those of the morning shows only in a part that goes from 12:59 to 01:00.
    """
    rows = Event.objects.filter(community=community).values_list(
        "occurred_at", "kind", "identity__external_id", "message__text"
    )
    return sorted(
        (f"{at:%Y-%m-%d %H:%M}" if at.date() != _TWELVE_HOURS else "that day", kind, who, text or "")
        for at, kind, who, text in rows
    )


def test_a_packed_file_and_the_plain_one_are_the_same(shared_data: Path, community: Community) -> None:
    path = shared_data / "tx/CDNOW_master.txt.gz"
    head = b"".join(gzip.decompress(path.read_bytes()).splitlines(keepends=True)[:500])
    assert counts(import_files(bring("plain.txt", head), "cdnow", community)) == (499, 499, 0, 0)
    assert counts(import_files(bring("packed.txt.gz", head), "cdnow", community)) == (499, 0, 499, 0)
