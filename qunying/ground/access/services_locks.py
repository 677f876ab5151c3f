"""Verbs on failures to sign in: counting them, closing the door for longer each time, opening it again."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qunying.ground.access.models import ApiKey, Device, SignInLock, Staff
from qunying.ground.access.rules import may_manage
from qunying.ground.access.services_devices import device_digest
from qunying.ground.access.sign_in import note_failed_sign_in
from qunying.ground.audit.actors import System
from qunying.ground.audit.chain import keyring
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.ground.audit.actors import Actor

LOCK = declare_verb("staff.lock", gettext_lazy("Too many failures closed signing in for a while."))
UNLOCK = declare_verb("staff.unlock", gettext_lazy("Signing in was opened again after too many failures."))

FREE_FOR_A_NAME = 5
FREE_FOR_AN_ADDRESS = 20
"""Failures before the door closes: in an office many people share one address."""

_FIRST, _LONGEST, _FORGOTTEN = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)
_DOORKEEPER = System("sign-in")


class LockedOutError(QunyingError):
    """The door is closed for a while; the sentence says for how long, and nothing of whether the name exists."""


def check_not_locked(typed: str, *, address: str, device: str) -> None:
    """Raise LockedOutError while failures keep the door closed for this name or this address.

    A browser that has signed in to the account before (`device`, its cookie) has a count of its own, so that a
    stranger's failures do not lock the owner out.
    """
    digests = [digest for digest, _free, _staff in _counted(typed, address, device)]
    closed = SignInLock.objects.filter(digest__in=digests, locked_until__gt=timezone.now())
    digest, until = closed.order_by("-locked_until").values_list("digest", "locked_until").first() or (b"", None)
    if until is not None:
        raise LockedOutError(_sentence(until, of_address=bytes(digest) == digests[-1]))


@transaction.atomic
def note_failure(typed: str, *, address: str, device: str) -> None:
    """Count a failure for the name and for the address; beyond the free ones each closes the door twice as long.

    A day without failures forgets them.
    """
    note_failed_sign_in(typed)
    now = timezone.now()
    SignInLock.objects.filter(failed_at__lt=now - _FORGOTTEN).delete()
    for digest, free, staff in _counted(typed, address, device):
        lock, _made = SignInLock.objects.get_or_create(digest=digest, defaults={"staff": staff, "failed_at": now})
        lock = SignInLock.objects.select_for_update().get(pk=lock.pk)
        lock.failures += 1
        lock.failed_at, lock.locked_until = now, _end(lock.failures - free, now)
        lock.save()
        if lock.locked_until:
            _note_lock(lock)


def forget_failures(staff: Staff, *, device: str) -> None:
    """The right password was given: what this browser failed before no longer counts for the account."""
    SignInLock.objects.filter(digest=_account_digest(staff, device)).delete()


@transaction.atomic
def unlock_sign_in(staff: Staff, *, by: Actor) -> None:
    """Open the account again at once; where it is open this changes nothing."""
    if isinstance(by, Staff | ApiKey) and by != staff and not may_manage(by, staff):
        raise NotAllowedError(
            _("%(name)s holds roles beyond yours. Ask someone who may give all of them.") % {"name": staff.name}
        )
    gone, _rows = SignInLock.objects.filter(staff=staff).delete()
    if gone:
        write_act(UNLOCK, by=by, subject_type="staff", subject_id=staff.pk)


def _counted(typed: str, address: str, device: str) -> list[tuple[bytes, int, Staff | None]]:
    """What a failure counts against: digest, how many are free, and the account where there is one."""
    typed = typed.strip()
    staff = Staff.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed, email__gt="")).first()
    name = _account_digest(staff, device) if staff else _digest("name", typed.casefold())
    return [(name, FREE_FOR_A_NAME, staff), (_digest("address", address), FREE_FOR_AN_ADDRESS, None)]


def _account_digest(staff: Staff, device: str) -> bytes:
    known = bool(device) and Device.objects.filter(staff=staff, digest=device_digest(device)).exists()
    return _digest("account", staff.pk, device if known else "")


def _digest(*parts: str | int) -> bytes:
    return keyed_digest(keyring().digest, "sign-in lock", *parts)


def _end(beyond: int, now: datetime) -> datetime | None:
    """1, 2, 4 … minutes, an hour at most."""
    return now + min(_FIRST * 2 ** min(beyond, 10), _LONGEST) if beyond >= 0 else None


def _note_lock(lock: SignInLock) -> None:
    kind, name = ("staff", str(lock.staff_id)) if lock.staff_id else ("sign_in_name", bytes(lock.digest).hex())
    write_act(LOCK, by=_DOORKEEPER, subject_type=kind, subject_id=name, details={"failures": lock.failures})


def _sentence(until: datetime, *, of_address: bool) -> str:
    minutes = max(1, ceil((until - timezone.now()).total_seconds() / 60))
    if of_address:  # which no director opens: the failures may go on against other accounts
        words = ngettext(
            "Too many attempts came from your network. Try again in %(minutes)d minute.",
            "Too many attempts came from your network. Try again in %(minutes)d minutes.",
            minutes,
        )
        return words % {"minutes": minutes}
    return ngettext(
        "Too many attempts. Try again in %(minutes)d minute, or ask a director to open the account.",
        "Too many attempts. Try again in %(minutes)d minutes, or ask a director to open the account.",
        minutes,
    ) % {"minutes": minutes}
