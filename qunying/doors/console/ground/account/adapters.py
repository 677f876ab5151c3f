"""How allauth is bent to the house: no public sign-up, acts written down, secrets encrypted."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunying.doors.console.ground.account.watch import begin_watch, token_of
from qunying.ground.access.models import Staff
from qunying.ground.access.services import change_password
from qunying.ground.access.services_locks import (
    LockedOutError,
    check_not_locked,
    forget_failures,
    note_failure,
)
from qunying.ground.access.sign_in import SIGN_IN, SIGN_OUT, note_own_act
from qunying.ground.audit.chain import keyring
from qunying.kit.crypto import decrypt, encrypt

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest

_WRONG = _("The name or the password is not right.")
_TOO_MANY = _("Too many attempts. Wait five minutes and try again.")
_WRONG_CODE = _("The code is not right. Take the newest one from the app.")


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth's adapters are not typed
    """Signing in and out."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "enter_current_password": _("The present password is not right."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": _WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Nobody signs up: people are added by those who may."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Open the session and write down that it was opened."""
        super().login(request, user)
        if isinstance(user, Staff):
            note_own_act(SIGN_IN, by=user)
            begin_watch(request, user, address=self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        """Close the session and write down that it was closed."""
        user = request.user
        super().logout(request)
        if isinstance(user, Staff):
            note_own_act(SIGN_OUT, by=user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while the door is closed after too many failures; the password is not even looked at."""
        try:
            check_not_locked(_typed(credentials), address=self.get_client_ip(request), device=token_of(request))
        except LockedOutError as closed:
            raise ValidationError(str(closed), code="too_many_login_attempts") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Whose password this is; the right one forgets the failures before it."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if isinstance(user, Staff):
            forget_failures(user, device=token_of(request))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a failure and write it down, by the digest of what was typed."""
        note_failure(_typed(credentials), address=self.get_client_ip(request), device=token_of(request))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A person changes their own password, by the same verb as everybody."""
        if isinstance(user, Staff):
            change_password(user, password=password, by=user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Qunying sends no mail of its own."""


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth's adapters are not typed
    """The second step: its secrets lie encrypted in the database."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The sign-in name, so that the app on the telephone tells accounts apart."""
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """This host, under the product's name: what a telephone shows when it asks for a finger."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Qunying"}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 - allauth's name
        """A name to begin with, in the language of the page."""
        return _("Passkey %(number)d") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def encrypt(self, text: str) -> str:
        """The secret under the installation's present key, as text."""
        return base64.b64encode(encrypt(keyring(), text, bound_to="second step")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given."""
        return decrypt(keyring(), base64.b64decode(encrypted_text), bound_to="second step")
