"""What a file is, told from its first bytes, and said in words where it is something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.files.services import path_of
from qunying.ground.imports.detect import preview, recognise
from qunying.ground.imports.importers import all_importers
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.sources import Source
from qunying.ground.jobs.models import Job
from qunying.kit.errors import QunyingError
from tests.support.exports import EXPORTS
from tests.support.imports import bring, import_files

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db

SAMPLES: dict[str, tuple[str, str | bytes]] = EXPORTS | {
    "irc": ("2024-05-01.txt", "[10:00] <mei> hi\n=== qiang has quit\n"),
    "zulip": ("z.jsonl", '{"id": 1, "ts": 1714528800, "user": "u", "topic": "t", "text": "x"}\n'),
    "slack": ("s.xml", "<slack><message><ts>2024-05-01T02:00:00</ts><user>M</user><text>x</text></message></slack>"),
    "cdnow": ("cd.txt", " 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n"),
    "members": ("m.csv", "platform,external_id,name,phone,joined_at\nwechat,a,b,,2024-05-01\n"),
    "memberships": ("r.csv", "platform,external_id,group,joined_at,left_at\nwechat,a,g,2024-05-01,\n"),
    "orders": ("o.csv", "订单号;买家;付款时间;金额\nA;m;2024-05-01;1\n"),
    "events": ("e.csv", "kind\ttime\twho\tplatform\tobject\nliked\t2024-05-01\tm\twechat\tx\n"),
}


def test_every_format_has_a_sample_here() -> None:
    assert sorted(SAMPLES) == [importer.name for importer in all_importers()]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_is_recognised_and_imported_as_what_it_is(name: str, community: Community) -> None:
    file_name, content = SAMPLES[name]
    stored = bring(file_name if isinstance(content, bytes) else f"{file_name}.gz", content)
    assert recognise(Source(path_of(stored), name=stored.name))[0].format == name
    assert import_files(stored, name, community)["rejected"] == 0


@pytest.mark.parametrize(
    ("claimed", "real"), [("irc", "slack"), ("slack", "cdnow"), ("orders", "members"), ("events", "slack")]
)
def test_a_file_that_is_not_what_it_claims_is_refused_with_the_nearest_format(
    claimed: str, real: str, community: Community
) -> None:
    with pytest.raises(QunyingError, match=rf"It looks like {real}\.$"):
        import_files(bring(*SAMPLES[real]), claimed, community)
    assert (ImportRun.objects.count(), Job.objects.count()) == (0, 0)


def test_the_refusal_says_what_was_expected(community: Community) -> None:
    with pytest.raises(QunyingError) as refused:
        import_files(bring("x.txt", "nothing of the kind\n"), "zulip", community)
    assert str(refused.value) == (
        "“x.txt” is not a file of the format zulip, which looks like this: "
        "one JSON object a line with id, ts, user, topic and text. It looks like none of the known formats."
    )


def test_a_preview_shows_rows_columns_and_what_is_left_over() -> None:
    stored = bring("o.csv", "订单号,买家,付款时间,金额,备注\nA,m,2024-05-01,1,快\n".encode("gb18030"))
    seen = preview(stored)
    assert (seen.format, seen.encoding, seen.shape) == ("orders", "gb18030", "text")
    assert seen.header == ["订单号", "买家", "付款时间", "金额", "备注"]
    assert seen.rows == [["A", "m", "2024-05-01", "1", "快"]]
    found = {column: header for column, header in seen.columns.items() if header}
    assert found == {"order_id": "订单号", "member": "买家", "time": "付款时间", "amount": "金额"}
    assert (seen.missing, seen.unknown) == ([], ["备注"])


def test_a_preview_as_another_format_says_what_is_missing() -> None:
    seen = preview(bring("x.csv", "a,b\n1,2\n"), format="orders", columns={"order_id": "a"})
    assert (seen.missing, seen.unknown) == (["member", "time", "amount"], ["b"])


def test_a_preview_of_a_chat_shows_its_lines() -> None:
    seen = preview(bring(*SAMPLES["irc"]))
    assert (seen.format, seen.rows[0]) == ("irc", ["[10:00] <mei> hi"])
