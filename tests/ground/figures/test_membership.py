"""Members present, joins, leaves and churn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.actors import System
from qunying.ground.groups.services import ensure_group

if TYPE_CHECKING:
    from tests.ground.figures.conftest import Stage

pytestmark = pytest.mark.django_db
WEEK = ("2026-03-02", "2026-03-08")


def test_it_keeps_the_balance_of_comings_and_goings(stage: Stage) -> None:
    stage.tell(
        ("a", "joined", "2026-02-01"),
        ("b", "joined", "2026-02-01"),
        ("b", "left", "2026-03-03T10:00"),
        ("b", "joined", "2026-03-05T10:00"),
        ("c", "joined", "2026-03-06T10:00"),
        ("c", "left", "2026-03-06T11:00"),
        ("d", "spoke", "2026-03-07T10:00"),
    )
    present = stage.ask("members_present", *WEEK)
    assert [row["value"] for row in present.rows] == [2, 1, 1, 2, 2, 3, 3]
    assert (stage.ask("joins", *WEEK).value, stage.ask("leaves", *WEEK).value) == (3, 2)
    assert stage.behind("joins", *WEEK) == ["b", "c", "d"]
    assert stage.behind("leaves", *WEEK, cell={"day": date(2026, 3, 6)}) == ["c"]
    assert stage.behind("members_present", *WEEK, cell={"day": date(2026, 3, 4)}) == ["a"]


def test_it_counts_as_lost_who_was_here_and_is_gone(stage: Stage) -> None:
    stage.tell(
        *[(who, "joined", "2026-02-01") for who in "abcd"],
        ("a", "left", "2026-03-03T10:00"),
        ("b", "left", "2026-03-03T10:00"),
        ("b", "joined", "2026-03-04T10:00"),
        ("e", "joined", "2026-03-04T10:00"),
        ("e", "left", "2026-03-05T10:00"),
    )
    figure = stage.ask("churn_rate", *WEEK)
    assert (figure.value, figure.numerator, figure.denominator) == (0.25, 1, 4)
    assert stage.behind("churn_rate", *WEEK) == ["a"]
    assert figure.small


def test_it_joins_overlapping_stays_in_two_groups_into_one(stage: Stage) -> None:
    one, two = (ensure_group(stage.community, name=name, platform="test", by=System("test")) for name in "12")
    stage.tell(
        ("a", "joined", "2026-03-02", {"group_id": one.pk}),
        ("a", "joined", "2026-03-03", {"group_id": two.pk}),
        ("a", "left", "2026-03-04T10:00", {"group_id": one.pk}),
    )
    assert [stage.ask(name, *WEEK).value for name in ("joins", "leaves", "members_present")] == [1, 0, 1]


def test_it_has_nothing_to_divide_where_nobody_was(stage: Stage) -> None:
    figure = stage.ask("churn_rate", *WEEK)
    assert (figure.value, figure.denominator, figure.interval) == (None, 0, None)
