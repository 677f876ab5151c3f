"""Typing figures in, and tying pieces on other platforms to an entry."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.do.publishing.figures import figures_by_group
from qunying.do.publishing.services_figures import note_figures, tie_piece
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, QunyingError
from tests.do.publishing.test_figures import did, today, told

if TYPE_CHECKING:
    from qunying.do.publishing.models import Publication
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.plan.content.models import Entry

pytestmark = pytest.mark.django_db


def test_what_somebody_types_stands_in_the_place_of_what_was_counted_and_says_so(
    published: Publication, connected: list[Group], specialist: Staff
) -> None:
    did("read", "a", published, connected[0])
    day = today()
    for value in (7, 2):
        note_figures(published, group=connected[0], values={"read": value, "completed": 1}, day=day, by=specialist)
    found = figures_by_group([published])[published.pk, connected[0].pk]
    assert (found.counts["read"], found.rate_of("completed"), found.by_hand) == (2, 0.5, {"read", "completed"})
    assert Act.objects.filter(verb="publishing.note").count() == 2
    assert published.noted.count() == 4


@pytest.mark.parametrize(
    ("values", "days", "said"),
    [
        ({}, 0, "at least one figure"),
        ({"read": -1}, 0, "lies between"),
        ({"read": 1}, 1, "between the one it went out on and today"),
        ({"read": 1}, -3, "between the one it went out on and today"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    values: dict[str, int],
    days: int,
    said: str,
    published: Publication,
    connected: list[Group],
    specialist: Staff,
) -> None:
    day = today() + timedelta(days=days)
    with pytest.raises(QunyingError, match=said):
        note_figures(published, group=connected[0], values=values, day=day, by=specialist)


def test_figures_belong_to_a_group_it_went_to_and_take_a_role(
    published: Publication, connected: list[Group], specialist: Staff, reviewer: Staff
) -> None:
    given = {"values": {"read": 1}, "day": today()}
    with pytest.raises(QunyingError, match="did not go to"):
        note_figures(published, group=connected[2], by=specialist, **given)  # type: ignore[arg-type]
    with pytest.raises(NotAllowedError):
        note_figures(published, group=connected[0], by=reviewer, **given)  # type: ignore[arg-type]


def test_a_piece_carries_one_entry_and_must_be_known(entry: Entry, community: Community, specialist: Staff) -> None:
    with pytest.raises(QunyingError, match="No imported table"):
        tie_piece(entry, platform="douyin", object_id="x", by=specialist)
    told(community, "x")
    tie_piece(entry, platform="douyin", object_id="x", by=specialist)
    with pytest.raises(QunyingError, match="belongs to an entry already"):
        tie_piece(entry, platform="douyin", object_id="x", by=specialist)
