"""Figures of steps: known numbers, each share with both its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.figures import Share, journey_figures, step_figures
from qunying.do.journeys.models import Passage
from qunying.do.journeys.services import make_journey
from tests.support.cast import TESTS
from tests.support.journeys import plain_journey, put_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.journeys.models import Version
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(community: Community) -> Version:
    return make_journey(community, name="迎新", definition=plain_journey(), by=TESTS).versions.get()


def test_nobody_is_nothing_of_nothing(version: Version) -> None:
    assert step_figures(version) == {}
    found = journey_figures(version.journey)
    assert (found.began, found.reached, found.reached.rate) == (0, Share(0, 0), None)


def test_each_step_tells_what_became_of_it(
    version: Version, xiaomei: Member, aqiang: Member, django_assert_num_queries: Callable[..., object]
) -> None:
    first, second = put_on(version, xiaomei), put_on(version, aqiang, state="reached_goal")
    Passage.objects.filter(traveller=second, step_id="hello").update(outcome="held")
    Passage.objects.filter(traveller=second, step_id="rest").update(state="skipped")
    again = {"step_id": "hello", "kind": "welcome", "round": 2, "due_at": timezone.now()}
    Passage.objects.create(traveller=first, state="out", **again)
    with django_assert_num_queries(2):  # type: ignore[attr-defined] - pytest-django's
        found = step_figures(version)
    hello, rest = found["hello"], found["rest"]
    assert hello.arrived == 3
    assert (hello.sent, hello.held, hello.refused) == (Share(1, 2), Share(1, 2), Share(0, 2))
    assert (hello.waiting, hello.moved_on) == (Share(1, 3), Share(2, 3))
    assert (rest.waiting, rest.moved_on, rest.goal) == (Share(1, 2), Share(1, 2), Share(1, 2))
    whole = journey_figures(version.journey)
    assert (whole.began, whole.under_way, whole.reached, whole.left) == (2, 1, Share(1, 1), Share(0, 1))
    assert whole.reached.rate == 1


def test_ways_taken_are_counted(version: Version, xiaomei: Member, aqiang: Member) -> None:
    for member, outcome in ((xiaomei, "then"), (aqiang, "else")):
        Passage.objects.create(
            traveller=put_on(version, member), step_id="way", kind="branch", state="done", outcome=outcome,
            due_at=timezone.now(),
        )  # fmt: skip
    assert (step_figures(version)["way"].yes, step_figures(version)["way"].no) == (Share(1, 2), Share(1, 2))
