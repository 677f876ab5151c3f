"""Whatever bytes a file holds, an importer ends in rows, rejections or one clear sentence, and the same each time."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.ground.events.facts import Fact, check_fact
from qunying.ground.imports.context import Context
from qunying.ground.imports.importers import Rejection, Row, all_importers
from qunying.ground.imports.reasons import reason_text
from qunying.ground.imports.sources import Source
from qunying.kit.encodings import is_broken
from qunying.kit.errors import QunyingError
from tests.support.exports import EXPORTS
from tests.support.imports import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.ground.imports.importers import Importer, Item

pytestmark = pytest.mark.django_db

PIECES = [
    b"platform,external_id,joined_at,name\n",
    b"order_id,member,time,amount,units\n",
    b"kind,time,who,platform,payload,amount\n",
    b"spoke,2024-05-01,m,wechat,{},\n",
    b"wechat,a,2024-05-01,x\n",
    b"A,m,2024-05-01,1,2\n",
    b'{"id": 1, "ts": 1714528800, "user": "u", "topic": "t", "text": "\\ud800"}\n',
    b'{"kind": "spoke", "time": 1714528800, "who": "u\\u0000", "platform": "qq"}\n',
    b"[10:30] <mei> hi\n",
    b"=== mei has quit\n",
    b"c 2024-02-30 [10:30:61] <mei> hi\n",
    b"00001 19970101 1 11.77\n",
    b"<slack><message><ts>1</ts><user>u</user><text>x</text></message>",
    b"</slack>",
    b'"',
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    "玫瑰".encode("gb18030"),
    "玫瑰".encode(),
    b"\xd6",
    b"\r",
    b"1e999,",
    b"A,m,2024-05-01,1,1e999\n",
    b"A,m,2024-05-01,1,nan\n",
    b"m" * 200,
    b" 1 19970101 1e999 1\n",
    *(content.encode() if isinstance(content, str) else content for _name, content in EXPORTS.values()),
    "2024-05-01 9:08:07 小美(10001)\n".encode(),
    "小美 2024/5/1 10:20\n".encode(),
    '"小美"邀请"阿强"加入了群聊\n'.encode(),
    b"01/05/2024, 10:21 - Mei added Qiang\n",
    b'{"messages": [',
    b"[",
    b'{"kind": "ordered", "time": 1714528800, "who": "u", "platform": "qq", "amount": 1, "payload": {"units": NaN}}\n',
]
contents = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=12).map(b"".join),
)


def items_of(importer: Importer, path: Path, community: Community) -> list[Item] | str:
    context = Context(community=community, by=TESTS, options={"date": "2024-05-01"}, dry_run=True)
    source = Source(path, name="x.txt")
    try:
        importer.sniff(source)
        (importer.check or Source.check)(source)
        return list(importer.read(source, context))
    except QunyingError as error:
        return str(error)


def texts_of(fact: Fact) -> list[str]:
    who = [text for each in (fact.who, fact.target) if each for text in (each.platform, each.external_id, each.name)]
    plain = [value for value in fact.payload.values() if isinstance(value, str)]
    return [*who, *plain, fact.text, fact.object_id, fact.object_type, fact.channel_key]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents)
def test_any_bytes_end_well_and_twice_the_same(community: Community, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.txt"
        path.write_bytes(content)
        for importer in all_importers():
            items = items_of(importer, path, community)
            assert items == items_of(importer, path, community)
            for item in items if isinstance(items, list) else []:
                check_item(item)


def check_item(item: Item) -> None:
    """What can be stored, or a reason that can be said."""
    if isinstance(item, Rejection):
        assert reason_text(item.reason, item.params, language="en")
        return
    for fact in item.facts if isinstance(item, Row) else (item,):
        check_fact(fact)
        json.dumps(dict(fact.payload), allow_nan=False)
        assert all(len(who.external_id) <= 190 and len(who.platform) <= 24 for who in (fact.who, fact.target) if who)
        assert (len(fact.object_id) <= 80, len(fact.object_type) <= 24, len(fact.channel_key) <= 64) == (True,) * 3
        assert not any(is_broken(text) for text in texts_of(fact))
