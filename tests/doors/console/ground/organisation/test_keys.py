"""The page of API keys: making one shows its text once; the list finds, exports and revokes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.ground.access.models import ApiKey
from qunying.ground.access.roles import Permission
from qunying.ground.access.services import deactivate_staff
from qunying.ground.access.services_keys import authenticate_key, create_key, revoke_key
from tests.support.cast import TESTS, be_fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
LOOK = [Permission.SEE_FIGURES]
LIST_QUERIES = 10


def test_a_key_is_made_and_shown_once(lead: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    client = client_for(lead, "en")
    assert client.get(reverse("key_new"))["Location"].startswith(reverse("account_reauthenticate"))
    be_fresh(client)
    posted = {"name": "Till", "unit": units.shop.pk, "scopes": ["figures.see", "imports.run"], "days": "30"}
    answer = client.post(reverse("key_new"), posted)
    text = re.findall(r"qy_[a-z0-9]{8}_[\w-]{43}", answer.content.decode())[0]
    assert answer.headers["Cache-Control"] == "no-store"
    assert authenticate_key(text).scopes == ["figures.see", "imports.run"]
    assert text not in client.get(reverse("keys")).content.decode()


def test_a_form_with_faults_comes_back(lead: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    client = client_for(lead, "en")
    be_fresh(client)
    answer = client.post(reverse("key_new"), {"name": "Till", "unit": units.shop.pk, "days": "30"})
    assert (answer.status_code, ApiKey.objects.count()) == (400, 0)
    assert "This field is required." in answer.content.decode()


def test_the_form_offers_only_what_one_holds(lead: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    client = client_for(lead, "en")
    be_fresh(client)
    words = client.get(reverse("key_new")).content.decode()
    offered = re.findall(r'name="scopes" value="([\w.]+)"', words)
    assert ("members.unmask" in offered, "audit.see" in offered, "staff.edit" in offered) == (True, False, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_a_fixed_number_of_questions(
    rows: int,
    lead: Staff,
    units: Units,
    client_for: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(rows):
        create_key(f"甲{number}", scopes=LOOK, unit=units.shop, by=lead)
    client = client_for(lead)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(reverse("keys")).content.decode().count("<code>qy_") == rows


def test_the_list_is_searched_by_words_and_state(
    director: Staff, lead: Staff, units: Units, client_for: Callable[..., Client]
) -> None:
    create_key("Till", scopes=LOOK, unit=units.shop, by=director)
    revoked, _text = create_key("Old till", scopes=LOOK, unit=units.shop, by=director)
    revoke_key(revoked, by=TESTS)
    create_key("Orphan", scopes=LOOK, unit=units.shop, by=lead)
    deactivate_staff(lead, by=TESTS)
    client = client_for(director, "en")

    def names(**asked: str) -> list[str]:
        words = client.get(reverse("keys"), {"order": "name", **asked}).content.decode()
        return re.findall(r'<td class="main">([^<]+)</td>', words)

    assert names() == ["Old till", "Orphan", "Till"]
    assert names(q="till") == ["Old till", "Till"]
    assert (names(state="open"), names(state="revoked"), names(state="closed")) == (["Till"], ["Old till"], ["Orphan"])
    assert names(state="expired") == []


def test_an_empty_list_has_nothing_to_filter(lead: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(lead, "en")
    assert 'name="state"' not in client.get(reverse("keys")).content.decode()
    assert 'name="state"' in client.get(reverse("keys"), {"q": "till"}).content.decode()


def test_the_file_holds_no_secret(lead: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    key, text = create_key("Till", scopes=LOOK, unit=units.shop, by=lead)
    answer = client_for(lead, "en").get(reverse("keys_export"))
    words = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert f"Till,qy_{key.prefix},See figures and reports,花店一店,群主," in words
    assert text[12:] not in words


def test_revoking_leads_back_to_the_list(lead: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    key, _text = create_key("Till", scopes=LOOK, unit=units.shop, by=lead)
    answer = client_for(lead, "en").post(reverse("key_revoke", args=[key.pk]), follow=True)
    assert "The key “Till” opens nothing any more." in answer.content.decode()
    key.refresh_from_db()
    assert key.revoked_at is not None
