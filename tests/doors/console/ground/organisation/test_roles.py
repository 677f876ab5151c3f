"""The pages of roles: a matrix for everyone, changes for those at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.ground.access.models import Role
from qunying.ground.access.queries import get_role
from qunying.ground.access.roles import PERMISSIONS, ROLES, Permission
from qunying.ground.access.services import grant_role
from qunying.ground.access.services_roles import copy_role
from tests.support.cast import PASSWORD, be_fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
MATRIX_QUERIES = 9


def test_the_roles_in_words(reviewer: Staff, client_for: Callable[..., Client]) -> None:
    page = client_for(reviewer, "en").get(reverse("roles"))
    assert len(page.context["table"]) == len(PERMISSIONS)
    assert [str(role.label) for role in page.context["roles"]][:3] == ["Director", "Group lead", "Specialist"]


@pytest.mark.parametrize("copies", [1, 3])
def test_the_matrix_asks_a_fixed_number_of_questions(
    copies: int,
    director: Staff,
    client_for: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(copies):
        copy_role("editor", label=f"甲{number}", by=director)
    client = client_for(director)
    with django_assert_num_queries(MATRIX_QUERIES):
        assert len(client.get(reverse("roles")).context["roles"]) == len(ROLES) + copies


def test_a_director_changes_copies_and_resets(
    director: Staff, specialist: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    client = client_for(director, "en")
    be_fresh(client)
    address = reverse("role", args=["specialist"])
    client.post(address, {"permissions": ["figures.see", "members.export"]})
    words = client.get(address).content.decode()
    assert get_role("specialist").permissions == {Permission.SEE_FIGURES, Permission.EXPORT}
    assert ("added here" in words, "taken off here" in words, "Shipped, changed here" in words) == (True, True, True)
    client.post(reverse("role_reset", args=["specialist"]))
    assert get_role("specialist").permissions == ROLES["specialist"][1]
    answer = client.post(reverse("role_copy", args=["specialist"]), {"label": "实习生"})
    made = Role.objects.get(label="实习生")
    assert answer["Location"] == reverse("role", args=[made.name])
    grant_role(specialist, role=made.name, unit=units.south, by=director)
    assert "实习生 · 华南区" in client.get(reverse("staff")).content.decode()


def test_a_change_asks_who_it_is_and_then_goes_on(director: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(director, "en")
    asked = client.post(reverse("role_copy", args=["editor"]), {"label": "实习生"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": PASSWORD})
    assert Role.objects.get(label="实习生").name.startswith("own-")


def test_ones_own_role_is_renamed_and_removed(director: Staff, client_for: Callable[..., Client]) -> None:
    made = copy_role("editor", label="甲", by=director)
    client = client_for(director, "en")
    client.post(reverse("role_rename", args=[made.name]), {"label": "乙"})
    assert "乙" in client.get(reverse("role", args=[made.name])).content.decode()
    answer = client.post(reverse("role_remove", args=[made.name]), follow=True)
    assert "“乙” is removed." in answer.content.decode()
    assert client.get(reverse("role", args=[made.name])).status_code == 404


def test_a_role_asks_for_a_second_step(director: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(director, "en")
    be_fresh(client)
    client.post(reverse("role_second_step", args=["lead"]), {"needed": "1"})
    assert get_role("lead").needs_second_step
    client.post(reverse("role_second_step", args=["lead"]), {"needed": "0"})
    assert not get_role("lead").needs_second_step


def test_others_look_and_change_nothing(lead: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(lead, "en")
    words = client.get(reverse("role", args=["specialist"])).content.decode()
    assert ("<button" in words.split('class="role-page"')[1].split("</main>")[0], "disabled" in words) == (False, True)
    assert client.post(reverse("role", args=["specialist"]), {"permissions": []}).status_code == 403


def test_the_director_cannot_be_changed(director: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(director, "en")
    be_fresh(client)
    answer = client.post(reverse("role", args=["director"]), {"permissions": []}, follow=True)
    assert "“Director” always holds everything" in answer.content.decode()
