"""What reach asks of this app: whether just these words were released, and whether they may leave now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.journeys.ledger import ORIGIN
from qunying.do.journeys.models import Journey, Version
from qunying.do.journeys.reading import hash_of_definition
from qunying.do.reach.port import Guard, Verdict, register_approver, register_guard
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from qunying.do.reach.models import Delivery

_SOON = timedelta(minutes=1)


def approved(delivery: Delivery) -> bool:
    """Whether the version behind a delivery was released with just the content it has now."""
    version = Version.objects.filter(pk=to_id(delivery.origin_id) or 0).exclude(state=Version.State.DRAFT).first()
    if version is None or delivery.content_hash != version.content_hash:
        return False
    return hash_of_definition(version.definition) == version.content_hash


def paused(deliveries: Sequence[Delivery], moment: datetime) -> Mapping[int, Verdict]:
    """The journey is paused: what waits leaves once it goes on."""
    asked = {place: to_id(one.origin_id) or 0 for place, one in enumerate(deliveries) if one.origin == ORIGIN}
    if not asked:
        return {}
    held = Version.objects.filter(pk__in=set(asked.values()), journey__state=Journey.State.PAUSED)
    names = dict(held.values_list("pk", "journey__name"))
    words = _("The journey “%(name)s” is paused.")
    return {
        place: Verdict("journey", words % {"name": names[version]}, moment + _SOON)
        for place, version in asked.items()
        if version in names
    }


def register() -> None:
    """Answer for the words of journeys."""
    register_approver(ORIGIN, approved)
    register_guard(Guard("journey", gettext_lazy("Paused journeys"), paused, standing=True))
