"""The pictures of a delivery: `options["pictures"]` are the numbers of stored files, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.files.models import StoredFile
from qunying.ground.files.services import path_of
from qunying.ground.platforms.port import Picture, RefusedError
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.do.reach.models import Delivery

PICTURES = "pictures"


def pictures_of(delivery: Delivery) -> tuple[Picture, ...]:
    """What goes along with the words; raises RefusedError where one of the pictures is not there any more."""
    numbers = delivery.options.get(PICTURES, [])
    stored = StoredFile.objects.in_bulk(numbers) if numbers else {}
    return tuple(_read(stored.get(number)) for number in numbers)


def _read(stored: StoredFile | None) -> Picture:
    try:
        raw = path_of(stored).read_bytes() if stored is not None else b""
    except (QunyingError, OSError):
        raw = b""
    if stored is None or not raw:
        raise RefusedError(_("One of its pictures is not there any more. Put it in again, then send."))
    return Picture(stored.name, "image/png" if raw.startswith(b"\x89PNG") else "image/jpeg", raw)
