"""Facts go into the lake once each, whatever happens between the steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.warehouse.lake import append_batch, last_batch, open_lake, tidy
from qunying.ground.warehouse.models import DayMark, LakeBatch
from qunying.ground.warehouse.projection import SCHEMA, facts_between
from qunying.ground.warehouse.queries import open_snapshot, touched_since, waiting
from qunying.ground.warehouse.services import catch_up, move_batch, rebuild_lake

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL moves only what is committed
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def speak(community: Community, *keys: int) -> None:
    who = Who("wechat", "xiaomei", "小美")
    record(
        [Fact("spoke", NOON + timedelta(hours=key), (key,), who=who) for key in keys],
        community=community,
        source="test",
    )


def lake_ids() -> list[int]:
    table = open_lake()
    return sorted(table.to_pyarrow_table()["id"].to_pylist()) if table else []


def test_it_moves_each_fact_once_and_reads_the_rest_from_the_log(community: Community) -> None:
    speak(community, 0, 1)
    assert (catch_up(), catch_up()) == (2, 0)
    speak(community, 2)
    snapshot = open_snapshot()
    assert sum(file.rows for file in snapshot.lake.files) == 2
    assert snapshot.tail.num_rows == 1
    assert snapshot.tail.schema.names == SCHEMA.names


def test_it_knows_the_local_day_and_hour(community: Community) -> None:
    speak(community, 0, 12)
    rows = open_snapshot().tail.select(["day", "hour", "month"]).sort_by("day").to_pylist()
    assert [(str(row["day"]), row["hour"], row["month"]) for row in rows] == [
        ("2026-03-02", 12, "2026-03"),
        ("2026-03-03", 0, "2026-03"),
    ]


def test_it_moves_in_batches_of_the_size_asked_for(community: Community) -> None:
    speak(community, *range(5))
    assert [move_batch(limit=2) for _time in range(4)] == [2, 2, 1, 0]
    assert len(set(lake_ids())) == len(lake_ids()) == 5


def test_it_writes_again_a_batch_that_never_reached_the_lake(community: Community) -> None:
    speak(community, 0, 1, 2)
    last = open_snapshot().tail.to_pylist()[1]
    LakeBatch.objects.create(number=1, from_tx=0, from_id=0, to_tx=last["tx"], to_id=last["id"], rows=2)
    assert catch_up() == 3
    assert len(set(lake_ids())) == len(lake_ids()) == 3


def test_it_adopts_a_batch_the_lake_already_holds(community: Community) -> None:
    speak(community, 0, 1)
    catch_up()
    LakeBatch.objects.update(committed=False)
    assert catch_up() == 2
    assert len(set(lake_ids())) == len(lake_ids()) == 2
    assert LakeBatch.objects.get().committed


def test_it_does_not_commit_the_same_batch_twice_from_two_openings(community: Community) -> None:
    speak(community, 0)
    first, second = _open_twice(community)
    facts = facts_between((0, 0), (2**62, 2**62))
    append_batch(first, facts, number=2)
    with pytest.raises(Exception, match="transaction"):
        append_batch(second, facts, number=2)


def _open_twice(community: Community):  # noqa: ANN202
    catch_up()
    first, second = open_lake(), open_lake()
    assert first is not None
    assert second is not None
    assert last_batch(first) == last_batch(second) == 1
    return first, second


def test_it_builds_the_lake_anew_and_voids_what_was_counted(community: Community) -> None:
    speak(community, 0, 1)
    catch_up()
    rebuild_lake()
    assert open_snapshot().tail.num_rows == 2
    assert touched_since(1, communities=[community.pk], first=None, last=None)
    assert catch_up() == 2
    assert len(lake_ids()) == 2


def test_it_builds_the_lake_anew_when_its_files_are_gone(community: Community, settings) -> None:  # noqa: ANN001
    speak(community, 0, 1)
    catch_up()
    settings.LAKE = settings.LAKE.with_name("another")
    speak(community, 2)
    assert catch_up() == 3
    assert len(lake_ids()) == 3


def test_it_builds_the_lake_anew_when_its_files_are_gone_in_the_middle_of_a_batch(
    community: Community,
    settings,  # noqa: ANN001
) -> None:
    speak(community, 0, 1)
    catch_up()
    speak(community, 2)
    done, waiting_fact = LakeBatch.objects.get(), open_snapshot().tail.to_pylist()[0]
    place = {"to_tx": waiting_fact["tx"], "to_id": waiting_fact["id"], "from_tx": done.to_tx, "from_id": done.to_id}
    LakeBatch.objects.create(number=2, rows=1, **place)
    settings.LAKE = settings.LAKE.with_name("another")
    assert catch_up() == 3
    assert len(lake_ids()) == 3


def test_it_does_not_take_the_lake_of_another_database_for_its_own(community: Community) -> None:
    speak(community, 0, 1)
    catch_up()
    LakeBatch.objects.all().delete()
    assert open_snapshot().tail.num_rows == 2
    assert catch_up() == 2
    assert (len(lake_ids()), open_snapshot().tail.num_rows) == (2, 0)


def test_it_marks_the_days_a_batch_touched(community: Community) -> None:
    speak(community, 0, 24)
    catch_up()
    assert [str(day) for day in DayMark.objects.order_by("day").values_list("day", flat=True)] == [
        "2026-03-02",
        "2026-03-03",
    ]
    assert not touched_since(1, communities=[community.pk], first=None, last=None)


def test_it_tells_how_many_facts_wait(community: Community) -> None:
    speak(community, 0, 1)
    assert waiting().waiting == 2
    catch_up()
    assert (waiting().waiting, waiting().oldest) == (0, None)


def test_it_merges_the_small_files_of_a_month_and_keeps_every_fact(community: Community) -> None:
    for key in range(14):
        speak(community, key)
        catch_up()
    table = open_lake()
    assert table is not None
    assert tidy(table) == 1
    assert len(open_snapshot().lake.files) == 1
    assert (last_batch(table), len(lake_ids())) == (14, 14)
