"""All the figures of a page come from one snapshot, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunying.ground.figures.services import compare, members_behind
from qunying.ground.figures.sitting import one_snapshot
from tests.ground.figures.conftest import Stage, days

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL moves only what is committed
WEEK = ("2026-03-02", "2026-03-08")
PAGE = ("messages", "members_present", "active_rate", "joins", "leaves", "wau", "orders", "revenue", "retention")


def told(stage: Stage) -> None:
    stage.tell(
        ("a", "spoke", "2026-03-03T10:00"),
        ("b", "ordered", "2026-03-04T10:00", {"object_id": "1", "amount": 900}),
        ("c", "joined", "2026-03-05T10:00"),
    )
    stage.tell(("c", "spoke", "2026-03-06T10:00"), ("b", "left", "2026-03-07T10:00"), move=False)


def values(stage: Stage) -> list[object]:
    figures = [stage.ask(name, *WEEK) for name in PAGE]
    return [(figure.value, figure.numerator, figure.denominator, figure.rows) for figure in figures]


def test_a_page_shows_what_its_figures_show_alone(stage: Stage, other_community: Community) -> None:
    told(stage)
    told(Stage(other_community))
    alone = values(stage), values(Stage(other_community))
    with one_snapshot():
        assert (values(stage), values(Stage(other_community))) == alone
        assert stage.behind("members_present", *WEEK) == ["a", "c"]


def test_a_fact_recorded_meanwhile_is_seen_by_the_next_page(stage: Stage) -> None:
    told(stage)
    with one_snapshot():
        assert stage.ask("messages", *WEEK).value == 2
        stage.tell(("d", "spoke", "2026-03-06T11:00"))
        assert stage.ask("messages", *WEEK).value == 2
        with one_snapshot():
            assert stage.ask("active_members", *WEEK).value == 3
    assert [stage.ask(name, *WEEK).value for name in ("messages", "active_members")] == [3, 4]


def test_a_figure_kept_from_an_older_look_is_void_when_people_have_changed(stage: Stage) -> None:
    told(stage)
    stage.tell(("z", "spoke", "2026-04-01T10:00"))
    with one_snapshot():
        assert stage.ask("messages", *WEEK).value == 2
        stage.tell(("e", "joined", "2026-03-03T10:00"))
        assert stage.ask("members_present", *WEEK).value == 2
    again = stage.ask("members_present", *WEEK)
    assert (again.value, again.settled) == (3, False)


def test_figures_over_the_same_people_lay_out_their_stays_once(stage: Stage) -> None:
    told(stage)
    with one_snapshot() as sitting:
        stage.ask("members_present", *WEEK)
        laid = dict(sitting.desk.laid)
        stage.ask("churn_rate", *WEEK)
        stage.ask("members_present", "2026-03-03", "2026-03-04")
        assert sitting.desk.laid == laid
        for month in range(1, 13):
            stage.ask("active_members", f"2026-{month:02}-01", f"2026-{month:02}-28")
        assert len(sitting.desk.laid) == 8
        assert members_behind("members_present", scope=stage.scope, period=days(*WEEK)) != []


def test_settled_figures_of_a_page_cost_two_statements_each(stage: Stage) -> None:
    told(stage)
    stage.tell(("z", "spoke", "2026-04-01T10:00"))
    counts = []
    for names in (("messages",), ("messages", "interactions"), ("messages", "interactions", "daily_speakers")):
        for name in names:
            stage.ask(name, *WEEK)
        with CaptureQueriesContext(connection) as captured, one_snapshot():
            assert all(stage.ask(name, *WEEK).settled for name in names)
        counts.append(len(captured))
    assert [later - counts[0] for later in counts] == [0, 2, 4]


def test_a_comparison_is_one_look(stage: Stage) -> None:
    told(stage)
    compared = compare("messages", scope=stage.scope, period=days("2026-03-04", "2026-03-06"))
    assert (compared.now.value, compared.before.value, compared.organisation) == (1, 1, None)
