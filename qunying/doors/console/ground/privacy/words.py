"""Kinds, states and sources of requests and consents, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.privacy.models import Consent, Minor
from qunying.ground.subjects.models import SubjectRequest

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KINDS: dict[str, _StrPromise] = {
    SubjectRequest.Kind.EXPORT: _("A copy of everything"),
    SubjectRequest.Kind.CORRECTION: _("Put something right"),
    SubjectRequest.Kind.FREEZE: _("Stop using my data"),
    SubjectRequest.Kind.ERASURE: _("Erase me"),
}
STATES: dict[str, tuple[_StrPromise, str, str]] = {
    SubjectRequest.State.OPEN: (_("To answer"), "clock", "level-notice"),
    SubjectRequest.State.DONE: (_("Answered"), "circle-check", ""),
    SubjectRequest.State.REFUSED: (_("Refused"), "circle-x", ""),
}
"""State → its word, its picture, its level."""
LATE = (_("Overdue"), "alert-circle", "level-emergency")
SOURCES: dict[str, _StrPromise] = {
    Consent.Source.HAND: _("Written down by hand"),
    Consent.Source.FORM: _("A form they filled in"),
    Consent.Source.IMPORT: _("A file"),
    Consent.Source.PLATFORM: _("The platform"),
}
BANDS: dict[str, _StrPromise] = {
    "": _("Of age"),
    Minor.Band.YOUTH: _("Under 18"),
    Minor.Band.CHILD: _("Under 14"),
}
