"""Verbs of people below everything: changes are noted, and folded without being forgotten."""

from __future__ import annotations

import pytest

from qunying.ground.members.models import DimensionChange
from qunying.ground.members.services import fold_dimension_changes, note_dimension_change

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[int | None, int]]:
    return list(DimensionChange.objects.order_by("pk").values_list("community_id", "weight"))


def test_a_change_of_one_community_is_noted_as_its_own() -> None:
    note_dimension_change(community_id=7)
    note_dimension_change()
    assert rows() == [(7, 1), (None, 1)]


def test_folding_keeps_the_sum_and_the_last_id_of_each_community() -> None:
    for community_id in (7, None, 7, 8, None, 7):
        note_dimension_change(community_id=community_id)
    last = dict(DimensionChange.objects.order_by("pk").values_list("community_id", "pk"))
    assert fold_dimension_changes() == 6
    assert rows() == [(8, 1), (None, 2), (7, 3)]
    assert dict(DimensionChange.objects.values_list("community_id", "pk")) == last
    assert fold_dimension_changes() == 3
