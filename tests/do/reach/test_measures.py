"""How much a unit may send: its own word, or that of the nearest unit above, or the house's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.reach.measures import in_force, measure_of
from qunying.do.reach.models import Measure
from qunying.do.reach.services import drop_measure, set_measure
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_each_unit_says_where_its_measure_comes_from(
    units: Units, director: Staff, django_assert_num_queries: Callable[..., object]
) -> None:
    set_measure(units.east, Measure(person_day=4), by=director)
    with django_assert_num_queries(1):  # type: ignore[attr-defined] - pytest-django's
        told = [
            (one.measure.person_day, one.origin, one.own) for one in in_force([units.shop, units.east, units.south])
        ]
    assert told == [(4, units.east, False), (4, units.east, True), (1, None, False)]


def test_a_unit_does_as_the_one_above_again(units: Units, director: Staff, lead: Staff, specialist: Staff) -> None:
    set_measure(units.east, Measure(person_day=4), by=director)
    set_measure(units.shop, Measure(person_day=9), by=lead)
    with pytest.raises(NotAllowedError):
        drop_measure(units.shop, by=specialist)
    drop_measure(units.shop, by=lead)
    assert measure_of(units.shop).person_day == 4
    assert Act.objects.filter(verb="sendings.inherit_measure").count() == 1
    with pytest.raises(QunyingError, match="has no measure of its own"):
        drop_measure(units.shop, by=lead)


def test_the_page_changes_it_for_who_keeps_the_rules(
    client_for: Callable[..., Client], units: Units, lead: Staff, specialist: Staff
) -> None:
    client, where = client_for(lead, "en"), f"/sendings/measures/{units.shop.pk}/"
    assert "as shipped" in client.get("/sendings/measures/").content.decode()
    given = {"person_day": 2, "person_week": 5, "group_day": 6, "group_week": 30, "quiet_from": 21, "quiet_until": 9}
    for wrong in ({"quiet_from": 24}, {"person_day": -1}, {"group_week": 1001}, {"quiet_until": ""}):
        assert client.post(where, given | wrong).status_code == 400
    client.post(where, given)
    assert Measure.objects.values_list("person_day", "quiet_from").get() == (2, 21)
    page = client.get("/sendings/measures/").content.decode()
    assert ("2 a day, 5 in seven" in page, "21:00 to 9:00" in page, "its own" in page) == (True, True, True)
    other = client_for(specialist, "en")
    assert where not in other.get("/sendings/measures/").content.decode()
    assert other.post(f"{where}drop/").status_code == 403
    client.post(f"{where}drop/")
    assert Measure.objects.count() == 0
