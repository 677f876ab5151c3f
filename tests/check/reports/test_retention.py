from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.check.reports.blocks import Cell
from qunying.check.reports.retention import retention_section

if TYPE_CHECKING:
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage_of_two_weeks(stage: Stage) -> Stage:
    """Four come on 16 February, two of them speak a week later, one two weeks later; one comes on 23 February."""
    stage.tell(
        *((name, "joined", "2026-02-16T09:00") for name in "abcd"),
        ("a", "spoke", "2026-02-24T10:00"),
        ("b", "spoke", "2026-02-25T10:00"),
        ("e", "joined", "2026-02-23T09:00"),
        ("a", "spoke", "2026-03-03T10:00"),
        ("a", "spoke", "2026-03-10T10:00"),
    )
    return stage


def test_the_triangle_ends_with_the_week_of_the_report(stage_of_two_weeks: Stage) -> None:
    cohorts = stage_of_two_weeks.report("2026-W10").cohorts
    assert [(cohort.start, cohort.size, [(row.age, row.active) for row in cohort.ages]) for cohort in cohorts] == [
        (date(2026, 2, 16), 4, [(0, 0), (1, 2), (2, 1)]),
        (date(2026, 2, 23), 1, [(0, 0), (1, 0)]),
        (date(2026, 3, 2), 0, [(0, 0)]),
    ]


def test_a_small_cohort_is_counted_in_people(stage_of_two_weeks: Stage) -> None:
    section = retention_section(stage_of_two_weeks.report("2026-W10"))
    assert section is not None
    assert section.sentences == [
        "Of the 5 who came in these weeks, 2 were active the week after: too few people for a rate."
    ]
    assert section.tables[0].rows[0] == [
        Cell("16 Feb 2026"),
        Cell("4"),
        Cell("0 / 4", state="small"),
        Cell("2 / 4", state="small"),
        Cell("1 / 4", state="small"),
    ]


def test_a_running_week_is_marked_and_carries_no_share(
    stage_of_two_weeks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda **_zone: date(2026, 3, 6))
    report = stage_of_two_weeks.report("2026-W10")
    assert [(row.age, row.share, row.finished) for row in report.cohorts[0].ages] == [
        (0, 0.0, True),
        (1, 0.5, True),
        (2, None, False),
    ]
    section = retention_section(report)
    assert section is not None
    assert section.tables[0].rows[0][-1] == Cell("1", state="open")
    assert "Hatched: the week is still going on." in section.notes


def test_a_large_cohort_is_a_share_on_a_scale(stage: Stage) -> None:
    stage.tell(*((f"p{number}", "joined", "2026-02-23T09:00") for number in range(40)))
    stage.speak("2026-03-03", people=10)
    section = retention_section(stage.report("2026-W10"))
    assert section is not None
    assert section.sentences == ["Of the 40 who came in these weeks, 10 were active the week after (25.0%)."]
    assert section.tables[0].rows[0][3] == Cell("25.0%", heat=2)


def test_where_nobody_came_there_is_nothing_to_tell(shop: Stage) -> None:
    assert retention_section(shop.report("2026-W30")) is None


def test_where_only_orders_are_known_staying_is_said_to_mean_buying_again(stage: Stage) -> None:
    days = ("02-16", "02-24", "03-03")
    stage.tell(*(("a", "ordered", f"2026-{day}T10:00", {"amount": 900, "object_id": day}) for day in days))
    section = retention_section(stage.report("2026-W10"))
    assert section is not None
    assert (
        section.notes[1]
        == "Only orders are known: people came with their first, and were active when they bought again."
    )
