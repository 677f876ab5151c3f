"""Verbs on API keys: making, revoking, and telling by its text who comes in."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.access.roles import SCOPES, Permission
from qunying.ground.access.rules import may, may_make_key
from qunying.ground.audit.chain import keyring
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from qunying.ground.audit.actors import Actor, System
    from qunying.ground.units.models import Unit

CREATE_KEY = declare_verb("keys.create", _("An API key was made."))
REVOKE_KEY = declare_verb("keys.revoke", _("An API key was revoked."))

MOST_DAYS = 730
"""A key lives at most two years, unless it is made without an end."""

_TEXT = re.compile(r"qy_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_SEEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_key(  # noqa: PLR0913 - one argument for each thing a key has
    name: str,
    *,
    scopes: Collection[str],
    unit: Unit,
    by: Staff | System,
    owner: Staff | None = None,
    days: int | None = 90,
) -> tuple[ApiKey, str]:
    """Make a key; the row, and the text that opens, which is shown this once and kept nowhere.

    `days` is how long it lives, 1 to MOST_DAYS; None for a key without an end. Whoever makes it answers for it:
    it may do what is in `scopes` (names of permissions) only while they may, too. The system answers for
    nothing: where it makes a key, `owner` does.
    """
    owner = by if isinstance(by, Staff) else owner
    if owner is None:
        message = "A key needs a person who answers for it."
        raise ValueError(message)
    scopes = _checked_scopes(scopes)
    _check_may_make(owner, scopes, unit, by=by)
    prefix, secret = "".join(secrets.choice(_LETTERS) for _n in range(ApiKey.PREFIX_LENGTH)), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=_checked_name(name),
        prefix=prefix,
        digest=_digest(prefix, secret),
        scopes=scopes,
        unit=unit,
        owner=owner,
        expires_at=_end(days),
    )
    details = {"unit": unit.pk, "scopes": scopes, "days": days} | ({} if owner == by else {"owner": owner.pk})
    write_act(CREATE_KEY, by=by, subject_type="key", subject_id=key.pk, details=details)
    return key, f"qy_{prefix}_{secret}"


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor) -> None:
    """Have the key open nothing from now on; revoking it twice changes nothing."""
    if isinstance(by, Staff | ApiKey) and not may(by, Permission.EDIT_KEYS, key.unit):
        raise NotAllowedError(_("Your roles do not include the keys of “%(unit)s”.") % {"unit": key.unit.name})
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        return
    key.refresh_from_db(fields=["revoked_at"])
    write_act(REVOKE_KEY, by=by, subject_type="key", subject_id=key.pk)


def authenticate_key(text: str) -> ApiKey:
    """The key whose text this is, as an actor who holds permissions; its use is noted to the minute.

    Raises NotAllowedError, in one sentence for whatever is wrong with a key that nobody has, and in their own
    for a revoked or expired one, whose text only its user knows.
    """
    found = _TEXT.fullmatch(text.strip())
    key = ApiKey.objects.select_related("unit", "owner").filter(prefix=found[1]).first() if found else None
    if found is None or key is None or not hmac.compare_digest(bytes(key.digest), _digest(found[1], found[2])):
        raise NotAllowedError(_("This is not a key of this installation. Make one on the page “API keys”."))
    now = timezone.now()
    _check_opens(key, now)
    if key.last_used_at is None or key.last_used_at <= now - _SEEN_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
        key.last_used_at = now
    return key


def _check_may_make(owner: Staff, scopes: Collection[str], unit: Unit, *, by: Staff | System) -> None:
    if may_make_key(owner, scopes, unit):
        return
    if owner == by:
        raise NotAllowedError(
            _("A key can be given only what you may do in “%(unit)s” yourself.") % {"unit": unit.name}
        )
    raise NotAllowedError(
        _("%(name)s may not make a key that does all this in “%(unit)s”: a key may do only what its owner may.")
        % {"name": owner.name, "unit": unit.name}
    )


def _check_opens(key: ApiKey, now: datetime) -> None:
    if key.revoked_at is not None:
        raise NotAllowedError(_("The key “%(name)s” was revoked. Make another one.") % {"name": key.name})
    if not key.owner.is_active:
        raise NotAllowedError(
            _("The account of the person who answers for the key “%(name)s” is closed.") % {"name": key.name}
        )
    if not key.opens(now):
        raise NotAllowedError(_("The key “%(name)s” has expired. Make another one.") % {"name": key.name})


def _digest(prefix: str, secret: str) -> bytes:
    """Keyed by this installation: whoever reads the table can neither use a key nor look one up."""
    return keyed_digest(keyring().digest, "api key", prefix, secret)


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > ApiKey.NAME_LENGTH:
        raise QunyingError(_("A name has 1 to %(most)s characters.") % {"most": ApiKey.NAME_LENGTH})
    return name


def _checked_scopes(scopes: Collection[str]) -> list[str]:
    known = [scope.value for scope in SCOPES if scope in scopes]
    if not known or len(known) != len(set(scopes)):
        raise QunyingError(_("Choose at least one thing the key may do."))
    return known


def _end(days: int | None) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= MOST_DAYS:
        raise QunyingError(_("A key lives 1 to %(most)s days.") % {"most": MOST_DAYS})
    return timezone.now() + timedelta(days=days)
