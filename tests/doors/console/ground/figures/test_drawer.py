"""Behind a number: how it was counted and who is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.segments.services import create_segment
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

    Look = Callable[..., str]

JANUARY = "from=2026-01-05&to=2026-01-25"


@pytest.fixture
def look(client_for: Callable[..., Client], lead: Staff, history: Community) -> Look:
    """`look(metric, query)`: the drawer of a figure of the flower shop over January, in English."""
    client = client_for(lead, "en")

    def get(metric: str, query: str = "") -> str:
        address = f"/communities/{history.slug}/figures/{metric}/?{JANUARY}&{query}"
        return client.get(address, headers={"HX-Request": "true"}).content.decode()

    return get


def _value(part: str) -> str:
    found = re.search(r'class="drawer-value[^"]*">([^<]*)<', part)
    return found[1] if found else ""


def _people(part: str) -> list[str]:
    return re.findall(r'href="/members/\d+/">.*?<span>([^<]*)</span>', part)


def test_a_segment_narrows_the_number_and_the_people_behind_it_alike(look: Look, history: Community) -> None:
    """小美 spoke on 21 days and 阿强 on two; 小丽 never spoke but bought: who liked or bought is 小丽, twice over."""
    talks = {"is": "did", "deed": "spoke", "times": 5, "days": 3650}
    keen = create_segment(
        history.unit, name="常说话的", conditions={"all": True, "parts": [talks]}, community=history, by=TESTS
    )
    rest = create_segment(
        history.unit,
        name="其余",
        conditions={"all": True, "parts": [{**talks, "not": True}]},
        community=history,
        by=TESTS,
    )
    found = {}
    for metric in ("messages", "active_members", "members_present", "buyers"):
        parts = [look(metric, f"segment={one.pk}") for one in (keen, rest)]
        found[metric] = [(_value(part), _people(part)) for part in parts]
    assert found == {
        "messages": [("21", ["小美"]), ("2", ["阿强"])],
        "active_members": [("1", ["小美"]), ("2", ["阿强", "小丽"])],
        "members_present": [("1", ["小美"]), ("2", ["阿强", "小丽"])],
        "buyers": [("0", []), ("1", ["小丽"])],
    }
    assert "people now in the segment “其余”" in look("messages", f"segment={rest.pk}")


def test_it_defines_counts_and_names(look: Look) -> None:
    part = look("active_rate", "p.grade=speaking")
    assert _value(part) == "66.7%"
    for words in ("Activity rate", "Active members ÷ members", "20.8% – 93.9%", "fewer than 30", "Speaking"):
        assert words in part
    assert _people(part) == ["小美", "阿强"]


@pytest.mark.parametrize(
    ("metric", "query", "value", "people"),
    [
        ("messages", "", "23", ["小美", "阿强"]),
        ("retention", "p.day=7", "66.7%", ["小美", "阿强"]),
        ("cohorts", "p.grain=week&c.cohort=2026-01-05&c.age=1", "66.7%", ["小美", "阿强"]),
        ("lifecycle", "p.grain=week&c.state=dormant&c.start=2026-01-12", "1", ["小丽"]),
        ("lifecycle", "p.grain=week&c.state=new&c.start=2026-01-05", "3", ["小美", "阿强", "小丽"]),
        ("activity_hours", "p.grade=speaking&c.weekday=1&c.hour=12", "1", ["阿强"]),
        ("funnel", "p.steps=read,liked,ordered&p.window=168&c.step=2", "100.0%", ["小丽"]),
        ("revenue", "", "CN¥99.00", ["小丽"]),
    ],
)
def test_a_cell_has_its_own_number_and_its_own_people(
    look: Look, metric: str, query: str, value: str, people: list[str]
) -> None:
    part = look(metric, query)
    assert (_value(part), _people(part)) == (value, people)


def test_a_day_of_a_line_has_the_people_of_that_day(
    client_for: Callable[..., Client], lead: Staff, history: Community
) -> None:
    address = f"/communities/{history.slug}/figures/messages/?from=2026-01-07&to=2026-01-07"
    page = client_for(lead, "en").get(address).content.decode()
    assert (_value(page), _people(page)) == ("1", ["小美"])


def test_a_cell_that_is_not_there_is_not_found(look: Look) -> None:
    assert "There is no such cell" in look("cohorts", "c.cohort=1999-01-04&c.age=1")


def test_an_unknown_metric_names_the_nearest(look: Look) -> None:
    assert "retention" in look("retentoin")


def test_an_unknown_parameter_is_explained(look: Look) -> None:
    assert "has no parameter “colour”" in look("messages", "p.colour=red")


def test_it_is_a_page_of_its_own_without_htmx(
    client_for: Callable[..., Client], lead: Staff, history: Community
) -> None:
    page = client_for(lead, "en").get(f"/communities/{history.slug}/figures/messages/?{JANUARY}").content.decode()
    assert "<html" in page
    assert _people(page) == ["小美", "阿强"]


def test_who_may_not_see_members_sees_the_number_alone(
    client_for: Callable[..., Client], units: Units, history: Community
) -> None:
    finance = create_staff("finance", name="财务", password=PASSWORD, by=TESTS)
    grant_role(finance, role="finance", unit=units.headquarters, by=TESTS)
    page = client_for(finance, "en").get(f"/communities/{history.slug}/figures/messages/?{JANUARY}").content.decode()
    assert _value(page) == "23"
    assert _people(page) == []
    assert "You may see the numbers here, but not the people." in page
