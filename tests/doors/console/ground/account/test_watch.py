"""While somebody is signed in: a second step that is due, new browsers, sessions and their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from qunying.doors.console.ground.account.agents import agent_icon, agent_words
from qunying.ground.access.services_locks import FREE_FOR_A_NAME
from qunying.ground.access.services_roles import require_second_step
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0"


@pytest.fixture(autouse=True)
def _no_attempts_before() -> None:
    cache.clear()


def enter(username: str, agent: str = CHROME, client: Client | None = None) -> Client:
    client = client or Client(headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": username, "password": PASSWORD})
    return client


def test_a_role_that_asks_for_it_leads_to_the_second_step(lead: Staff) -> None:
    require_second_step("lead", needed=True, by=TESTS)
    client = enter("lead")
    answer = client.get(reverse("profile"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))
    assert client.get(reverse("mfa_index")).status_code == 200
    Authenticator.objects.create(user=lead, type=Authenticator.Type.TOTP, data={})
    assert client.get(reverse("profile")).status_code == 200


def test_signing_out_stays_possible(lead: Staff) -> None:
    require_second_step("lead", needed=True, by=TESTS)
    client = enter("lead")
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")


def test_the_installation_may_ask_everybody(specialist: Staff, settings: SettingsWrapper) -> None:
    settings.SECOND_STEP_FOR_ALL = True
    assert enter("specialist").get(reverse("profile"))["Location"] == reverse("mfa_index")


def test_a_session_that_is_open_learns_of_it_within_five_minutes(lead: Staff) -> None:
    client = enter("lead")
    require_second_step("lead", needed=True, by=TESTS)
    assert client.get(reverse("profile")).status_code == 200
    session = client.session
    session["watch"] = session["watch"] | {"at": 0}
    session.save()
    assert client.get(reverse("profile"))["Location"] == reverse("mfa_index")


def test_other_roles_are_left_alone(specialist: Staff, lead: Staff) -> None:
    require_second_step("lead", needed=True, by=TESTS)
    assert enter("specialist").get(reverse("profile")).status_code == 200


def test_a_new_browser_is_told_of_where_one_was_before(lead: Staff) -> None:
    old = enter("lead")
    enter("lead", PHONE)
    enter("lead", client=old)
    session = old.session
    session["watch"] = session["watch"] | {"at": 0}
    session.save()
    words = old.get(reverse("profile")).content.decode()
    assert ("微信 · iPhone" in words or "WeChat · iPhone" in words, "127.0.0.1" in words) == (True, True)
    assert "iPhone" not in old.get(reverse("profile")).content.decode()


def test_sessions_are_listed_and_ended(lead: Staff) -> None:
    here, there = enter("lead"), enter("lead", PHONE)
    page = here.get(reverse("sessions"))
    assert [(row["here"], row["words"], row["icon"]) for row in page.context["rows"]] == [
        (True, "Chrome · Windows", "device-desktop"),
        (False, "WeChat · iPhone", "device-mobile"),
    ]
    here.post(reverse("session_end", args=[page.context["rows"][1]["session"].pk]))
    assert there.get(reverse("profile"))["Location"].startswith(reverse("account_login"))
    assert here.get(reverse("profile")).status_code == 200


def test_all_others_end_at_once(lead: Staff) -> None:
    here, others = enter("lead"), [enter("lead", PHONE) for _number in range(2)]
    here.post(reverse("sessions_end_others"))
    assert [other.get(reverse("profile")).status_code for other in others] == [302, 302]
    assert UserSession.objects.filter(user=lead).count() == 1


def test_nobody_ends_the_sessions_of_another(lead: Staff, specialist: Staff) -> None:
    theirs, mine = enter("specialist"), enter("lead")
    mine.post(reverse("session_end", args=[UserSession.objects.get(user=specialist).pk]))
    assert theirs.get(reverse("profile")).status_code == 200


def test_a_closed_account_is_opened_on_the_page_of_the_person(
    director: Staff, lead: Staff, client: Client, client_for: Callable[..., Client]
) -> None:
    for _time in range(FREE_FOR_A_NAME):
        client.post(reverse("account_login"), {"login": "lead", "password": "wrong"})
    keeper = client_for(director, "en")
    assert "Too many failures closed the account" in keeper.get(reverse("person", args=[lead.pk])).content.decode()
    keeper.post(reverse("person_unlock", args=[lead.pk]))
    assert enter("lead").get(reverse("profile")).status_code == 200


def test_a_director_signs_somebody_out_everywhere(
    director: Staff, lead: Staff, client_for: Callable[..., Client]
) -> None:
    theirs = enter("lead")
    client_for(director, "en").post(reverse("person_sign_out", args=[lead.pk]))
    assert theirs.get(reverse("profile")).status_code == 302


@pytest.mark.parametrize(
    ("agent", "words", "icon"),
    [
        (CHROME, "Chrome · Windows", "device-desktop"),
        (PHONE, "WeChat · iPhone", "device-mobile"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Version/18 Safari/605", "Safari · macOS", "device-desktop"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge · Windows", "device-desktop"),
        ("curl/8", "unknown browser", "device-desktop"),
    ],
)
def test_a_browser_in_two_words(agent: str, words: str, icon: str) -> None:
    assert (agent_words(agent), agent_icon(agent)) == (words, icon)
