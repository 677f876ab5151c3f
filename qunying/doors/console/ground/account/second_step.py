"""allauth's pages of the second step, with an act written for each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.urls import reverse_lazy

from qunying.doors.console.people import staff_of
from qunying.ground.access.sign_in import (
    NEW_CODES,
    PASSKEY_ADDED,
    PASSKEY_REMOVED,
    TWO_FACTOR_OFF,
    TWO_FACTOR_ON,
    note_own_act,
)

if TYPE_CHECKING:
    from django.http import HttpResponse


class TurnOn(ActivateTOTPView):  # type: ignore[misc]  # allauth's views are not typed
    """Setting up the app on the telephone."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """The code fits: keep the secret and write it down."""
        response: HttpResponse = super().form_valid(form)
        note_own_act(TWO_FACTOR_ON, by=staff_of(self.request))
        return response


class TurnOff(DeactivateTOTPView):  # type: ignore[misc]  # allauth's views are not typed
    """Taking the second step off again."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Forget the secret and write it down."""
        response: HttpResponse = super().form_valid(form)
        note_own_act(TWO_FACTOR_OFF, by=staff_of(self.request))
        return response


class MakeCodes(GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth's views are not typed
    """New recovery codes in place of the old ones."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Make them and write it down."""
        response: HttpResponse = super().form_valid(form)
        note_own_act(NEW_CODES, by=staff_of(self.request))
        return response


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]  # allauth's views are not typed
    """A passkey: a finger, a face or a key of metal in place of a code."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the public half and write it down."""
        response: HttpResponse = super().form_valid(form)
        note_own_act(PASSKEY_ADDED, by=staff_of(self.request))
        return response


class RenamePasskey(EditWebAuthnView):  # type: ignore[misc]  # allauth's views are not typed
    """Another name for a passkey."""

    success_url = reverse_lazy("mfa_index")


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # allauth's views are not typed
    """Taking a passkey off."""

    success_url = reverse_lazy("mfa_index")

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Forget it and write it down."""
        response: HttpResponse = super().form_valid(form)
        note_own_act(PASSKEY_REMOVED, by=staff_of(self.request))
        return response
