"""Messages that carry ids or exact times of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.models import Event
from qunying.ground.jobs.models import Job
from qunying.kit.errors import QunyingError
from tests.support.imports import bring, codes, counts, import_files, log_of

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def zulip(*messages: dict[str, object]) -> str:
    return "\n".join(json.dumps(message, ensure_ascii=False) for message in messages)


FIRST = {"id": 11, "ts": 1714528800, "user": "u1", "topic": "玫瑰", "text": "第一次养，请多指教"}
SECOND = {"id": 12, "ts": 1714528801, "user": "u2", "topic": "", "text": ""}


def test_zulip_keeps_topic_and_text_and_stores_an_id_once(community: Community) -> None:
    file = bring("z.jsonl.gz", zulip(FIRST, SECOND, FIRST))
    assert counts(import_files(file, "zulip", community)) == (3, 2, 1, 0)
    assert counts(import_files(bring("again.jsonl", zulip(SECOND)), "zulip", community)) == (1, 0, 1, 0)
    assert log_of(community) == [
        ("spoke", "2024-05-01 02:00", "u1", "第一次养，请多指教"),
        ("spoke", "2024-05-01 02:00", "u2", ""),
    ]
    assert list(Event.objects.order_by("occurred_at").values_list("payload", flat=True)) == [{"topic": "玫瑰"}, {}]


def test_zulip_rejects_what_is_no_message(community: Community) -> None:
    text = (
        zulip(FIRST, {**FIRST, "ts": "soon"}, {**FIRST, "id": None}, {**FIRST, "id": 5, "user": ""})
        + "\nnot json\n[1]\n"
    )
    result = import_files(bring("z.jsonl", text), "zulip", community)
    assert counts(result) == (6, 1, 0, 5)
    assert codes(result) == [
        ("2", "ts", "soon", "bad_time"),
        ("3", "id", "None", "bad_id"),
        ("4", "user", "", "empty_cell"),
        ("5", "", "not json", "not_json"),
        ("6", "", "[1]", "not_json"),
    ]


SLACK = """<slack><team_domain>t</team_domain><channel_name>花房</channel_name>
<message conversation_id="1"><ts>2024-05-01T02:00:00.000100</ts><user>Mei</user>
<text>&lt;@Qiang&gt; 来浇水</text></message>
<message conversation_id="1"><ts>2024-05-01T02:00:00.000200</ts><user>Qiang</user>
<text>来了</text><text>带着桶</text></message>
<message><ts>whenever</ts><user>Qiang</user><text>?</text></message>
<message><ts>2024-05-01T02:00:01</ts><user></user><text>nobody</text></message>
</slack>"""


def test_slack_keeps_the_conversation_as_topic_and_the_channel_as_group(community: Community) -> None:
    result = import_files(bring("s.xml.gz", SLACK), "slack", community)
    assert counts(result) == (4, 2, 0, 2)
    assert codes(result) == [("3", "ts", "whenever", "bad_time"), ("4", "user", "", "bad_message")]
    said = Event.objects.order_by("occurred_at").values_list("group__name", "payload", "message__text")
    assert list(said) == [("花房", {"topic": "1"}, "<@Qiang> 来浇水"), ("花房", {"topic": "1"}, "来了\n带着桶")]
    assert counts(import_files(bring("s.xml", SLACK), "slack", community)) == (4, 0, 2, 2)


def test_slack_refuses_a_dtd(community: Community) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE slack [<!ENTITY a "aaaa">]>' + SLACK.replace("nobody", "&a;")
    with pytest.raises(QunyingError, match="carries a DTD"):
        import_files(bring("s.xml", bomb), "slack", community)
    assert (Event.objects.count(), Job.objects.get().state) == (0, "failed")


def test_slack_keeps_what_stands_before_the_break(community: Community) -> None:
    broken = SLACK[: SLACK.index("<message><ts>whenever")] + "<message><ts>2024"
    result = import_files(bring("s.xml", broken), "slack", community)
    assert counts(result) == (3, 2, 0, 1)
    assert [row[3] for row in codes(result)] == ["bad_xml"]
