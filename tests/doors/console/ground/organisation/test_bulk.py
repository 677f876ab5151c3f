"""Many people of the staff at once, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.services import deactivate_staff, grant_role
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
BULK, UNDO = "/staff/bulk/", "/staff/undo/"


def active() -> set[str]:
    return set(Staff.objects.filter(is_active=True).values_list("username", flat=True))


def told(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_accounts_are_closed_together_and_opened_by_undo(
    director: Staff, lead: Staff, specialist: Staff, reviewer: Staff, client_for: Callable[..., Client]
) -> None:
    deactivate_staff(reviewer, by=TESTS)
    client = client_for(director, "en")
    people = [lead.pk, specialist.pk, reviewer.pk]
    answer = client.post(BULK, {"ids": people, "act": "close", "filters": "?q=&role=lead"})
    assert (answer["Location"], active()) == ("/staff/?q=&role=lead&undo=1", {"director"})
    page = told(client, "/staff/?undo=1")
    assert "2 people changed. 1 were so already." in page
    assert f'action="{UNDO}" data-toast' in page
    assert client.post(UNDO, {"filters": "?q="})["Location"] == "/staff/?q="
    assert active() == {"director", "lead", "specialist"}
    assert "data-toast" not in told(client, "/staff/?undo=1")


def test_a_role_is_given_to_all_and_taken_back_from_those_who_had_it_not(
    director: Staff, lead: Staff, specialist: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    client = client_for(director)
    grant_role(lead, role="analyst", unit=units.south, by=TESTS)
    grants = {"ids": [lead.pk, specialist.pk], "act": "grant", "role": "analyst", "unit": units.south.pk}
    client.post(BULK, grants)
    given = Grant.objects.filter(role="analyst", unit=units.south).order_by("staff__username")
    assert list(given.values_list("staff__username", flat=True)) == ["lead", "specialist"]
    client.post(UNDO)
    assert list(given.values_list("staff__username", flat=True)) == ["lead"]


def test_one_who_cannot_be_closed_keeps_all_of_them_open(
    director: Staff, lead: Staff, client_for: Callable[..., Client]
) -> None:
    client = client_for(director, "en")
    assert client.post(BULK, {"ids": [lead.pk, director.pk], "act": "close"})["Location"] == "/staff/"
    assert active() == {"director", "lead"}
    assert "You cannot deactivate yourself" in told(client, "/staff/")


def test_people_of_other_units_are_left_alone(lead: Staff, outsider: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(lead, "en")
    client.post(BULK, {"ids": [outsider.pk], "act": "close"})
    assert active() == {"lead", "outsider"}
    assert "Nobody is chosen" in told(client, "/staff/")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"act": "praise"}, "Choose what to do with the people."),
        ({"act": "grant", "role": "analyst"}, "Choose a role and a unit."),
        ({"act": "grant", "role": "emperor", "unit": "1"}, "Choose a role and a unit."),
    ],
)
def test_what_is_incomplete_is_refused_in_a_sentence(
    director: Staff, lead: Staff, client_for: Callable[..., Client], asked: dict[str, str], sentence: str
) -> None:
    client = client_for(director, "en")
    assert client.post(BULK, {"ids": [lead.pk], **asked})["Location"] == "/staff/"
    assert sentence in told(client, "/staff/")


def test_undo_without_a_change_says_so(director: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(director, "en")
    assert client.post(UNDO)["Location"] == "/staff/"
    assert "There is nothing left to take back." in told(client, "/staff/")
