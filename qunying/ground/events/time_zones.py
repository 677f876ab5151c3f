"""Moving a community to another time zone, which only the log can allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.models import Event
from qunying.ground.groups.services import check_time_zone
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

SET_TIME_ZONE = declare_verb("communities.set_time_zone", _("A community was given another time zone."))


def has_facts(community: Community) -> bool:
    """Whether anything at all is recorded of this community."""
    return Event.objects.filter(community=community).exists()


@transaction.atomic
def set_time_zone(community: Community, *, timezone: str, by: Actor) -> None:
    """Give the community another time zone; raises QunyingError once facts have been counted in days of the old one."""
    if timezone == community.timezone:
        return
    check_time_zone(timezone)
    if has_facts(community):
        raise QunyingError(
            _("The time zone of “%(name)s” stays: facts have been counted in its days.") % {"name": community.name}
        )
    community.timezone = timezone
    community.save(update_fields=["timezone"])
    details = {"timezone": timezone}
    write_act(SET_TIME_ZONE, by=by, subject_type="community", subject_id=community.pk, details=details)
