"""The comparison holds every platform and every action, with a reason wherever it does not simply work."""

from __future__ import annotations

from qunying.ground.platforms.landscape import _REASONS, TOPICS, at, capability_at, is_connected, place_called, places
from qunying.ground.platforms.port import Way


def test_every_place_has_a_way_for_every_topic_and_a_reason_where_it_is_not_by_itself() -> None:
    for place in places():
        told = dict(at(place))
        assert list(told) == list(TOPICS)
        assert [topic for topic, found in told.items() if found.way is not Way.OFFICIAL and not found.reason] == []


def test_every_reason_is_used() -> None:
    used = {word.partition(":")[2] for place in places() for word in place.line.split()} - {""}
    assert used == set(_REASONS)


def test_known_lines_are_those_of_the_platforms() -> None:
    wecom, qq, matrix, douyin = (place_called(name) for name in ("wecom_group", "qq", "matrix", "douyin"))
    assert wecom is not None
    assert qq is not None
    assert matrix is not None
    assert douyin is not None
    assert capability_at(wecom, "send").way is Way.CONFIRM
    assert capability_at(wecom, "remove").way is Way.HAND
    assert str(capability_at(qq, "mute").reason) == "Only where the robot is an administrator of the group."
    assert (is_connected(matrix), is_connected(douyin), place_called("telegraph")) == (True, False, None)
