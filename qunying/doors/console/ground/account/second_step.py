"""allauth's pages of the second step, with an act written for each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction

from qunying.doors.console.people import staff_of
from qunying.ground.access.sign_in import NEW_CODES, TWO_FACTOR_OFF, TWO_FACTOR_ON, note_own_act

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
