"""Segments are made, changed and removed; their names are taken once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.segments.models import Segment
from qunying.ground.segments.queries import communities_in, get_segment_for, seen_by
from qunying.ground.segments.services import create_segment, edit_segment, remove_segment
from qunying.kit.errors import NotFoundError, QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
HERE: dict[str, Any] = {"all": True, "parts": [{"is": "state", "state": "present"}]}


def test_it_is_saved_with_its_conditions_checked(units: Units, lead: Staff) -> None:
    made = create_segment(units.shop, name="  都  在 ", conditions=HERE, by=lead)
    assert (made.name, made.conditions["parts"], made.by) == (
        "都 在",
        [{"is": "state", "not": False, "state": "present"}],
        lead,
    )
    assert Act.objects.get(verb="segments.create").subject_id == str(made.pk)


@pytest.mark.parametrize(
    ("name", "conditions"),
    [(" ", HERE), ("x" * 81, HERE), ("空", {"all": True, "parts": []}), ("错", {"parts": [{"is": "nose"}]})],
)
def test_nonsense_is_refused(units: Units, lead: Staff, name: str, conditions: dict[str, Any]) -> None:
    with pytest.raises(QunyingError):
        create_segment(units.shop, name=name, conditions=conditions, by=lead)
    assert Segment.objects.count() == 0


def test_a_name_is_taken_once_in_a_place(units: Units, community: Community, lead: Staff) -> None:
    first = create_segment(units.shop, name="都在", conditions=HERE, by=lead)
    with pytest.raises(QunyingError):
        create_segment(units.shop, name="都在", conditions=HERE, by=lead)
    other = create_segment(units.shop, community=community, name="都在", conditions=HERE, by=lead)
    edit_segment(other, name="都在", conditions=HERE, by=lead)
    assert (first.name, other.name) == ("都在", "都在")


def test_a_unit_looks_into_all_below_and_a_colleague_sees_their_part(
    units: Units, community: Community, other_community: Community, director: Staff, lead: Staff, outsider: Staff
) -> None:
    whole = create_segment(units.headquarters, name="全部", conditions=HERE, by=director)
    assert set(communities_in(whole)) == {community, other_community}
    assert set(seen_by(director, whole)) == {community, other_community}
    assert seen_by(lead, whole) == [community]
    own = create_segment(units.shop, name="本店", conditions=HERE, by=lead)
    with pytest.raises(NotFoundError):
        get_segment_for(outsider, own.pk)


def test_removing_writes_it_down(units: Units) -> None:
    remove_segment(create_segment(units.shop, name="都在", conditions=HERE, by=TESTS), by=TESTS)
    assert (Segment.objects.count(), Act.objects.filter(verb="segments.remove").count()) == (0, 1)
