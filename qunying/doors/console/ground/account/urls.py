"""Signing in, and nothing else of allauth: what is not listed here cannot be reached."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from django.contrib.auth.decorators import login_required
from django.urls import path

from qunying.doors.console.ground.account import second_step, views

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
    path("accounts/second-step/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("accounts/profile/", views.profile, name="profile"),
    path("look/language/", views.set_language, name="set_language"),
]
