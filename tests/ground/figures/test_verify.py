"""`verify` agrees with sound figures and sees every damage done to the lake."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.figures.models import SettledFigure
from qunying.ground.figures.verify import verify_communities
from qunying.ground.figures.verify.recounting import CHECKS
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who, note_dimension_change
from qunying.ground.warehouse.queries import open_snapshot
from qunying.ground.warehouse.services import catch_up

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL moves only what is committed
BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
KINDS = (
    ["spoke"] * 8
    + ["read"] * 6
    + ["liked", "commented", "signed_up", "ordered", "joined", "left", "ordered", "refunded"]
)


@pytest.fixture
def lively(community: Community) -> Community:
    """Sixty people, a hundred days, comings, goings, orders, a member of staff and a person with two accounts."""
    chance = random.Random(7)
    facts = []
    for number in range(2500):
        kind = chance.choice(KINDS)
        who = Who("test", str(chance.randrange(60)))
        order = (
            {"object_id": str(chance.randrange(120)), "amount": chance.randrange(1, 9000)}
            if kind in {"ordered", "refunded"}
            else {}
        )
        at = BEGIN + timedelta(minutes=chance.randrange(100 * 1440))
        facts.append(Fact(kind, at, (number,), who=who, **order))
    record(facts[:2300], community=community, source="test")
    catch_up()
    record(facts[2300:], community=community, source="test")
    first, second, staff = Member.objects.order_by("pk")[:3]
    second.identities.update(member=first)
    Member.objects.filter(pk=staff.pk).update(is_staff=True)
    note_dimension_change()
    return community


def rewrite(change: str) -> None:
    """Damage the biggest file of the lake."""
    path = max((Path(file.path) for file in open_snapshot().lake.files), key=lambda file: file.stat().st_size)
    table = pq.ParquetFile(path).read()
    pq.write_table(_damaged(table, change), path)


def _damaged(table: pa.Table, change: str) -> pa.Table:
    # A message, for not every kind of fact is counted by a headline figure, and rows come in no fixed order.
    message = pc.index(table["kind"], "spoke").as_py()
    if change == "delete":
        return pa.concat_tables([table.slice(0, message), table.slice(message + 1)])
    if change == "double":
        return pa.concat_tables([table, table.slice(message, 1)])
    if change == "kind":
        return table.set_column(
            table.schema.get_field_index("kind"), "kind", pc.replace_substring(table["kind"], "spoke", "read")
        )
    index = table.schema.get_field_index("actor")
    return table.set_column(index, "actor", [[table["actor"][0].as_py()] * table.num_rows])


def test_it_counts_everything_twice_and_finds_no_difference(lively: Community) -> None:
    result = verify_communities([lively])
    assert result.differences == []
    assert (result.ok, result.checked) == (True, 2 * len(CHECKS) + 4)


def test_it_still_agrees_when_the_figures_are_settled(lively: Community) -> None:
    catch_up()
    verify_communities([lively])
    assert SettledFigure.objects.exists()
    assert verify_communities([lively]).differences == []


@pytest.mark.parametrize("change", ["delete", "double", "kind", "actor"])
def test_it_reports_a_damaged_lake(lively: Community, change: str) -> None:
    catch_up()
    rewrite(change)
    result = verify_communities([lively])
    assert not result.ok
    assert {row.community for row in result.differences} == {lively.slug}


def test_it_reports_a_settled_figure_that_is_wrong(lively: Community) -> None:
    catch_up()
    verify_communities([lively])
    kept = SettledFigure.objects.filter(metric="mau").first()
    assert kept is not None
    kept.result["value"] += 1
    kept.save()
    assert {row.metric for row in verify_communities([lively]).differences} == {"mau"}


def test_it_has_nothing_to_compare_where_nothing_happened(community: Community) -> None:
    assert verify_communities([community]).plain() == {"ok": True, "checked": 0, "differences": []}
