"""Pictures that go along with words: uploaded for a sending, named by deliveries, handed to connectors and people.

A delivery names them in its options as `pictures`: ids of stored files, in their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.files.models import StoredFile
from qunying.ground.platforms.port import Picture
from qunying.kit.errors import QunyingError
from qunying.plan.materials.models import Material
from qunying.plan.materials.services_pictures import keep_picture, picture_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.do.reach.models import Delivery, Sending
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

PICTURES = "pictures"
MOST_PICTURES = 9
"""As many as a chat lays out in one block."""


def take_picture(raw: bytes, *, name: str, community: Community, by: Actor) -> StoredFile:
    """Keep an uploaded picture for what the community sends; raises QunyingError for what is none."""
    return keep_picture(raw, name=name, unit=community.unit, by=by)


def named_in(delivery: Delivery) -> list[int]:
    """The ids of the stored files that a delivery names, whoever planned it."""
    named = delivery.options.get(PICTURES) if isinstance(delivery.options, dict) else None
    return [one for one in named if isinstance(one, int)] if isinstance(named, list) else []


def stored(ids: Sequence[int]) -> list[StoredFile]:
    """The files of these ids, in this order; those that are not there are left out. At most one query."""
    found = StoredFile.objects.in_bulk(ids) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def pictures_of(delivery: Delivery) -> list[StoredFile]:
    """The pictures of a delivery, in their order."""
    return stored(named_in(delivery))


def pictures_of_many(deliveries: Iterable[Delivery]) -> dict[int, list[StoredFile]]:
    """The pictures of each delivery by its id. At most one query."""
    named = {one.pk: named_in(one) for one in deliveries}
    found = {one.pk: one for one in stored(sorted({pk for ids in named.values() for pk in ids}))}
    return {delivery: [found[pk] for pk in ids if pk in found] for delivery, ids in named.items()}


def still_shown(sending: Sending) -> list[Material]:
    """The materials it used before whose picture, in whichever version, still goes along with it."""
    used = Material.objects.filter(uses__what="sending", uses__what_id=sending.pk)
    return list(used.filter(versions__file__in=sending.pictures).distinct())


def digests_of(ids: Sequence[int]) -> list[str]:
    """What names the content of these pictures; nothing where there are none."""
    return [one.digest for one in stored(ids)]


def handed(delivery: Delivery) -> tuple[Picture, ...]:
    """Its pictures as a connector takes them; raises QunyingError where one of them is not there any more."""
    found = pictures_of(delivery)
    if len(found) < len(named_in(delivery)):
        raise QunyingError(_("One of its pictures is not there any more. Put it in again, then send."))
    return tuple(outgoing(one) for one in found)


def outgoing(one: StoredFile) -> Picture:
    """A picture as a connector takes it; raises QunyingError where its content is gone."""
    content, media_type = picture_bytes(one)
    return Picture(one.name, media_type, content)
