"""A person's own name, address and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db


def test_name_address_and_language_are_kept(reviewer: Staff, client_for: Callable[..., Client]) -> None:
    wanted = {"name": "小审", "email": "shen@example.com", "language": "en"}
    response = client_for(reviewer).post(reverse("profile"), wanted, follow=True)
    reviewer.refresh_from_db()
    assert (reviewer.name, reviewer.email, reviewer.language) == ("小审", "shen@example.com", "en")
    assert "Your profile is saved." in response.content.decode()


def test_a_refusal_stands_above_the_form(reviewer: Staff, lead: Staff, client_for: Callable[..., Client]) -> None:
    type(lead).objects.filter(pk=lead.pk).update(email="lead@example.com")
    wanted = {"name": "小审", "email": "LEAD@example.com", "language": "en"}
    response = client_for(reviewer, "en").post(reverse("profile"), wanted)
    assert "Someone else on the staff has the address LEAD@example.com already." in response.content.decode()
    reviewer.refresh_from_db()
    assert reviewer.name == "审核员"


def test_the_persons_language_wins_over_the_browsers(reviewer: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(reviewer, "zh-hans")
    del client.cookies[settings.LANGUAGE_COOKIE_NAME]
    response = client.get(reverse("profile"), headers={"accept-language": "en"})
    assert 'lang="zh-hans"' in response.content.decode()
    assert response["Content-Language"] == "zh-hans"


def test_the_switch_is_kept_with_the_person(reviewer: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(reviewer, "zh-hans")
    response = client.post(reverse("set_language"), {"language": "en", "next": "/accounts/profile/"})
    assert response["Location"] == "/accounts/profile/"
    reviewer.refresh_from_db()
    assert reviewer.language == "en"
    assert 'lang="en"' in client.get("/accounts/profile/").content.decode()


def test_the_switch_works_before_signing_in(client: Client, db: None) -> None:
    client.post(reverse("set_language"), {"language": "en", "next": reverse("account_login")})
    assert "Sign-in name or e-mail address" in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(client: Client, db: None, back: str) -> None:
    assert client.post(reverse("set_language"), {"language": "en", "next": back})["Location"] == "/"


def test_a_language_that_is_not_spoken_changes_nothing(reviewer: Staff, client_for: Callable[..., Client]) -> None:
    client_for(reviewer, "zh-hans").post(reverse("set_language"), {"language": "tlh"})
    reviewer.refresh_from_db()
    assert reviewer.language == "zh-hans"
