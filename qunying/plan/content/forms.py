"""What each form of content asks for beside words and pictures."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.text.addresses import OPENED, is_address
from qunying.plan.content.models import Form

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESS, LENGTH, STARTS, HOST = "address", "length", "starts", "host"
ASKED: dict[str, tuple[str, ...]] = {
    Form.VIDEO: (ADDRESS, LENGTH),
    Form.AUDIO: (ADDRESS, LENGTH),
    Form.LIVE: (STARTS, ADDRESS, HOST),
    Form.H5: (ADDRESS,),
}
"""Form → what it asks for: `starts` is local to the community (2026-03-06T19:30), `length` minutes and seconds."""
MOST_ADDRESS, MOST_HOST = 500, 40
_LENGTH = re.compile(r"(\d{1,3})[:：]([0-5]\d)")


def tidied_details(form: str, details: Mapping[str, str]) -> dict[str, str]:
    """What the form asks for, empty ones left out; QunyingError for what is no address, length or time."""
    given = {name: str(details.get(name, "")).strip() for name in ASKED.get(form, ())}
    kept = {name: _TIDY[name](value) for name, value in given.items() if value}
    return dict(sorted(kept.items()))


def _address(text: str) -> str:
    if not is_address(text, beginnings=OPENED) or len(text) > MOST_ADDRESS:
        raise QunyingError(_("“%(link)s” is no link. Begin it with https://.") % {"link": text[:60]})
    return text


def _length(text: str) -> str:
    hit = _LENGTH.fullmatch(text)
    if hit is None:
        raise QunyingError(_("Give the length as minutes and seconds, such as 2:30."))
    return f"{int(hit[1])}:{hit[2]}"


def _starts(text: str) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes")
    except ValueError:
        raise QunyingError(_("Say on which day and at what time it begins.")) from None


def _host(text: str) -> str:
    if len(text) > MOST_HOST:
        raise QunyingError(_("The host has a name of up to %(most)d characters.") % {"most": MOST_HOST})
    return text


_TIDY = {ADDRESS: _address, LENGTH: _length, STARTS: _starts, HOST: _host}
