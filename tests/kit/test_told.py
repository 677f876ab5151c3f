"""What platforms answer is read with mistrust."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qunying.kit.told import as_dict, listed, moment, number, part, parts, text


def test_what_is_not_what_it_should_be_reads_as_nothing() -> None:
    assert [as_dict(one) for one in (b"{}", b"[]", b"{", b"\xff", "[" * 100_000)] == [{}, None, None, None, None]
    assert (listed({"a": 1}), parts([{"a": 1}, 2, None]), parts("x")) == ([], [{"a": 1}], [])
    assert (part({"a": {"b": {"c": 1}}}, "a", "b"), part({"a": [1]}, "a", "b"), part(None, "a")) == ({"c": 1}, {}, {})
    assert (text(" 小\x00美 ", 2), text(7, 9), text("\ud800花", 9)) == ("小美", "", "花")
    assert [number(one) for one in (7, -1, True, "7", None)] == [7, 0, 0, 0, 0]


@pytest.mark.parametrize("value", [0, -1, True, None, "1", float("nan"), 10**18, float("inf")])
def test_a_time_that_cannot_be_is_none(value: object) -> None:
    assert moment(value) is None


def test_a_time_that_was_is_aware() -> None:
    assert moment(1_600_000_000) == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
