from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from qunying.act.suggestions.models import Night
from qunying.act.suggestions.queries import last_nights
from qunying.act.suggestions.quiet import Quiet, quiet_of, quiet_together, quiet_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.groups.models import Community

DAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def night(until: date | None, questions: int = 0, found: int = 0) -> Night:
    return Night(day=DAY, until=until, questions=questions, found=found)


CURRENT, ENDED = night(DAY - timedelta(days=1), 41), night(DAY - timedelta(days=8), 12)


def test_each_reason_is_told_apart() -> None:
    assert [quiet_of(one) for one in (None, night(None), ENDED, night(DAY - timedelta(days=7)), CURRENT)] == [
        Quiet.NOT_LOOKED,
        Quiet.NO_HISTORY,
        Quiet.ENDED,
        Quiet.TOO_LITTLE,
        Quiet.NOTHING,
    ]


def test_a_record_that_ended_says_since_when() -> None:
    assert quiet_words(ENDED) == (
        "The record ends on 2 Mar 2026, 8 days before this look: nothing newer is known that could have changed. "
        "Import what has happened since."
    )


def test_nothing_found_says_among_how_many_questions() -> None:
    words = "41 questions were put to the figures up to 9 Mar 2026: what changed is either chance or small."
    assert quiet_words(CURRENT) == words


def test_what_was_decided_already_is_not_called_chance() -> None:
    decided = night(DAY, 41, found=2)
    assert quiet_of(decided) is Quiet.DECIDED
    assert quiet_words(decided) == "What the figures up to 10 Mar 2026 show has been decided already."


def test_several_communities_are_told_together() -> None:
    nights = [("花店", CURRENT), ("唱片", ENDED), ("新群", None)]
    nights += [(f"群{number}", night(None)) for number in range(7)]
    assert quiet_together(nights) == (
        "53 questions were put to 2 communities: what changed is either chance or small. "
        "Their record ended more than a week before: 唱片. "
        "No history yet: 群0, 群1, 群2, 群3, 群4 and 2 more. "
        "Nobody has looked yet: 新群."
    )
    assert quiet_together([("花店", CURRENT)]) == quiet_words(CURRENT)


@pytest.mark.django_db
def test_the_latest_looks_of_all_are_one_query(
    community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        Night.objects.create(community=community, day=DAY - timedelta(days=number), questions=number)
    with django_assert_num_queries(1):
        ((place, found),) = last_nights([community])
    assert (place, found and found.day) == (community, DAY)
