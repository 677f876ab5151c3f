"""What came of accepted work: the figure before the decision and after the work, four weeks each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.act.suggestions.models import Result, Suggestion
from qunying.act.suggestions.results import RIPENS, SPAN, measure_results, spans_of
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.kit.periods import Period
from qunying.plan.schedule.services import add_work
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group

DECIDED, DONE = date(2026, 3, 2), date(2026, 3, 9)
RIPE = DONE + timedelta(days=SPAN + RIPENS + 1)
"""The first local day on which a result may be measured."""


def at_noon(day: date) -> datetime:
    """Noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def test_the_spans_are_four_weeks_before_the_decision_and_four_after_the_work() -> None:
    assert spans_of(DECIDED, DONE) == (
        Period(date(2026, 2, 2), date(2026, 3, 1)),
        Period(date(2026, 3, 10), date(2026, 4, 6)),
    )
    assert [span.days for span in spans_of(DECIDED, DONE)] == [SPAN, SPAN]


@pytest.fixture
def accepted(community: Community, group: Group) -> Suggestion:
    """A silent group: 2 messages a day before it was decided, 5 a day after the work was done."""
    days = {DECIDED - timedelta(days=number): 2 for number in range(1, 40)}
    days |= {DONE + timedelta(days=number): 5 for number in range(1, 60)}
    record(
        [
            Fact(
                "spoke",
                at_noon(day) + timedelta(minutes=number),
                ("r", day.isoformat(), number),
                who=Who("wechat", "talker", "花友"),
                group_id=group.pk,
            )
            for day, many in days.items()
            for number in range(many)
        ],
        community=community,
        source="tests",
    )
    work = add_work("问问大家", place=community, due=DONE, by=TESTS)
    work.done_at = at_noon(DONE)
    work.save()
    return Suggestion.objects.create(
        community=community,
        key=f"silence:{group.pk}",
        detector="silence",
        params={"group": group.name, "group_id": group.pk, "now": 0, "usual": 14, "weeks": 1},
        effect=-1.0,
        q=1e-6,
        seen_first=DECIDED,
        seen_last=DECIDED,
        state=Suggestion.State.ACCEPTED,
        decided_at=at_noon(DECIDED),
        work=work,
    )


@pytest.mark.django_db
def test_ripe_work_is_measured_once_over_the_same_number_of_days(accepted: Suggestion) -> None:
    (result,) = measure_results(accepted.community, today=RIPE)
    assert (result.before_from, result.before_to, result.after_from, result.after_to) == (
        date(2026, 2, 2), date(2026, 3, 1), date(2026, 3, 10), date(2026, 4, 6),
    )  # fmt: skip
    assert (result.after / result.before, result.change) == (pytest.approx(2.5), pytest.approx(1.5))
    assert (measure_results(accepted.community, today=RIPE), Result.objects.count()) == ([], 1)


@pytest.mark.django_db
def test_what_is_not_ripe_not_done_not_accepted_or_unknown_is_left_alone(accepted: Suggestion) -> None:
    assert measure_results(accepted.community, today=RIPE - timedelta(days=1)) == []
    for changed in ({"state": "dismissed"}, {"detector": "gone"}):
        kept = {name: getattr(accepted, name) for name in changed}
        Suggestion.objects.filter(pk=accepted.pk).update(**changed)
        assert measure_results(accepted.community, today=RIPE) == []
        Suggestion.objects.filter(pk=accepted.pk).update(**kept)
    assert accepted.work is not None
    accepted.work.done_at = None
    accepted.work.save()
    assert measure_results(accepted.community, today=RIPE) == []


@pytest.mark.django_db
def test_another_community_measures_its_own_only(accepted: Suggestion, other_community: Community) -> None:
    assert measure_results(other_community, today=RIPE) == []
    assert Result.objects.filter(suggestion=accepted).count() == 0


def test_a_change_from_nothing_has_no_size() -> None:
    assert (Result(before=0.0, after=3.0).change, Result(before=4.0, after=3.0).change) == (None, -0.25)
