"""The board of a unit: what each sees, in which order, as a file, and the work behind a deviation."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.check.supervision.models import Tolerance
from qunying.check.supervision.services import set_tolerance
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.audit.models import Act
from qunying.ground.groups.services import create_community
from qunying.ground.units.services import create_unit
from tests.check.supervision.conftest import ago, works
from tests.support.cast import PASSWORD, TESTS
from tests.support.goals import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)


def said(response: HttpResponse) -> str:
    return response.content.decode()


def names(response: HttpResponse) -> list[str]:
    return [row.line.name for row in response.context["rows"]]  # type: ignore[attr-defined]


def people(community: Community, many: int, *, prefix: str) -> None:
    tell(community, [(f"{prefix}{number}", "joined", ago(community, 20)) for number in range(many)])


@pytest.fixture
def stores(units: Units, community: Community) -> list[Community]:
    """Three stores of 华东区; the second is behind with its work."""
    made = [community]
    for number in (2, 3):
        store = create_unit(f"花店{number}店", parent=units.east, by=TESTS)
        made.append(create_community(f"store{number}", name=f"花友会{number}", unit=store, by=TESTS))
    for number, (one, undone) in enumerate(zip(made, (0, 5, 0), strict=True)):
        people(one, 3, prefix=f"s{number}-")
        works(one, in_time=15, undone=undone)
    return made


def test_the_store_behind_stands_first_and_is_pointed_out(
    director: Staff, units: Units, stores: list[Community], client_for: Callable[..., Client]
) -> None:
    page = client_for(director, "en").get(reverse("supervision_unit", args=(units.east.pk,)))
    assert names(page) == ["花店2店", "花店3店", "花店一店"]
    assert [(row.place, row.line.flagged) for row in page.context["rows"]] == [(1, True), (2, False), (2, False)]
    assert [(one.name, one.level) for one in page.context["findings"]] == [("花店2店", "warning")]
    assert "Execution deviation 25.0%, above the 8.0% allowed. 20 due: 15 done in time, 0 late, 5 not done." in said(
        page
    )
    back = client_for(director, "en").get(reverse("supervision_unit", args=(units.east.pk,)), {"order": "deviation"})
    assert names(back) == ["花店3店", "花店一店", "花店2店"]


def test_the_middle_half_is_explained_only_where_it_is_drawn(
    director: Staff, units: Units, stores: list[Community], client_for: Callable[..., Client]
) -> None:
    page = client_for(director, "en").get(reverse("supervision_unit", args=(units.east.pk,)))
    assert [strip["box"] for strip in page.context["strips"]] == [None] * len(page.context["strips"])
    assert ("strip-axis" in said(page), "the middle half" in said(page)) == (True, False)
    assert page.context["boxed"] is False


def test_above_it_the_region_is_pointed_out_and_below_the_community(
    director: Staff, units: Units, stores: list[Community], client_for: Callable[..., Client]
) -> None:
    client = client_for(director)
    top = client.get(reverse("supervision"))
    assert [(row.line.name, row.line.flagged) for row in top.context["rows"]] == [("华东区", True), ("华南区", False)]
    store = client.get(reverse("supervision_unit", args=(stores[1].unit.pk,)))
    assert [(row.line.name, row.address.partition("?")[0]) for row in store.context["rows"]] == [
        ("花友会2", "/communities/store2/")
    ]
    assert [one["name"] for one in store.context["crumbs"]] == ["总部", "华东区"]


def test_nobody_hears_of_units_beside_or_above_their_own(
    lead: Staff, units: Units, stores: list[Community], client_for: Callable[..., Client]
) -> None:
    set_tolerance(units.headquarters, percent=Decimal(5), by=TESTS)
    client = client_for(lead, "en")
    page = said(client.get(reverse("supervision")))
    assert "Execution deviation allowed: 5.0% (set further up)" in page
    assert [name for name in ("总部", "华东区", "花店2店", "花友会2", "花店3店") if name in page] == []
    for name in ("supervision_unit", "supervision_unit_export", "supervision_unit_work"):
        for unit in (units.headquarters, units.east, stores[1].unit):
            assert client.get(reverse(name, args=(unit.pk,))).status_code == 404
    assert client.get(reverse("community_supervision_work", args=("store2",))).status_code == 404
    assert "花友会2" not in said(client.get(reverse("supervision_work")))


def test_the_level_of_the_lines_can_be_chosen(
    director: Staff, stores: list[Community], client_for: Callable[..., Client]
) -> None:
    client = client_for(director)
    lowest = client.get(reverse("supervision"), {"by": "lowest", "order": "name"})
    assert names(lowest) == ["华南区", "花店2店", "花店3店", "花店一店"]
    assert names(client.get(reverse("supervision"), {"by": "communities", "order": "name"})) == [
        "花友会",
        "花友会2",
        "花友会3",
    ]
    assert names(client.get(reverse("supervision"), {"by": "nonsense", "order": "name"})) == ["华东区", "华南区"]


def test_the_file_holds_numerators_and_denominators_and_the_taking_is_written_down(
    director: Staff, units: Units, stores: list[Community], client_for: Callable[..., Client]
) -> None:
    response = client_for(director, "en").get(reverse("supervision_unit_export", args=(units.east.pk,)))
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(StringIO(text)))
    columns = ("Unit or community", "Work that was due", "Not done", "Execution deviation", "Members")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("花店2店", "20", "5", "0.25", "3"),
        ("花店3店", "15", "0", "0.0", "3"),
        ("花店一店", "15", "0", "0.0", "3"),
    ]
    assert Act.objects.get(verb="lists.export").details == {"rows": 3, "format": "csv"}


def test_who_may_export_in_one_unit_takes_no_other_along(
    units: Units, community: Community, other_community: Community, client_for: Callable[..., Client]
) -> None:
    both = create_staff("both", name="两地", password=PASSWORD, by=TESTS)
    grant_role(both, role="lead", unit=units.shop, by=TESTS)
    grant_role(both, role="specialist", unit=units.south, by=TESTS)
    people(community, 2, prefix="a")
    people(other_community, 2, prefix="b")
    client = client_for(both, "en")
    assert names(client.get(reverse("supervision"), {"order": "name"})) == ["华南区", "花店一店"]
    text = b"".join(client.get(reverse("supervision_export")).streaming_content).decode()  # type: ignore[attr-defined]
    assert ("花友会" in text, "华南区" in text) == (True, False)


def test_behind_a_deviation_stands_the_work_and_its_definition(
    director: Staff, stores: list[Community], client_for: Callable[..., Client]
) -> None:
    client = client_for(director, "en")
    days = {"from": ago(stores[1], 7).isoformat(), "to": ago(stores[1], 1).isoformat()}
    page = client.get(reverse("community_supervision_work", args=("store2",)), days, headers={"HX-Request": "true"})
    assert [one.kind for one in page.context["lines"]] == ["undone"] * 5
    assert "<html" not in said(page)
    assert "25.0%" in said(page)
    assert "<html" in said(client.get(reverse("supervision_work"), days))


def test_the_tolerance_is_set_and_taken_back_and_a_wrong_one_is_refused_in_a_sentence(
    director: Staff, units: Units, community: Community, client_for: Callable[..., Client]
) -> None:
    client, address = client_for(director, "en"), reverse("supervision_tolerance", args=(units.east.pk,))
    client.post(address, {"percent": "7.5"})
    assert Tolerance.objects.get().percent == Decimal("7.5")
    for wrong, sentence in (("viel", "“viel” is not a number"), ("0", "lies between 0.1 and 100")):
        assert sentence in said(client.post(address, {"percent": wrong}, follow=True))
    assert Tolerance.objects.get().percent == Decimal("7.5")
    client.post(address, {"percent": ""})
    assert not Tolerance.objects.exists()


def test_a_regional_director_may_not_loosen_their_own_region(
    units: Units, community: Community, client_for: Callable[..., Client]
) -> None:
    regional = create_staff("east", name="区域总监", password=PASSWORD, by=TESTS)
    grant_role(regional, role="director", unit=units.east, by=TESTS)
    client = client_for(regional, "en")
    assert client.post(reverse("supervision_tolerance", args=(units.east.pk,)), {"percent": "50"}).status_code == 403
    assert client.post(reverse("supervision_tolerance", args=(units.shop.pk,)), {"percent": "6"}).status_code == 302


def test_before_anything_is_known_it_says_what_belongs_here(
    director: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    assert "Nothing to supervise yet" in said(client_for(director, "en").get(reverse("supervision")))


def test_the_page_asks_as_often_for_one_store_as_for_three(
    director: Staff,
    units: Units,
    stores: list[Community],
    client_for: Callable[..., Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(director)
    one, three = (reverse("supervision_unit", args=(pk,)) for pk in (stores[0].unit.pk, units.east.pk))
    client.get(three)
    for address in (one, three):
        with django_assert_num_queries(28):
            client.get(address)
