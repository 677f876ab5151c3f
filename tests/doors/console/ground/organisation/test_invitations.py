"""The pages of invitations: inviting, the link, joining."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from qunying.ground.access.models import Staff
from qunying.ground.access.services_invitations import invite
from tests.support.cast import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
LIST_QUERIES = 11


def post(client: Client, units: Units, **more: str) -> str:
    posted = {"role": "specialist", "unit": str(units.shop.pk), "days": "7", **more}
    return client.post(reverse("invitation_new"), posted).content.decode()


def test_a_link_leads_in(lead: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    cache.clear()
    words = post(client_for(lead, "en"), units)
    link = re.findall(r"http://testserver(/join/[\w-]{43}/)", words)[0]
    newcomer = Client(headers={"accept-language": "en"})
    page = newcomer.get(link)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "群主 invites you to work as Specialist in “花店一店”." in page.content.decode()
    joined = {"name": "新人", "username": "new", "password": PASSWORD}
    assert newcomer.post(link, joined)["Location"] == reverse("account_login")
    assert newcomer.get(link).status_code == 404
    newcomer.post(reverse("account_login"), {"login": "new", "password": PASSWORD})
    assert newcomer.get(reverse("communities")).status_code == 200
    assert "Accepted · 新人" in client_for(lead, "en").get(reverse("invitations")).content.decode()


def test_a_refusal_stands_above_the_form(lead: Staff, units: Units) -> None:
    _made, secret = invite("specialist", unit=units.shop, by=lead)
    client = Client(headers={"accept-language": "en"})
    answer = client.post(reverse("join", args=[secret]), {"name": "新", "username": "lead", "password": PASSWORD})
    assert (answer.status_code, "is taken" in answer.content.decode()) == (400, True)


def test_it_is_mailed_where_mail_is_set_up(
    lead: Staff, units: Units, client_for: Callable[..., Client], settings: SettingsWrapper
) -> None:
    post(client_for(lead, "en"), units, email="new@example.com")
    assert mail.outbox == []
    settings.EMAIL_HOST = "mail.example.com"
    words = post(client_for(lead, "en"), units, email="new@example.com")
    assert "on its way to new@example.com" in words
    assert (mail.outbox[0].to, "/join/" in str(mail.outbox[0].body)) == (["new@example.com"], True)


def test_it_is_taken_back_and_exported(lead: Staff, units: Units, client_for: Callable[..., Client]) -> None:
    made, secret = invite("specialist", unit=units.shop, by=lead)
    client = client_for(lead, "en")
    client.post(reverse("invitation_revoke", args=[made.pk]))
    assert client.get(reverse("join", args=[secret])).status_code == 404
    words = b"".join(client.get(reverse("invitations_export")).streaming_content).decode()  # type: ignore[attr-defined]
    assert ("Specialist,花店一店,,群主," in words, "Taken back" in words, secret in words) == (True, True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_a_fixed_number_of_questions(
    rows: int,
    lead: Staff,
    units: Units,
    client_for: Callable[..., Client],
    django_assert_num_queries: Callable[..., object],
) -> None:
    for _number in range(rows):
        invite("specialist", unit=units.shop, by=lead)
    client = client_for(lead)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(reverse("invitations")).context["rows"]) == rows
    assert Staff.objects.count() == 1
