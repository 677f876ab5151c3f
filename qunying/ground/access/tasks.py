"""Wrappers for the job clusters; they take ids."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qunying.ground.access.models import Device


def mail_new_device(device_id: int) -> bool:
    """Tell a person by mail that somebody signed in as them from a new browser; False where there is nobody to tell."""
    device = Device.objects.select_related("staff").filter(pk=device_id).first()
    if device is None or not device.staff.email:
        return False
    with translation.override(device.staff.language):
        EmailMessage(_("Qunying: a new browser signed in as you"), _words(device), to=[device.staff.email]).send()
    return True


def _words(device: Device) -> str:
    seen = timezone.localtime(device.first_seen_at).strftime("%Y-%m-%d %H:%M %Z")
    first = _("Somebody signed in as “%(name)s” at %(when)s from %(address)s.") % {
        "name": device.staff.username,
        "when": seen,
        "address": device.address or "–",
    }
    second = _("If it was not you: change your password and end the other sessions in your profile.")
    return f"{first}\n\n{second}\n"
