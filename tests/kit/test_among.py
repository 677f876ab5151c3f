"""`__among` finds what `__in` finds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.ground.units.models import Unit


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-5, 12)), st.lists(st.sampled_from(["总部", "华东区", "nobody's", 'a "quoted" one'])))
def test_it_finds_the_same_rows(units: object, numbers: list[int], names: list[str]) -> None:
    assert set(Unit.objects.filter(pk__among=numbers)) == set(Unit.objects.filter(pk__in=numbers))
    assert set(Unit.objects.filter(name__among=names)) == set(Unit.objects.filter(name__in=names))
