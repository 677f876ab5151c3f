"""Signing in, and nothing else of allauth: what is not listed here cannot be reached."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.urls import path

from qunying.doors.console.ground.account import phone, second_step, sessions, views

urlpatterns = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/second-step/", second.index, name="mfa_index"),
    path("accounts/second-step/enter/", second.authenticate, name="mfa_authenticate"),
    path("accounts/second-step/again/", second.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/second-step/on/", login_required(second_step.TurnOn.as_view()), name="mfa_activate_totp"),
    path("accounts/second-step/off/", second_step.TurnOff.as_view(), name="mfa_deactivate_totp"),
    path("accounts/second-step/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "accounts/second-step/codes/new/",
        login_required(second_step.MakeCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path("accounts/passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("accounts/passkeys/again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("accounts/passkeys/new/", login_required(second_step.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "accounts/passkeys/<int:pk>/",
        login_required(second_step.RenamePasskey.as_view()),
        name="mfa_edit_webauthn",
    ),
    path(
        "accounts/passkeys/<int:pk>/remove/",
        login_required(second_step.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("accounts/sessions/", sessions.sessions, name="sessions"),
    path("accounts/sessions/others/end/", sessions.end_others, name="sessions_end_others"),
    path("accounts/sessions/<int:pk>/end/", sessions.end, name="session_end"),
    path("accounts/phone/", phone.phone, name="phone"),
    path("accounts/phone/drop/", phone.drop, name="phone_drop"),
    path("accounts/profile/", views.profile, name="profile"),
    path("look/language/", views.set_language, name="set_language"),
]
