"""Active members, rates, volumes and the clock, on cases worked by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.ground.groups.services import ensure_group
from qunying.ground.members.models import Member
from qunying.ground.members.services import note_dimension_change
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from tests.ground.figures.conftest import Stage

pytestmark = pytest.mark.django_db
WEEK = ("2026-03-02", "2026-03-08")


def four_members(stage: Stage) -> None:
    """Methods §1.1: four members, one joins on day 4 of 7, two act."""
    stage.tell(
        *[(who, "joined", "2026-03-01") for who in ("a", "b", "c")],
        ("d", "joined", "2026-03-05T09:00"),
        ("a", "spoke", "2026-03-03T10:00"),
        ("a", "spoke", "2026-03-04T10:00"),
        ("b", "liked", "2026-03-06T23:59"),
    )


def test_it_divides_by_the_average_membership(stage: Stage) -> None:
    four_members(stage)
    figure = stage.ask("active_rate", *WEEK)
    assert (figure.numerator, figure.denominator) == (2, pytest.approx(25 / 7))
    assert figure.value == pytest.approx(0.56)


def test_it_divides_by_the_final_membership_when_asked(stage: Stage) -> None:
    four_members(stage)
    assert stage.ask("active_rate", *WEEK, base="end").value == 0.5


def crowd(stage: Stage, day: str) -> None:
    """A alone since January, and four who come and speak on this day."""
    stage.tell(("a", "joined", "2026-01-01"), *[(who, "spoke", f"{day}T10:00") for who in "bcde"])


def test_over_a_long_time_it_divides_by_everyone_who_was_here(stage: Stage) -> None:
    crowd(stage, "2026-03-01")
    # Sixty days: one person on fifty-nine of them, five on the last.
    sixty = ("2026-01-01", "2026-03-01")
    figure = stage.ask("active_rate", *sixty)
    assert (figure.value, figure.numerator, figure.denominator) == (0.8, 4, 5)
    expected = {"average": 4 / (64 / 60), "end": 0.8, "ever": 0.8}
    assert {base: stage.ask("active_rate", *sixty, base=base).value for base in expected} == pytest.approx(expected)


def test_thirty_one_days_are_averaged_and_thirty_two_are_not(stage: Stage) -> None:
    stage.tell(*[(who, "joined", "2026-01-01") for who in "ab"], ("a", "spoke", "2026-02-10T10:00"))
    stage.tell(("b", "left", "2026-02-10T09:00"))
    # b is here on nine of the days from the 1st of February.
    assert stage.ask("active_rate", "2026-02-01", "2026-03-03").value == pytest.approx(1 / ((31 + 9) / 31))
    assert stage.ask("active_rate", "2026-02-01", "2026-03-04").value == 0.5


def test_where_more_act_than_are_here_on_the_average_it_divides_by_everyone_too(stage: Stage) -> None:
    crowd(stage, "2026-03-08")
    assert stage.ask("active_rate", *WEEK).value == 0.8
    assert stage.ask("active_rate", *WEEK, base="average").value == pytest.approx(4 / (11 / 7))


def test_who_acts_and_leaves_or_has_left_counts_among_the_members_of_that_day(stage: Stage) -> None:
    group = ensure_group(stage.community, name="群", platform="test", by=TESTS).pk
    place = {"group_id": group}
    stage.tell(
        *[(who, "joined", "2026-03-01", place) for who in "abc"],
        ("c", "left", "2026-03-04T10:00", place),
        *[(who, "spoke", "2026-03-05T10:00", place) for who in "ab"],
        ("b", "left", "2026-03-05T11:00", place),
        ("c", "ordered", "2026-03-05T12:00", {"object_id": "1", "amount": 100}),
    )
    figure = stage.ask("active_rate", *WEEK)
    # Here at the end of the days: 3, 3, 2, 1, 1, 1, 1; everyone active was here at some time.
    assert (figure.numerator, figure.denominator, figure.value) == (3, 3, 1.0)
    row = next(row for row in figure.rows if row["numerator"])
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 3, 1.0)
    assert stage.behind("active_rate", *WEEK) == ["a", "b", "c"]
    only_c = stage.ask("active_rate", "2026-03-05", "2026-03-07", grade="seen")
    assert (only_c.numerator, only_c.denominator) == (3, 3)


def test_it_tells_the_three_grades_apart(stage: Stage) -> None:
    four_members(stage)
    found = {
        grade: stage.ask("active_members", *WEEK, grade=grade).value for grade in ("seen", "interactive", "speaking")
    }
    assert found == {"seen": 2, "interactive": 1, "speaking": 1}
    assert stage.behind("active_members", *WEEK, grade="speaking") == ["a"]


def test_it_counts_messages_and_interactions_by_day(stage: Stage) -> None:
    four_members(stage)
    figure = stage.ask("messages", *WEEK)
    assert (figure.value, [row["value"] for row in figure.rows]) == (2, [0, 1, 1, 0, 0, 0, 0])
    assert stage.ask("interactions", *WEEK).value == 1


def test_it_reads_facts_that_are_not_in_the_lake_yet(stage: Stage) -> None:
    four_members(stage)
    stage.tell(("c", "spoke", "2026-03-07T10:00"), move=False)
    assert stage.ask("messages", *WEEK).value == 3
    assert stage.behind("messages", *WEEK, cell={"day": date(2026, 3, 7)}) == ["c"]


def test_it_leaves_staff_and_bots_out(stage: Stage) -> None:
    four_members(stage)
    Member.objects.filter(display_name="a").update(is_staff=True)
    Member.objects.filter(display_name="b").update(is_bot=True)
    note_dimension_change()
    assert stage.ask("active_members", *WEEK).value == 0
    assert stage.ask("messages", *WEEK).value == 0
    assert stage.ask("members_present", *WEEK).value == 2


def test_it_counts_one_person_with_two_accounts_once(stage: Stage) -> None:
    four_members(stage)
    first, second = (Member.objects.get(display_name=name) for name in ("a", "b"))
    second.identities.update(member=first)
    note_dimension_change()
    assert stage.ask("active_members", *WEEK).value == 1
    assert stage.ask("members_present", *WEEK).value == 3


def test_it_averages_daily_speakers(stage: Stage) -> None:
    stage.tell(*[(who, "spoke", f"2026-03-0{day}T10:00") for who, day in (("a", 2), ("b", 2), ("a", 3))])
    figure = stage.ask("daily_speakers", "2026-03-02", "2026-03-05")
    assert (figure.value, figure.numerator, figure.denominator) == (0.75, 3, 4)


def test_it_counts_hours_and_weekdays_on_the_local_clock(stage: Stage) -> None:
    stage.tell(("a", "spoke", "2026-03-02T00:30"), ("a", "spoke", "2026-03-08T23:30"))
    figure = stage.ask("activity_hours", *WEEK)
    busy = {(row["weekday"], row["hour"]): row["value"] for row in figure.rows if row["value"]}
    assert (busy, len(figure.rows)) == ({(1, 0): 1, (7, 23): 1}, 168)


def test_it_rolls_over_seven_and_thirty_days(stage: Stage) -> None:
    stage.tell(
        ("a", "spoke", "2026-02-10T10:00"),
        ("b", "spoke", "2026-03-01T10:00"),
        ("c", "spoke", "2026-03-07T10:00"),
        ("c", "spoke", "2026-03-08T10:00"),
    )
    found = {name: stage.ask(name, *WEEK).value for name in ("dau", "wau", "mau")}
    assert found == {"dau": 1, "wau": 1, "mau": 3}
    assert [row["value"] for row in stage.ask("wau", *WEEK).rows] == [1, 1, 1, 1, 1, 2, 1]
    assert stage.behind("wau", *WEEK, cell={"day": date(2026, 3, 7)}) == ["b", "c"]
    assert [row["value"] for row in stage.ask("mau", "2026-03-10", "2026-03-12").rows] == [3, 3, 2]


def test_it_gives_a_stickiness_of_one_where_everyone_comes_every_day(stage: Stage) -> None:
    stage.tell(*[(who, "spoke", f"2026-04-{day:02}T10:00") for who in "ab" for day in range(1, 31)])
    assert stage.ask("stickiness", "2026-04-01", "2026-04-30").value == 1.0


def test_it_divides_the_mean_of_the_days_by_the_month(stage: Stage) -> None:
    stage.tell(
        ("a", "spoke", "2026-03-02T10:00"), ("a", "spoke", "2026-03-03T10:00"), ("b", "spoke", "2026-03-03T10:00")
    )
    figure = stage.ask("stickiness", "2026-03-02", "2026-03-03")
    assert (figure.value, figure.numerator, figure.denominator) == (0.75, 3, 4)
