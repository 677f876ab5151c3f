"""Raw inserts store what they are given, tell what was new, and hide no violation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection
from django.db.transaction import TransactionManagementError

from qunying.ground.members.models import TagDimension
from qunying.kit.bulk import insert_rows, time_writer

pytestmark = pytest.mark.django_db
NAME = {"name": "varchar"}
REST = {"key": "''", "own_name": "false"}
DIMENSION = REST | {"aspect": "'base'"}


def test_it_stores_very_many_rows_and_returns_each() -> None:
    names = [f"维度{number}" for number in range(31_000)]
    found = insert_rows(
        connection, "members_tagdimension", NAME, [(name,) for name in names], returning=["name"], constants=DIMENSION
    )
    assert sorted(name for (name,) in found) == sorted(names)
    assert TagDimension.objects.count() == len(names)


def test_it_tells_only_what_was_new() -> None:
    TagDimension.objects.create(name="城市")
    rows = [("城市",), ("职业",)]
    found = insert_rows(
        connection, "members_tagdimension", NAME, rows, constants=DIMENSION, once=["name"], returning=["name"]
    )
    assert found == [("职业",)]


def test_asked_for_nothing_it_returns_nothing_and_no_rows_are_no_statement() -> None:
    assert insert_rows(connection, "members_tagdimension", NAME, [("城市",)], constants=DIMENSION) == []
    assert insert_rows(connection, "members_tagdimension", NAME, [], constants=DIMENSION) == []


def test_a_constant_column_takes_its_expression() -> None:
    city = TagDimension.objects.create(name="城市")
    insert_rows(connection, "members_tag", NAME, [("上海",)], constants=REST | {"dimension_id": f"{city.pk} + 0"})
    assert [tag.name for tag in city.tags.all()] == ["上海"]


def test_a_missing_value_is_refused_although_conflicts_are_passed_over() -> None:
    with pytest.raises((IntegrityError, connection.Database.IntegrityError)):
        insert_rows(connection, "members_tagdimension", NAME, [(None,)], constants=DIMENSION, once=["name"])


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_stored() -> None:
    with pytest.raises(TransactionManagementError):
        insert_rows(connection, "members_tagdimension", NAME, [("城市",)])
    assert not TagDimension.objects.exists()


def test_a_time_is_read_back_as_the_same_instant() -> None:
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=shanghai)
    write = time_writer(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            assert write(at) == "2026-03-02 01:30:00.123456"
            return
        cursor.execute("SELECT %s::timestamptz", [write(at)])
        assert cursor.fetchone()[0].astimezone(UTC) == at
