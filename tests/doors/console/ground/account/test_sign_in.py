"""Signing in: by name or address, with a second step where it is on, limited, and written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from qunying.ground.access.services import deactivate_staff, rename_staff
from qunying.ground.audit.models import Act
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_before() -> None:
    cache.clear()


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(reverse("account_login"), {"login": login, "password": password} | more)


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def verbs() -> list[tuple[str, str]]:
    acts = Act.objects.filter(verb__contains="sign").order_by("id")
    return list(acts.values_list("actor", "verb"))


@pytest.mark.parametrize("login", ["lead", "LEAD", " lead ", "lead@example.com", "Lead@Example.COM"])
def test_by_name_or_address_however_written(lead: Staff, client: Client, login: str) -> None:
    rename_staff(lead, name="群主", email="lead@example.com", by=TESTS)
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in_as(client) == str(lead.pk)


def test_signing_in_and_out_is_written_down(lead: Staff, client: Client) -> None:
    sign_in(client, "lead")
    client.post(reverse("account_logout"))
    assert verbs() == [(f"staff:{lead.pk}", "staff.sign_in"), (f"staff:{lead.pk}", "staff.sign_out")]
    assert signed_in_as(client) is None


def test_signing_in_makes_no_rows_of_addresses(lead: Staff, client: Client) -> None:
    rename_staff(lead, name="群主", email="lead@example.com", by=TESTS)
    sign_in(client, "lead@example.com")
    assert EmailAddress.objects.count() == 0


def test_a_failure_is_written_down_without_what_was_typed(lead: Staff, client: Client) -> None:
    for typed in ("lead", "Lead ", "my secret password"):
        assert sign_in(client, typed, "wrong").status_code == 200
    acts = list(Act.objects.filter(verb="staff.failed_sign_in").order_by("id"))
    assert [act.actor for act in acts] == ["system:sign-in"] * 3
    assert acts[0].subject_id == acts[1].subject_id != acts[2].subject_id
    assert not any("lead" in f"{act.subject_id}{act.details}" or "secret" in f"{act.details}" for act in acts)
    assert signed_in_as(client) is None


def test_a_wrong_name_and_a_wrong_password_read_the_same(lead: Staff, client: Client) -> None:
    answers = [sign_in(client, login, "wrong").content.decode() for login in ("lead", "nobody", "no@example.com")]
    assert ["登录名或密码不对" in answer for answer in answers] == [True, True, True]


def test_too_many_failures_close_the_door_for_a_while(lead: Staff, client: Client) -> None:
    for _attempt in range(5):
        sign_in(client, "lead", "wrong")
    response = sign_in(client, "lead", PASSWORD)
    assert "试的次数太多了" in response.content.decode()
    assert signed_in_as(client) is None
    assert verbs() == [("system:sign-in", "staff.failed_sign_in")] * 5
    assert Act.objects.filter(verb="staff.lock", subject_id=str(lead.pk)).count() == 1


def test_another_name_is_not_closed_with_it(lead: Staff, specialist: Staff, client: Client) -> None:
    for _attempt in range(6):
        sign_in(client, "lead", "wrong")
    sign_in(client, "specialist")
    assert signed_in_as(client) == str(specialist.pk)


def test_the_count_is_kept_where_every_process_sees_it() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    assert settings.Q_CLUSTER["cache"] == "process"


def test_many_names_from_one_place_are_stopped_too(lead: Staff, client: Client) -> None:
    for number in range(20):
        sign_in(client, f"guess{number}", "wrong")
    sign_in(client, "lead", PASSWORD)
    assert signed_in_as(client) is None


def test_a_closed_account_stays_outside(director: Staff, lead: Staff, client: Client) -> None:
    deactivate_staff(lead, by=director)
    response = sign_in(client, "lead")
    assert (response.status_code, response["Location"]) == (302, reverse("account_inactive"))
    assert signed_in_as(client) is None
    assert client.get(reverse("account_inactive")).status_code == 200


def test_closing_an_account_ends_its_sessions(director: Staff, lead: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(lead)
    assert client.get(reverse("profile")).status_code == 200
    deactivate_staff(lead, by=director)
    assert client.get(reverse("profile"))["Location"].startswith(reverse("account_login"))


def test_remembered_for_two_weeks_or_until_the_browser_closes(lead: Staff) -> None:
    kept, brief = Client(), Client()
    sign_in(kept, "lead", remember="on")
    sign_in(brief, "lead")
    ages = [client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] for client in (kept, brief)]
    assert ages == [14 * 24 * 3600, ""]


def test_cookies_cannot_be_read_by_scripts_nor_sent_from_elsewhere(lead: Staff, client: Client) -> None:
    sign_in(client, "lead")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_only_our_own_places_follow_a_sign_in(lead: Staff) -> None:
    inside, outside = Client(), Client()
    assert sign_in(inside, "lead", next="/units/")["Location"] == "/units/"
    assert sign_in(outside, "lead", next="https://evil.example/")["Location"] == "/"


def test_a_forged_form_is_refused(lead: Staff) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "lead").status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_set_password",
        "account_confirm_login_code",
        "account_email_verification_sent",
        "mfa_list_webauthn",
        "mfa_signup_webauthn",
        "mfa_download_recovery_codes",
        "mfa_trust",
        "socialaccount_connections",
    ],
)
def test_nothing_else_of_allauth_is_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_these_are_all_of_allauths_pages() -> None:
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.startswith(("account_", "mfa_", "socialaccount_", "usersessions_"))} == {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
    }


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def turn_on(client: Client) -> list[str]:
    """Set the second step up as a person would; the recovery codes."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]


def test_the_second_step_is_asked_for_and_opens(lead: Staff, client: Client) -> None:
    sign_in(client, "lead")
    codes = turn_on(client)
    client.post(reverse("account_logout"))
    response = sign_in(client, "lead")
    assert (response["Location"], signed_in_as(client)) == (reverse("mfa_authenticate"), None)
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert signed_in_as(client) is None
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert signed_in_as(client) == str(lead.pk)
    assert ("staff.two_factor_on") in [verb for _actor, verb in Act.objects.values_list("actor", "verb")]


def test_a_recovery_code_opens_once(lead: Staff, client: Client) -> None:
    sign_in(client, "lead")
    codes = turn_on(client)
    for expected in (str(lead.pk), None):
        client.post(reverse("account_logout"))
        client.cookies.clear()
        sign_in(client, "lead")
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert signed_in_as(client) == expected


def test_the_secret_lies_encrypted_in_the_database(lead: Staff, client: Client) -> None:
    sign_in(client, "lead")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    kept = Authenticator.objects.get(user=lead, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    assert decrypt(kept) == secret


def test_turning_it_off_asks_again_and_is_written_down(lead: Staff, client: Client) -> None:
    sign_in(client, "lead")
    turn_on(client)
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.filter(user=lead).exists()
    assert Act.objects.filter(verb="staff.two_factor_off", actor=lead.actor_key).count() == 1


def test_new_recovery_codes_replace_the_old(lead: Staff, client: Client) -> None:
    sign_in(client, "lead")
    old = turn_on(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    new = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert (len(new), set(new) & set(old)) == (10, set())
    assert Act.objects.filter(verb="staff.new_recovery_codes").count() == 1
    again = client.get(reverse("mfa_view_recovery_codes"))
    assert (new[0] in again.content.decode(), "****" in again.content.decode()) == (False, False)


def test_the_second_step_cannot_be_set_up_without_the_password(lead: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(lead)
    response = client.get(reverse("mfa_activate_totp"))
    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_a_changed_password_keeps_this_session_and_ends_the_others(
    lead: Staff, client_for: Callable[..., Client]
) -> None:
    here, there = client_for(lead), client_for(lead)
    new = "another good password"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), form).status_code == 302
    lead.refresh_from_db()
    assert lead.check_password(new)
    assert here.get(reverse("profile")).status_code == 200
    assert there.get(reverse("profile")).status_code == 302
    assert Act.objects.filter(verb="staff.password", actor=lead.actor_key).count() == 1


@pytest.mark.parametrize("new", ["short", "password123"])
def test_a_weak_password_is_refused_with_the_reason(lead: Staff, client_for: Callable[..., Client], new: str) -> None:
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    response = client_for(lead, "en").post(reverse("account_change_password"), form)
    assert response.status_code == 200
    assert "too " in response.content.decode()
