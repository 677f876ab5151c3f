"""The pages of units."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from qunying.doors.console.ground.organisation.rows import tree_rows
from qunying.ground.units.models import Unit
from qunying.ground.units.services import create_unit
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_the_tree_counts_communities_below_and_people(
    units: Units, community: Community, other_community: Community, lead: Staff, reviewer: Staff
) -> None:
    rows = [
        (row.unit.name, row.level, row.communities, row.communities_below, row.people)
        for row in tree_rows(Unit.objects.all())
    ]
    assert rows == [("总部", 0, 0, 2, 0), ("华东区", 1, 0, 1, 0), ("花店一店", 2, 1, 1, 2), ("华南区", 1, 1, 1, 0)]


def test_a_search_finds_part_of_a_name(units: Units) -> None:
    assert [(row.unit.name, row.level) for row in tree_rows(Unit.objects.all(), words="一店")] == [("花店一店", 0)]


def test_everyone_sees_their_own_branch(
    director: Staff, outsider: Staff, lead: Staff, client_for: Callable[..., Client]
) -> None:
    seen = [
        [row.unit.name for row in client_for(person).get(reverse("units")).context["rows"]]
        for person in (director, outsider, lead)
    ]
    assert seen == [["总部", "华东区", "花店一店", "华南区"], ["华南区"], ["花店一店"]]


def test_a_search_without_result_says_so(director: Staff, client_for: Callable[..., Client]) -> None:
    page = client_for(director, "en").get(reverse("units"), {"q": "火星"}).content.decode()
    assert "No unit has that in its name" in page


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_takes_a_fixed_number_of_queries(
    director: Staff,
    units: Units,
    client_for: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
    more: int,
) -> None:
    for number in range(more):
        create_unit(f"新 {number}", parent=units.south, by=TESTS)
    client = client_for(director)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(reverse("units")).status_code == 200


LIST_QUERIES = 9
"""Session, person, permissions of the page and of the menu, grants, units, communities, people, may make."""


def test_a_director_makes_a_unit(director: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    response = client_for(director).post(reverse("unit_new"), {"name": "花店二店", "parent": units.east.pk})
    assert response["Location"] == reverse("units")
    assert Unit.objects.get(name="花店二店").parent == units.east


def test_a_refusal_stands_above_the_form(director: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    response = client_for(director, "en").post(reverse("unit_new"), {"name": "华东区", "parent": units.headquarters.pk})
    assert response.status_code == 400
    assert "There is a unit “华东区” in this place already." in response.content.decode()


def test_nobody_makes_a_unit_outside_their_branch(
    outsider: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    response = client_for(outsider).post(reverse("unit_new"), {"name": "飞地", "parent": units.east.pk})
    assert response.status_code == 400
    assert not Unit.objects.filter(name="飞地").exists()


def test_rename_from_the_page(director: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    client_for(director).post(reverse("unit_rename", args=[units.shop.pk]), {"name": "花店旗舰店"})
    units.shop.refresh_from_db()
    assert units.shop.name == "花店旗舰店"


def test_move_from_the_page(director: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    client = client_for(director, "en")
    page = client.get(reverse("unit", args=[units.shop.pk]))
    assert [row.unit for row in page.context["places"]] == [units.headquarters, units.south]
    response = client.post(reverse("unit_move", args=[units.shop.pk]), {"parent": units.south.pk}, follow=True)
    assert "“花店一店” hangs below “华南区” now." in response.content.decode()
    units.shop.refresh_from_db()
    assert units.shop.parent == units.south


def test_a_circle_is_refused_on_the_page(director: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    address = reverse("unit_move", args=[units.east.pk])
    page = client_for(director, "en").post(address, {"parent": units.shop.pk}, follow=True).content.decode()
    assert "“华东区” cannot hang below itself." in page


def test_nobody_moves_the_top_of_their_own_branch(
    outsider: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    response = client_for(outsider).post(reverse("unit_move", args=[units.south.pk]), {"parent": units.south.pk})
    assert response.status_code == 403


def test_removal_waits_for_the_typed_name(director: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    client, address = client_for(director, "en"), reverse("unit_remove", args=[units.shop.pk])
    assert client.post(address, {"typed": "别的"}).status_code == 400
    assert Unit.objects.filter(pk=units.shop.pk).exists()
    assert client.post(address, {"typed": "花店一店"})["Location"] == reverse("units")
    assert not Unit.objects.filter(pk=units.shop.pk).exists()


def test_a_unit_in_use_says_what_hangs_on_it(
    director: Staff, community: Community, client_for: Callable[..., Client]
) -> None:
    address = reverse("unit_remove", args=[community.unit.pk])
    page = client_for(director, "en").post(address, {"typed": "花店一店"}, follow=True)
    assert page.request["PATH_INFO"] == reverse("unit", args=[community.unit.pk])
    assert "still has communities or roles of staff" in page.content.decode()


def test_a_reader_sees_no_buttons(reviewer: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    page = client_for(reviewer, "en").get(reverse("unit", args=[units.shop.pk])).content.decode()
    assert "You may look at this unit, not change it." in page
    assert reverse("unit_rename", args=[units.shop.pk]) not in page


def test_a_unit_is_given_a_logo_and_loses_it(
    client_for: Callable[..., Client], director: Staff, lead: Staff, outsider: Staff, units: Units
) -> None:
    address, client = f"/units/{units.shop.pk}/", client_for(director, "en")
    with io.BytesIO() as out:
        Image.new("RGB", (30, 10), "#123456").save(out, "PNG")
        picture = out.getvalue()

    def put(given: bytes) -> str:
        page = client.post(f"{address}logo/", {"logo": SimpleUploadedFile("logo.png", given)}, follow=True)
        return page.content.decode()

    assert "This is no PNG, JPEG or SVG picture." in put(b"GIF89a....")
    assert "Choose a picture first" in client.post(f"{address}logo/", follow=True).content.decode()
    assert "The logo stands on the reports of this unit" in put(picture)
    seen = client_for(lead, "en").get(address).content.decode()
    assert ('class="unit-logo"' in seen, 'type="file"' in seen) == (True, False)
    assert client_for(lead).post(f"{address}logo/remove/").status_code == 403
    assert client_for(outsider).post(f"{address}logo/").status_code == 404
    gone = client.post(f"{address}logo/remove/", follow=True).content.decode()
    assert ("The logo is taken away." in gone, "bear that of this installation" in gone) == (True, True)
