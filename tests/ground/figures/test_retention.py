"""Retention and cohorts on the published worked cases, and what must always hold between them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.ground.members.models import Identity, Member
from qunying.ground.members.services import note_dimension_change

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ground.figures.conftest import Stage

pytestmark = pytest.mark.django_db


def test_it_counts_day_one_by_full_hours_as_amplitude_does(stage: Stage) -> None:
    stage.tell(("a", "spoke", "2025-12-01T17:59"), ("a", "spoke", "2025-12-02T17:00"))
    figure = stage.ask("retention", "2025-12-01", "2025-12-01", clock="hours24", since="active", day=1)
    assert (figure.numerator, figure.denominator) == (1, 1)


def test_it_does_not_count_what_is_an_hour_too_early_for_day_one(stage: Stage) -> None:
    stage.tell(("a", "spoke", "2025-12-01T17:59"), ("a", "spoke", "2025-12-02T16:59"))
    figure = stage.ask("retention", "2025-12-01", "2025-12-01", clock="hours24", since="active", day=1)
    assert (figure.numerator, figure.denominator) == (0, 1)


def test_it_gives_five_five_five_as_clickhouse_does(stage: Stage) -> None:
    stage.tell(
        *[(str(who), "read", f"2020-01-0{day}") for day, many in ((1, 5), (2, 10), (3, 15)) for who in range(many)]
    )
    figure = stage.ask("retention", "2020-01-01", "2020-01-01", day=2)
    assert [row["numerator"] for row in figure.rows] == [5, 5, 5]
    assert (figure.numerator, figure.denominator) == (5, 5)


def test_it_leaves_out_people_whose_day_is_not_over(stage: Stage) -> None:
    stage.tell(
        ("a", "joined", "2026-03-02T10:00"),
        ("b", "joined", "2026-03-05T10:00"),
        ("a", "spoke", "2026-03-05T10:00"),
        ("b", "spoke", "2026-03-06T10:00"),
    )
    figure = stage.ask("retention", "2026-03-02", "2026-03-06", day=3)
    assert (figure.value, figure.numerator, figure.denominator, figure.rows[3]["waiting"]) == (1.0, 1, 1, 1)


def test_it_does_not_take_a_returning_member_for_a_new_one(stage: Stage) -> None:
    stage.tell(("a", "joined", "2026-02-02"), ("a", "left", "2026-02-03"), ("a", "joined", "2026-03-02"))
    assert stage.ask("retention", "2026-03-02", "2026-03-08").denominator == 0


def test_it_names_the_people_who_stayed(stage: Stage) -> None:
    stage.tell(
        *[(who, "joined", "2026-03-02T10:00") for who in "abc"],
        ("a", "spoke", "2026-03-03T10:00"),
        ("b", "spoke", "2026-03-05T10:00"),
        ("c", "spoke", "2026-03-09T10:00"),
    )
    week = ("2026-03-02", "2026-03-02")
    assert stage.behind("retention", *week, day=3) == ["b"]
    assert stage.behind("retention", *week, day=7, mode="bounded") == ["a", "b", "c"]
    assert stage.behind("retention", *week, day=3, mode="rolling") == ["b", "c"]
    assert stage.behind("retention", *week, cell={"n": 1}, day=3) == ["a"]


@pytest.fixture(scope="session")
def cases(shared_data: Path) -> dict[str, Any]:
    """The worked cases by id."""
    plain = json.loads((shared_data / "tx" / "retention_cases.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in plain["cases"]}


@pytest.mark.parametrize(
    ("case", "start", "grain"), [("posthog-day", "2020-06-10", "day"), ("posthog-month", "2020-01-01", "month")]
)
def test_it_agrees_with_posthog_on_recurring_cohorts(
    stage: Stage, cases: dict[str, Any], case: str, start: str, grain: str
) -> None:
    plain = cases[case]
    type(stage.community).objects.filter(pk=stage.community.pk).update(timezone=plain["timezone"])
    stage.community.refresh_from_db()
    stage.tell(*[(who, "spoke", at) for who, at in plain["events"]])
    for alias, name in plain.get("aliases", {}).items():
        owner = Member.objects.get(display_name=name)
        Identity.objects.filter(external_id=alias).update(member=owner)
    note_dimension_change()
    figure = stage.ask("cohorts", start, plain["date_to"][:10], grain=grain, since="recurring")
    triangle: dict[date, list[int]] = {}
    for row in figure.rows:
        triangle.setdefault(row["cohort"], []).append(row["numerator"])
    assert list(triangle.values()) == plain["expected_triangle"]


def test_it_marks_the_week_that_is_not_over_and_gives_it_no_share(stage: Stage) -> None:
    stage.tell(("a", "joined", "2026-03-02T10:00"), ("a", "spoke", "2026-03-09T10:00"))
    figure = stage.ask("cohorts", "2026-03-02", "2026-03-08")
    assert [(row["age"], row["numerator"], row["value"], row["finished"]) for row in figure.rows] == [
        (0, 0, 0.0, True),
        (1, 1, None, False),
    ]
    assert figure.value is None
    assert stage.behind("cohorts", "2026-03-02", "2026-03-08", cell={"cohort": date(2026, 3, 2), "age": 1}) == ["a"]


def test_it_follows_people_through_their_lifecycle(stage: Stage) -> None:
    stage.tell(
        ("a", "spoke", "2026-02-23T10:00"),
        ("a", "spoke", "2026-03-02T10:00"),
        ("b", "spoke", "2026-02-10T10:00"),
        ("b", "spoke", "2026-03-04T10:00"),
        ("c", "spoke", "2026-03-05T10:00"),
        ("d", "spoke", "2026-02-25T10:00"),
    )
    figure = stage.ask("lifecycle", "2026-03-02", "2026-03-15")
    assert [[row[name] for name in ("new", "returning", "resurrecting", "dormant")] for row in figure.rows] == [
        [1, 1, 1, 1],
        [0, 0, 0, 3],
    ]
    assert figure.value == -3
    week = ("2026-03-02", "2026-03-08")
    names = {
        state: stage.behind("lifecycle", *week, cell={"start": date(2026, 3, 2), "state": state})
        for state in ("new", "dormant")
    }
    assert names == {"new": ["c"], "dormant": ["d"]}


_acts = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 12)), min_size=1, max_size=25)


@given(acts=_acts)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_never_breaks_what_must_hold_between_the_figures(stage: Stage, acts: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        begin = date(2026, 3, 2)
        stage.tell(
            ("z", "spoke", "2026-04-20"),
            *[(who, "spoke", f"{begin + timedelta(days=day)}T10:00") for who, day in acts],
            move=False,
        )
        _check_retention(stage)
        _check_windows(stage)
        transaction.set_rollback(True)


def _check_retention(stage: Stage) -> None:
    curves = {
        mode: [row["numerator"] for row in stage.ask("retention", "2026-03-02", "2026-03-14", mode=mode, day=10).rows]
        for mode in ("nday", "bounded", "rolling")
    }
    assert all(exact <= later for exact, later in zip(curves["nday"], curves["rolling"], strict=True))
    assert curves["rolling"] == sorted(curves["rolling"], reverse=True)
    assert all(curves["bounded"][n] >= max(curves["nday"][1 : n + 1]) for n in range(1, 11))


def _check_windows(stage: Stage) -> None:
    series = {
        name: [row["value"] for row in stage.ask(name, "2026-03-02", "2026-03-20").rows]
        for name in ("dau", "wau", "mau")
    }
    assert all(day <= week <= month for day, week, month in zip(*series.values(), strict=True))
    period = ("2026-03-02", "2026-03-20")
    assert (
        stage.ask("members_present", *period).value
        == stage.ask("joins", *period).value - stage.ask("leaves", *period).value
    )
