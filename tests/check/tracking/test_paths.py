from __future__ import annotations

from datetime import date

import pytest

from qunying.check.tracking.models import Status, Why
from qunying.check.tracking.paths import Path, status_of, too_early

START, DUE = date(2026, 6, 1), date(2026, 6, 20)
"""Twenty days."""


def path(begin: float | None = 100.0, target: float = 200.0, **more: bool) -> Path:
    return Path(
        START,
        DUE,
        begin,
        target,
        up=more.get("up", True),
        total=more.get("total", False),
        whole=more.get("whole", False),
        by_hand=more.get("by_hand", False),
    )


def status(line: Path, value: float, day: int, flexibility: float = 0.1) -> tuple[Status, Why | None]:
    return status_of(line, value, date(2026, 6, day), flexibility=flexibility)


def test_the_path_is_straight_and_ends_at_the_target() -> None:
    assert [path().at(date(2026, 6, day)) for day in (1, 10, 20)] == [105.0, 150.0, 200.0]


def test_without_a_baseline_the_target_itself_is_the_measure() -> None:
    assert path(begin=None).at(START) == 200.0


def test_a_goal_that_set_out_beyond_its_target_holds_it() -> None:
    line = path(begin=300.0)
    assert (line.holds, line.at(START)) == (True, 200.0)
    assert status(line, 250, 5) == (Status.ON_COURSE, None)
    assert status(line, 150, 5) == (Status.OFF_COURSE, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(150, Status.ON_COURSE), (142.5, Status.WITHIN), (142.4, Status.OFF_COURSE), (200, Status.REACHED)],
)
def test_five_percent_behind_the_path_is_within_tolerance(value: float, expected: Status) -> None:
    assert status(path(), value, 10) == (expected, None)


@pytest.mark.parametrize(("value", "expected"), [(200, Status.REACHED), (180, Status.NEAR), (179.9, Status.MISSED)])
def test_on_the_due_day_the_margin_tells_just_short_from_missed(value: float, expected: Status) -> None:
    assert status(path(), value, 20) == (expected, None)


@pytest.mark.parametrize(
    ("value", "day", "expected"),
    [
        (0.06, 10, Status.ON_COURSE),
        (0.08, 10, Status.OFF_COURSE),
        (0.03, 10, Status.ON_COURSE),
        (0.03, 20, Status.REACHED),
        (0.06, 20, Status.MISSED),
    ],
)
def test_where_less_is_better_the_path_leads_down(value: float, day: int, expected: Status) -> None:
    assert status(path(begin=0.10, target=0.03, up=False), value, day) == (expected, None)


def test_a_bound_is_kept_and_not_reached_before_the_due_day() -> None:
    at_most, at_least = path(begin=None, target=0.12, up=False), path(begin=None, target=0.6)
    assert [status(at_most, value, 1)[0] for value in (0.0, 0.12, 0.125, 0.2)] == [
        Status.ON_COURSE,
        Status.ON_COURSE,
        Status.WITHIN,
        Status.OFF_COURSE,
    ]
    assert [status(at_least, 0.7, day)[0] for day in (1, 19, 20)] == [
        Status.ON_COURSE,
        Status.ON_COURSE,
        Status.REACHED,
    ]
    assert status(at_most, 0.1, 20) == (Status.REACHED, None)


def test_what_a_person_measured_as_reached_is_reached() -> None:
    assert status(path(begin=None, target=0.8, by_hand=True), 0.9, 5) == (Status.REACHED, None)
    assert status(path(begin=None, target=3, up=False, by_hand=True), 1, 5) == (Status.ON_COURSE, None)


def test_a_total_that_must_stay_below_is_missed_once_it_is_over() -> None:
    line = path(begin=0.0, target=20, up=False, total=True)
    assert status(line, 8, 10) == (Status.ON_COURSE, None)
    assert status(line, 21, 10) == (Status.MISSED, None)
    assert status(line, 20, 20) == (Status.REACHED, None)


@pytest.mark.parametrize(("day", "early"), [(6, True), (7, False)])
def test_the_first_week_of_a_total_is_not_judged(day: int, *, early: bool) -> None:
    line = path(begin=0.0, total=True)
    assert too_early(line, date(2026, 6, day)) is early
    assert status(line, 1, day)[0] is (Status.UNMEASURED if early else Status.OFF_COURSE)


def test_a_total_may_be_reached_before_it_can_be_judged() -> None:
    assert status(path(begin=0.0, total=True), 200, 2) == (Status.REACHED, None)


def test_nobody_is_behind_by_half_a_person() -> None:
    week = Path(date(2026, 6, 1), date(2026, 6, 7), 0.0, 10.0, up=True, total=True, whole=True)
    assert status_of(week, 8, date(2026, 6, 6), flexibility=0.1) == (Status.WITHIN, None)
    assert status_of(week, 7, date(2026, 6, 6), flexibility=0.1) == (Status.OFF_COURSE, None)


@pytest.mark.parametrize(("value", "share"), [(100, 0.0), (150, 0.5), (50, 0.0), (220, 1.0)])
def test_the_way_done_is_measured_from_the_baseline(value: float, share: float) -> None:
    assert path().share(value) == share


@pytest.mark.parametrize(
    ("line", "value", "room", "share"),
    [
        (path(begin=None, target=0.12, up=False), 0.1, 0.02, None),
        (path(begin=None, target=0.12, up=False), 0.15, -0.03, None),
        (path(begin=None, target=0.6), 0.7, 0.1, None),
        (path(begin=300.0), 190, -10, None),
        (path(begin=0.10, target=0.03, up=False), 0.065, None, 0.5),
        (path(begin=0.10, target=0.03, up=False), 0.02, 0.01, None),
        (path(begin=0.0, target=20, up=False, total=True), 8, 12, None),
        (path(begin=0.0, target=20, up=False, total=True), 21, -1, None),
        (path(), 220, None, 1.0),
        (path(begin=None, target=0.8, by_hand=True), 0.4, None, 0.5),
    ],
)
def test_a_bound_has_room_and_a_way_has_a_share(
    line: Path, value: float, room: float | None, share: float | None
) -> None:
    assert line.room(value) == (None if room is None else pytest.approx(room))
    assert line.share(value) == (None if share is None else pytest.approx(share))


def test_at_a_path_of_zero_there_is_no_relative_deviation() -> None:
    line = path(begin=0.10, target=0.0, up=False)
    assert line.deviation(0.02, DUE) is None
    assert line.deviation(0.0, DUE) == 0.0
