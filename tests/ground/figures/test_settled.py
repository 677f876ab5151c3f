"""Settled figures are used again, and never once something under them has changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.figures.models import SettledFigure
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.members.models import Member
from qunying.ground.members.services import fold_dimension_changes, note_dimension_change
from qunying.ground.members.services_tags import tag_members
from qunying.ground.warehouse.services import catch_up, rebuild_lake
from tests.ground.figures.conftest import Stage, days
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL moves only what is committed
WEEK = ("2026-03-02", "2026-03-08")


def settle(stage: Stage) -> None:
    stage.tell(("a", "spoke", "2026-03-03T10:00"), ("b", "spoke", "2026-03-20T10:00"))
    assert not stage.ask("messages", *WEEK).settled
    assert stage.ask("messages", *WEEK).settled


def test_it_gives_the_same_figure_again(stage: Stage) -> None:
    stage.tell(("a", "spoke", "2026-03-03T10:00"), ("a", "spoke", "2026-03-04T10:00"))
    for name, params in (
        ("messages", {}),
        ("retention", {"day": 3}),
        ("cohorts", {}),
        ("lifecycle", {}),
        ("funnel", {}),
        ("mau", {}),
    ):
        fresh, kept = (stage.ask(name, *WEEK, **params) for _time in range(2))
        assert (fresh.settled, kept.settled) == (False, True)
        assert (kept.value, kept.numerator, kept.denominator, kept.interval) == (
            fresh.value,
            fresh.numerator,
            fresh.denominator,
            fresh.interval,
        )
        assert kept.rows == fresh.rows


def test_a_late_fact_voids_it_before_it_reaches_the_lake_and_after(stage: Stage) -> None:
    settle(stage)
    stage.tell(("a", "spoke", "2026-03-05T10:00"), move=False)
    assert (stage.ask("messages", *WEEK).value, stage.ask("messages", *WEEK).settled) == (2, False)
    catch_up()
    assert (stage.ask("messages", *WEEK).value, stage.ask("messages", *WEEK).settled) == (2, True)


def test_a_fact_of_another_day_does_not_void_it(stage: Stage) -> None:
    settle(stage)
    stage.tell(("b", "spoke", "2026-03-21T10:00"), move=False)
    assert stage.ask("messages", *WEEK).settled
    catch_up()
    assert stage.ask("messages", *WEEK).settled


def test_a_late_fact_voids_only_the_figures_that_reach_its_day(stage: Stage) -> None:
    settle(stage)
    stage.ask("mau", *WEEK)
    stage.tell(("b", "spoke", "2026-02-20T10:00"))
    assert stage.ask("messages", *WEEK).value == 1
    mau = stage.ask("mau", *WEEK)
    assert (mau.value, mau.settled) == (2, False)


def test_a_change_of_people_voids_it(stage: Stage) -> None:
    settle(stage)
    Member.objects.filter(display_name="a").update(is_bot=True)
    note_dimension_change()
    figure = stage.ask("messages", *WEEK)
    assert (figure.value, figure.settled) == (0, False)


def both_settled(*stages: Stage) -> list[bool]:
    """Whether the week's messages and members of each stage come from what was counted."""
    return [stage.ask(name, *WEEK).settled for stage in stages for name in ("messages", "members_present")]


@pytest.fixture
def neighbours(stage: Stage, other_community: Community) -> tuple[Stage, Stage]:
    """Two communities with a settled week; both were heard of later too."""
    pair = stage, Stage(other_community)
    for one in pair:
        one.tell(("a", "spoke", "2026-03-03T10:00"), ("b", "spoke", "2026-03-20T10:00"))
        both_settled(one)
    assert both_settled(*pair) == [True] * 4
    return pair


def test_a_newcomer_of_one_community_leaves_the_figures_of_another_alone(neighbours: tuple[Stage, Stage]) -> None:
    here, there = neighbours
    here.tell(("c", "joined", "2026-03-21T10:00"))
    assert both_settled(here, there) == [False, False, True, True]
    assert both_settled(here, there) == [True] * 4


def test_a_figure_over_both_is_void_when_either_changes(neighbours: tuple[Stage, Stage]) -> None:
    here, there = neighbours
    both = Scope((here.community.pk, there.community.pk))
    for one, expected in ((here, 2), (there, 3)):
        one.tell((f"new in {one.community.slug}", "joined", "2026-03-02T10:00"))
        assert measure("members_present", scope=both, period=days(*WEEK)).value == expected
        assert measure("members_present", scope=both, period=days(*WEEK)).settled


def test_a_tag_concerns_every_community(neighbours: tuple[Stage, Stage]) -> None:
    here, there = neighbours
    tag_members([Member.objects.earliest("pk").pk], dimension="城市", name="杭州", by=TESTS)
    assert both_settled(here, there) == [False] * 4


def test_folding_the_changes_voids_nothing(neighbours: tuple[Stage, Stage]) -> None:
    for _time in range(2):
        note_dimension_change()
    both_settled(*neighbours)
    assert fold_dimension_changes() == 4
    assert both_settled(*neighbours) == [True] * 4


def test_a_lake_built_anew_voids_it(stage: Stage) -> None:
    settle(stage)
    rebuild_lake()
    catch_up()
    assert not stage.ask("messages", *WEEK).settled


def test_a_period_that_is_not_over_is_never_settled(stage: Stage) -> None:
    today = timezone.localdate(timezone=None) + timedelta(days=1)
    stage.tell(("a", "spoke", "2026-03-03T10:00"))
    period = ("2026-03-02", today.isoformat())
    assert [stage.ask("messages", *period).settled for _time in range(2)] == [False, False]
    assert not SettledFigure.objects.exists()
