"""What platforms answer is read with mistrust."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from qunying.kit.told import as_dict, listed, moment, moment_or_now, name_of, number, part, parts, text


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


def test_times_come_in_seconds_and_in_words() -> None:
    at = datetime(2024, 9, 4, 8, 32, 21, tzinfo=UTC)
    assert {moment_or_now(told) for told in (1725438741, "1725438741", "2024-09-04T16:32:21+08:00")} == {at}


@pytest.mark.parametrize("told", [None, "", "x", -1, 10**18, "9" * 40, [], {}, True, "0001-01-01T00:00:00+00:00"])
def test_a_time_that_cannot_be_is_now(told: object) -> None:
    assert abs((timezone.now() - moment_or_now(told)).total_seconds()) < 60


def test_a_time_without_a_zone_is_of_no_zone_in_particular() -> None:
    assert moment_or_now("2024-09-04T08:32:21") == datetime(2024, 9, 4, 8, 32, 21, tzinfo=UTC)


def test_what_is_no_id_is_none() -> None:
    assert [name_of(told, 5) for told in ("abc", 12, -7, "", "abcdef", "a\n", "花", True, None, [])] == [
        "abc",
        "12",
        "-7",
        *[""] * 7,
    ]


def test_what_has_another_shape_is_empty() -> None:
    assert (part({"a": {"b": {"c": 1}}}, "a", "b"), part([], "a"), part({"a": 1}, "a")) == ({"c": 1}, {}, {})
    assert (parts([{}, 1, {"a": 1}]), parts({})) == ([{}, {"a": 1}], [])
    assert (text(" a\x00b "), text("abc", 2), text(7)) == ("ab", "ab", "")
    assert (as_dict(b"{}"), as_dict(b"[]"), as_dict(b"\xff"), as_dict(b"[" * 100_000)) == ({}, None, None, None)
