"""The few hand-written pieces of SQL mean the same on both databases."""

from __future__ import annotations

import pytest
from django.db import connection

from qunying.kit.sql import before_horizon, current_tx


@pytest.mark.django_db
def test_a_running_transaction_has_a_number_only_where_it_is_needed() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {current_tx(connection)}")
        number = cursor.fetchone()[0]
    assert (number > 0) == (connection.vendor == "postgresql")


@pytest.mark.django_db
def test_what_a_running_transaction_writes_is_beyond_its_own_horizon() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM (SELECT {current_tx(connection)} AS tx) AS own WHERE {before_horizon(connection)}"
        )
        visible = cursor.fetchone() is not None
    assert visible == (connection.vendor == "sqlite")
