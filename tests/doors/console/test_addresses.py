"""What people or programs put into an address where a number belongs is answered, never a fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
NO_NUMBERS = ["²", "٣", "9" * 30, "9" * 5000, "-1", "1.0"]


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize(("name", "field"), [("staff", "unit"), ("jobs", "q")])
def test_a_list_leaves_aside_what_is_no_number(
    client: Client, director: Staff, name: str, field: str, text: str
) -> None:
    client.force_login(director)
    assert client.get(reverse(name), {field: text}).status_code == 200


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_so_does_the_list_of_members(client: Client, director: Staff, community: Community, text: str) -> None:
    client.force_login(director)
    address = reverse("members", args=[community.slug])
    assert client.get(address, {"tag": text, "segment": text}).status_code == 200


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_figures_of_a_unit_that_is_no_number_are_not_found(client: Client, director: Staff, text: str) -> None:
    client.force_login(director)
    assert client.get(reverse("activity"), {"unit": text}).status_code == 404
