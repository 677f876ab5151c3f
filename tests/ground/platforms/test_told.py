"""What a platform tells is read with mistrust."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from qunying.ground.platforms.names import QQ, platform_behind, platform_label
from qunying.ground.platforms.told import as_object, moment, name_of, part, parts, words


def test_times_come_in_seconds_and_in_words() -> None:
    at = datetime(2024, 9, 4, 8, 32, 21, tzinfo=UTC)
    assert {moment(told) for told in (1725438741, "1725438741", "2024-09-04T16:32:21+08:00")} == {at}


@pytest.mark.parametrize("told", [None, "", "x", -1, 10**18, "9" * 40, [], {}, True, "0001-01-01T00:00:00+00:00"])
def test_a_time_that_cannot_be_is_now(told: object) -> None:
    assert abs((timezone.now() - moment(told)).total_seconds()) < 60


def test_a_time_without_a_zone_is_of_no_zone_in_particular() -> None:
    assert moment("2024-09-04T08:32:21") == datetime(2024, 9, 4, 8, 32, 21, tzinfo=UTC)


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
    assert (words(" a\x00b "), words("abc", 2), words(7)) == ("ab", "ab", "")
    assert (as_object(b"{}"), as_object(b"[]"), as_object(b"\xff"), as_object(b"[" * 100_000)) == ({}, None, None, None)


def test_another_way_to_a_platform_leads_to_its_people() -> None:
    assert (platform_behind("onebot"), platform_behind(QQ), platform_behind("none")) == (QQ, QQ, "none")
    assert "OneBot" in platform_label("onebot")
