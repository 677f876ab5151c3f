"""Who may do what with journeys, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.do.reach.rules import answering
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may

if TYPE_CHECKING:
    from qunying.do.journeys.models import Version
    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community


def may_run(staff: Holder, community: Community) -> bool:
    """Whether this person may write journeys here, hand them in, pause and end them, start and stop people on them."""
    return may(staff, Permission.SEND, community.unit)


def may_release(staff: Holder, version: Version) -> bool:
    """Whether this person may release it: who gives second reviews here, and did not write it, by no key either."""
    reviews = may(staff, Permission.REVIEW_SECOND, version.journey.community.unit)
    return reviews and version.author_id != answering(staff).pk
