"""Verbs on comings and goings: what the audit trail knows of signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.actors import System
from qunying.ground.audit.chain import keyring
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.digests import keyed_digest

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

SIGN_IN = declare_verb("staff.sign_in", _("A member of staff signed in."))
SIGN_OUT = declare_verb("staff.sign_out", _("A member of staff signed out."))
FAILED_SIGN_IN = declare_verb("staff.failed_sign_in", _("Somebody failed to sign in."))
TWO_FACTOR_ON = declare_verb("staff.two_factor_on", _("A member of staff set up a second step for signing in."))
TWO_FACTOR_OFF = declare_verb("staff.two_factor_off", _("A member of staff removed their second step for signing in."))
PASSKEY_ADDED = declare_verb("staff.passkey_on", _("A member of staff set up a passkey."))
PASSKEY_REMOVED = declare_verb("staff.passkey_off", _("A member of staff removed a passkey."))
NEW_CODES = declare_verb("staff.new_recovery_codes", _("A member of staff made new recovery codes."))


@transaction.atomic
def note_own_act(verb: str, *, by: Staff) -> None:
    """Write down what a person did to their own standing: one of the verbs above."""
    write_act(verb, by=by, subject_type="staff", subject_id=by.pk)


@transaction.atomic
def note_failed_sign_in(typed: str) -> None:
    """Write down a failure by the digest of the name typed: people type passwords into that field, too.

    The same name gives the same digest under this installation's key, so attempts can be counted.
    """
    digest = keyed_digest(keyring().digest, "sign-in", typed.strip().casefold()).hex()
    write_act(FAILED_SIGN_IN, by=System("sign-in"), subject_type="sign_in_name", subject_id=digest)
