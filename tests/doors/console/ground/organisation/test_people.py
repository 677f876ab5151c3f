"""The pages of the staff and of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from qunying.ground.access.models import Staff
from qunying.ground.access.services import create_staff, grant_role
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def names(client: Client, **filters: str) -> list[str]:
    return [row.person.username for row in client.get(reverse("staff"), filters).context["rows"]]


def test_the_list_shows_the_people_of_ones_units(
    director: Staff, lead: Staff, specialist: Staff, outsider: Staff, client_for: Callable[..., Client]
) -> None:
    assert set(names(client_for(director))) == {"director", "lead", "specialist", "outsider"}
    assert set(names(client_for(lead))) == {"lead", "specialist"}
    assert set(names(client_for(outsider))) == {"outsider"}


def test_filters_narrow_the_list(
    director: Staff, lead: Staff, specialist: Staff, outsider: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    client = client_for(director)
    Staff.objects.filter(pk=outsider.pk).update(is_active=False)
    told = [
        names(client, q="专"),
        names(client, role="lead"),
        names(client, unit=str(units.south.pk)),
        names(client, standing="closed"),
        names(client, role="lead", unit=str(units.south.pk)),
        names(client, unit="x"),
    ]
    assert told[:5] == [["specialist"], ["lead"], ["outsider"], ["outsider"], []]
    assert len(told[5]) == 4


def test_filters_without_result_say_so(director: Staff, client_for: Callable[..., Client]) -> None:
    assert "Nobody fits these filters" in client_for(director, "en").get(reverse("staff"), {"q": "x"}).content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_takes_a_fixed_number_of_queries(
    director: Staff,
    units: Units,
    client_for: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
    more: int,
) -> None:
    for number in range(more):
        person = create_staff(f"p{number}", name=f"员工 {number}", password=PASSWORD, by=TESTS)
        grant_role(person, role="specialist", unit=units.shop, by=TESTS)
        grant_role(person, role="editor", unit=units.south, by=TESTS)
    client = client_for(director)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(reverse("staff")).status_code == 200


LIST_QUERIES = 19
"""Session, person, permissions, units, the count, the people with grants and units, second steps, zone,
menu, and once more the permissions for the roles on offer."""


def test_the_export_follows_the_filters_and_disarms_formulas(
    director: Staff, lead: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    Staff.objects.filter(pk=lead.pk).update(name="=1+1")
    answer = client_for(director, "en").get(reverse("staff_export"), {"role": "lead"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines() == [
        "Name,Sign-in name,E-mail address,Roles,Two-factor sign-in,Last sign-in,May sign in",
        "'=1+1,lead,,Group lead · 花店一店,no,,yes",
    ]
    assert answer["Content-Disposition"].startswith('attachment; filename="Staff-')


NEW = {"name": "新人", "username": "new", "email": "", "password": PASSWORD, "role": "specialist"}


def test_a_lead_adds_a_person_with_a_first_role(lead: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    response = client_for(lead).post(reverse("staff_new"), NEW | {"unit": units.shop.pk})
    person = Staff.objects.get(username="new")
    assert response["Location"] == reverse("person", args=[person.pk])
    assert [(grant.role, grant.unit) for grant in person.grants.all()] == [("specialist", units.shop)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"username": "lead"}, "The sign-in name “lead” is taken."),
        ({"password": "short"}, "too short"),
        ({"role": "director"}, "Select a valid choice"),
    ],
)
def test_a_refused_person_is_not_made(
    lead: Staff, units: Units, client_for: Callable[..., Client], change: dict[str, str], sentence: str
) -> None:
    response = client_for(lead, "en").post(reverse("staff_new"), NEW | {"unit": units.shop.pk} | change)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not Staff.objects.filter(username="new").exists()


def test_a_role_the_giver_lacks_there_leaves_no_person_behind(
    lead: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    grant_role(lead, role="auditor", unit=units.headquarters, by=TESTS)
    response = client_for(lead, "en").post(reverse("staff_new"), NEW | {"unit": units.shop.pk, "role": "auditor"})
    assert Staff.objects.filter(username="new").exists() == (response.status_code == 302)


def test_a_role_is_given_and_taken_back(
    director: Staff, specialist: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    client = client_for(director, "en")
    form = {"role": "editor", "unit": units.south.pk}
    page = client.post(reverse("person_grant", args=[specialist.pk]), form, follow=True).content.decode()
    assert "专员 is now Content editor in “华南区”." in page
    grant = specialist.grants.get(role="editor")
    client.post(reverse("person_revoke", args=[specialist.pk, grant.pk]))
    assert [grant.role for grant in specialist.grants.all()] == ["specialist"]


def test_the_last_director_stays_and_the_page_says_why(director: Staff, client_for: Callable[..., Client]) -> None:
    grant = director.grants.get()
    address = reverse("person_revoke", args=[director.pk, grant.pk])
    page = client_for(director, "en").post(address, follow=True).content.decode()
    assert "This is the last director of “总部”." in page


def test_a_grant_of_another_person_is_not_found(
    director: Staff, specialist: Staff, lead: Staff, client_for: Callable[..., Client]
) -> None:
    address = reverse("person_revoke", args=[specialist.pk, lead.grants.get().pk])
    assert client_for(director).post(address).status_code == 404
    assert lead.grants.count() == 1


def test_who_loses_the_last_role_leaves_the_leads_list(
    lead: Staff, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    address = reverse("person_revoke", args=[specialist.pk, specialist.grants.get().pk])
    assert client_for(lead).post(address)["Location"] == reverse("staff")


def test_a_new_password_for_somebody_who_forgot(
    director: Staff, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    address = reverse("person_password", args=[specialist.pk])
    client = client_for(director, "en")
    assert "too short" in client.post(address, {"password": "short"}, follow=True).content.decode()
    page = client.post(address, {"password": "another good password"}, follow=True).content.decode()
    assert "has a new password and is signed out everywhere" in page
    specialist.refresh_from_db()
    assert specialist.check_password("another good password")


def test_a_password_never_comes_back_on_a_page(
    director: Staff, specialist: Staff, client_for: Callable[..., Client]
) -> None:
    address = reverse("person_password", args=[specialist.pk])
    page = client_for(director).post(address, {"password": "another good password"}, follow=True).content.decode()
    assert "another good password" not in page


def test_ones_own_password_and_second_step_are_in_the_profile(
    director: Staff, client_for: Callable[..., Client]
) -> None:
    client = client_for(director)
    told = [
        client.post(reverse(name, args=[director.pk]), {"password": "x"})["Location"]
        for name in ("person_password", "person_second_step")
    ]
    assert told == [reverse("account_change_password"), reverse("mfa_index")]


def test_an_account_is_closed_and_opened(director: Staff, specialist: Staff, client_for: Callable[..., Client]) -> None:
    client, address = client_for(director), reverse("person_standing", args=[specialist.pk])
    client.post(address)
    assert not Staff.objects.get(pk=specialist.pk).is_active
    client.post(address, {"open": "1"})
    assert Staff.objects.get(pk=specialist.pk).is_active


def test_a_lost_telephone(director: Staff, specialist: Staff, client_for: Callable[..., Client]) -> None:
    Authenticator.objects.create(user=specialist, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = client_for(director, "en")
    assert "Take the second step off" in client.get(reverse("person", args=[specialist.pk])).content.decode()
    client.post(reverse("person_second_step", args=[specialist.pk]))
    assert not Authenticator.objects.exists()


def test_somebody_above_is_only_looked_at(
    lead: Staff, director: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    grant_role(director, role="specialist", unit=units.shop, by=TESTS)
    client = client_for(lead, "en")
    page = client.get(reverse("person", args=[director.pk])).content.decode()
    assert "This person holds roles beyond yours" in page
    address = reverse("person_password", args=[director.pk])
    assert client.post(address, {"password": "another good password"}).status_code == 403


def test_the_page_shows_what_a_person_did_to_those_who_read_the_audit(
    director: Staff, specialist: Staff, lead: Staff, client_for: Callable[..., Client]
) -> None:
    client_for(specialist).post(reverse("set_language"), {"language": "en"})
    address = reverse("person", args=[specialist.pk])
    assert "A member of staff chose another language." in client_for(director, "en").get(address).content.decode()
    assert "What they did lately" not in client_for(lead, "en").get(address).content.decode()
