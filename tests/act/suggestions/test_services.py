"""What a night's look keeps, and what people decide about it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.queries import in_order, is_stale, suggestions_of
from qunying.act.suggestions.services import (
    accept_suggestion,
    dismiss_suggestion,
    look_for_suggestions,
    reopen_suggestion,
)
from qunying.ground.audit.models import Act
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db
LAST = date(2026, 3, 22)
"""The last day on which anybody spoke: a Sunday, ten weeks after the first."""
SILENT = LAST + timedelta(days=8)


def talk(group: Group, day: date, many: int) -> list[Fact]:
    """Messages of three people over one day."""
    return [
        Fact(
            "spoke",
            datetime(day.year, day.month, day.day, 3 + number % 8, number, tzinfo=UTC),
            ("talk", group.pk, day.isoformat(), number),
            who=Who("wechat", f"talker-{number % 3}", f"花友{number % 3}"),
            group_id=group.pk,
        )
        for number in range(many)
    ]


@pytest.fixture
def fallen_silent(community: Community, group: Group) -> Community:
    """Ten weeks of five to eight messages a day, then eight days on which only somebody reads."""
    days = [LAST - timedelta(days=number) for number in range(70)]
    facts = [fact for day in days for fact in talk(group, day, 5 + day.toordinal() % 4)]
    for number in range(1, 9):
        day = LAST + timedelta(days=number)
        at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        facts.append(Fact("read", at, ("read", number), who=Who("wechat", "talker-0", "花友0"), group_id=group.pk))
    record(facts, community=community, source="tests")
    return community


@pytest.fixture
def suggestion(fallen_silent: Community) -> Suggestion:
    look_for_suggestions(fallen_silent, by=TESTS, today=SILENT)
    return Suggestion.objects.get(detector="silence")


def _verbs() -> list[str]:
    return list(Act.objects.filter(verb__startswith="suggestions.").order_by("id").values_list("verb", flat=True))


def test_a_silent_group_becomes_a_suggestion_with_its_evidence(suggestion: Suggestion, group: Group) -> None:
    assert (suggestion.key, suggestion.state, suggestion.effect) == (f"silence:{group.pk}", "open", -1.0)
    assert (suggestion.params["now"], suggestion.params["usual"]) == (0, 45)
    assert len(suggestion.evidence["rows"]) == 56
    assert suggestion.q is not None
    assert suggestion.q < 1e-6
    assert _verbs() == ["suggestions.raise"]


def test_a_community_without_facts_is_looked_at_and_nothing_is_said(community: Community) -> None:
    night = look_for_suggestions(community, by=TESTS, today=SILENT)
    assert (night.questions, night.found, night.until) == (0, 0, None)
    assert not is_stale(community, SILENT)


def test_a_record_that_ended_is_no_silence(fallen_silent: Community) -> None:
    night = look_for_suggestions(fallen_silent, by=TESTS, today=date(2027, 1, 1))
    assert night.until == LAST + timedelta(days=8)


def test_the_same_finding_stands_once_with_the_new_evidence(suggestion: Suggestion) -> None:
    look_for_suggestions(suggestion.community, by=TESTS, today=SILENT + timedelta(days=1))
    again = Suggestion.objects.get(detector="silence")
    assert (again.pk, again.seen_first, again.seen_last) == (suggestion.pk, SILENT, SILENT + timedelta(days=1))
    assert _verbs() == ["suggestions.raise"]


def test_what_is_not_seen_for_four_weeks_expires(suggestion: Suggestion, group: Group) -> None:
    days = [SILENT + timedelta(days=number) for number in range(30)]
    record([fact for day in days for fact in talk(group, day, 7)], community=suggestion.community, source="tests")
    look_for_suggestions(suggestion.community, by=TESTS, today=days[-1])
    assert Suggestion.objects.get(pk=suggestion.pk).state == "expired"


def test_accepting_makes_work_that_says_where_it_came_from(suggestion: Suggestion, specialist: Staff) -> None:
    accepted = accept_suggestion(suggestion, due=date(2026, 4, 3), owner=specialist, by=specialist)
    work = accepted.work
    assert work is not None
    assert (accepted.state, accepted.decided_by, work.owner, work.due) == (
        "accepted",
        specialist,
        specialist,
        date(2026, 4, 3),
    )
    assert (work.title, work.origin_app, work.origin_id) == (
        "花友一群 has gone silent",
        "suggestions",
        str(suggestion.pk),
    )
    assert work.origin_words == (
        "Nobody spoke in 花友一群 in the last seven days; 45 messages a week were usual before."
    )
    assert _verbs() == ["suggestions.raise", "suggestions.accept"]


def test_what_is_decided_is_not_decided_again(suggestion: Suggestion, lead: Staff) -> None:
    dismiss_suggestion(suggestion, reason="群主出差", by=lead)
    with pytest.raises(QunyingError, match="decided already"):
        accept_suggestion(suggestion, due=SILENT, by=lead)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_dismissing_asks_for_a_reason(suggestion: Suggestion, lead: Staff, reason: str) -> None:
    with pytest.raises(QunyingError):
        dismiss_suggestion(suggestion, reason=reason, by=lead)


def test_what_was_dismissed_stays_quiet(suggestion: Suggestion, lead: Staff) -> None:
    dismiss_suggestion(suggestion, reason="群主出差", by=lead)
    Suggestion.objects.update(decided_at=datetime(2026, 3, 30, 2, tzinfo=UTC))
    look_for_suggestions(suggestion.community, by=TESTS, today=SILENT + timedelta(days=3))
    silence = suggestions_of(suggestion.community).filter(detector="silence")
    assert [row.state for row in silence] == ["dismissed"]


def test_a_decision_can_be_taken_back(suggestion: Suggestion, lead: Staff) -> None:
    accepted = accept_suggestion(suggestion, due=SILENT, by=lead)
    work = accepted.work
    assert work is not None
    opened = reopen_suggestion(accepted, by=lead)
    work.refresh_from_db()
    assert (opened.state, opened.work, opened.decided_at, work.is_open) == ("open", None, None, False)


def test_a_decision_overtaken_by_a_new_finding_stays(suggestion: Suggestion, lead: Staff) -> None:
    dismiss_suggestion(suggestion, reason="群主出差", by=lead)
    copied = {name: getattr(suggestion, name) for name in ("community", "key", "detector", "effect", "seen_last")}
    Suggestion.objects.create(seen_first=SILENT, **copied)
    with pytest.raises(QunyingError, match="no longer"):
        reopen_suggestion(suggestion, by=lead)


def test_the_surest_and_largest_comes_first(suggestion: Suggestion) -> None:
    lesser = Suggestion.objects.create(
        community=suggestion.community,
        key="answers",
        detector="answers",
        effect=0.5,
        q=0.009,
        seen_first=SILENT,
        seen_last=SILENT,
    )
    assert in_order([lesser, suggestion]) == [suggestion, lesser]
