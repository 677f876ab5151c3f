"""Whether a version has what its form asks for, and whether what it takes from the library may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.plan.content.checks import STOP, WARN, Found, register_check
from qunying.plan.content.forms import ADDRESS, HOST, LENGTH, STARTS
from qunying.plan.content.models import Form
from qunying.plan.materials.queries import ends_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.plan.content.models import Version
    from qunying.plan.materials.models import Material


def register_parts() -> None:
    """Have these checks look at what is handed in."""
    register_check("form", label=gettext_lazy("What its form asks for"), find=find_missing_parts)
    register_check("material", label=gettext_lazy("Materials"), find=find_unusable)


def find_missing_parts(version: Version) -> Iterator[Found]:
    """What a picture, film, sound, live room or web page cannot go out without, and what it would better have."""
    reachable = bool(version.details.get(ADDRESS) or version.material_id or version.links)
    pictured = version.pictures.exists()
    played = version.form in {Form.VIDEO, Form.AUDIO}
    rules = (
        (version.form == Form.IMAGE and not pictured, _("There is no picture in it yet."), STOP),
        (played and not reachable, _("Choose a file from the library, or give its address."), STOP),
        (played and not version.details.get(LENGTH), _("Say how long it is, so that people know."), WARN),
        (version.form == Form.LIVE and not version.details.get(STARTS), _("Say when it begins."), STOP),
        (version.form == Form.LIVE and not reachable, _("Give the address of the live room."), STOP),
        (version.form == Form.LIVE and not version.details.get(HOST), _("Say who is live."), WARN),
        (version.form == Form.H5 and not reachable, _("Give the address of the page."), STOP),
        (version.form == Form.H5 and not pictured, _("A cover picture makes people open it."), WARN),
    )
    for applies, reason, severity in rules:
        if applies:
            yield Found("form", _("Something is missing"), None, None, "", reason, severity)


def find_unusable(version: Version) -> Iterator[Found]:
    """Materials that are over, not yet to be used, without a right or put away on the day the entry goes out."""
    day = version.entry.slot_day or timezone.localdate(timezone=ZoneInfo(version.entry.community.timezone))
    pictures = version.pictures.filter(material__isnull=False).select_related("material").order_by("place")
    for material in dict.fromkeys([one.material for one in pictures] + [version.material]):
        if material is not None:
            yield from _against(material, day)


def _against(material: Material, day: date) -> Iterator[Found]:
    last = ends_on(material)
    if last is not None and last < day:
        yield _found(material, _("It may be used until %(day)s.") % {"day": last.isoformat()}, STOP)
    if material.valid_from is not None and material.valid_from > day:
        yield _found(material, _("It may be used from %(day)s on.") % {"day": material.valid_from.isoformat()}, STOP)
    if not material.licence:
        yield _found(material, _("Say in the library by what right it is used."), STOP)
    if material.archived_at is not None:
        yield _found(material, _("It was put away. Look whether it is still right."), WARN)


def _found(material: Material, reason: str, severity: str) -> Found:
    return Found("material", _("Material"), None, None, material.name, reason, severity)
