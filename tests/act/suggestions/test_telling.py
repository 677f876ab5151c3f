"""Reports hold what was found in their period, and what was decided in it; no more, in May as in March."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.telling import decisions_told, suggestions_told
from qunying.check.reports.port import Asked
from qunying.check.reports.spans import read_span
from qunying.plan.schedule.services import add_work
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.check.reports.port import Told
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


def asked(community: Community, week: str) -> Asked:
    span = read_span(week)
    return Asked(community, span, span.days, running=False)


def texts(told: Told | None) -> list[list[str]]:
    assert told is not None
    return [[cell.text for cell in row] for row in told.tables[0].rows]


@pytest.fixture
def silence(community: Community) -> Suggestion:
    """Seen on Wednesday 4 March 2026, in week 10."""
    return Suggestion.objects.create(
        community=community,
        key="silence:1",
        detector="silence",
        params={"group": "花友一群", "now": 0, "usual": 45, "weeks": 1},
        effect=-1.0,
        q=1e-6,
        seen_first=date(2026, 3, 4),
        seen_last=date(2026, 3, 20),
    )


def decide(suggestion: Suggestion, state: str, by: Staff, reason: str = "") -> None:
    """On Tuesday 10 March at 9 in Shanghai, in week 11."""
    suggestion.state, suggestion.reason, suggestion.decided_by = state, reason, by
    suggestion.decided_at = datetime(2026, 3, 10, 1, tzinfo=UTC)
    suggestion.save()


def test_a_suggestion_stands_in_the_week_it_was_first_seen_in(silence: Suggestion) -> None:
    row = texts(suggestions_told(asked(silence.community, "2026-W10")))[0]
    assert (row[0], row[1], row[3]) == ("4 Mar 2026", "花友一群 has gone silent", "not decided yet")
    assert suggestions_told(asked(silence.community, "2026-W09")) is None
    assert suggestions_told(asked(silence.community, "2026-W11")) is None


def test_what_was_decided_later_was_not_decided_then(silence: Suggestion, lead: Staff) -> None:
    decide(silence, "dismissed", lead, "放假")
    assert texts(suggestions_told(asked(silence.community, "2026-W10")))[0][3] == "not decided yet"
    assert texts(suggestions_told(asked(silence.community, "2026-Q1")))[0][3] == "dismissed"


def test_a_dismissal_is_a_decision_with_its_reason(silence: Suggestion, lead: Staff) -> None:
    decide(silence, "dismissed", lead, "放假")
    assert decisions_told(asked(silence.community, "2026-W10")) is None
    assert texts(decisions_told(asked(silence.community, "2026-W11"))) == [
        ["10 Mar 2026", "Suggestion “花友一群 has gone silent” dismissed", "放假", lead.name]
    ]


def test_an_accepted_one_names_its_work(silence: Suggestion, lead: Staff, specialist: Staff) -> None:
    due = date(2026, 3, 20)
    silence.work = add_work("问问大家", place=silence.community, owner=specialist, due=due, by=TESTS)
    decide(silence, "accepted", lead)
    row = texts(decisions_told(asked(silence.community, "2026-W11")))[0]
    assert row[1:] == [
        "Suggestion “花友一群 has gone silent” accepted",
        f"Work of {specialist.name}, due 20 Mar 2026",
        lead.name,
    ]


def test_another_community_is_told_nothing(silence: Suggestion, other_community: Community) -> None:
    assert suggestions_told(asked(other_community, "2026-W10")) is None
