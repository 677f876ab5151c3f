"""Verbs on communities, groups and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Community, Group
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

CREATE_COMMUNITY = declare_verb("communities.create", _("A community was made."))
CREATE_GROUP = declare_verb("groups.create", _("A group was made."))


@transaction.atomic
def create_community(  # noqa: PLR0913 - what a community is born with
    slug: str,
    *,
    name: str,
    unit: Unit,
    by: Actor,
    timezone: str = "Asia/Shanghai",
    currency: str = "CNY",
    simulated: bool = False,
) -> Community:
    """Make a community; its time zone and currency stay, for days and amounts are counted in them."""
    if timezone not in available_timezones():
        raise QunyingError(
            _("“%(zone)s” is not a time zone. Write one such as Asia/Shanghai or UTC.") % {"zone": timezone}
        )
    if Community.objects.filter(slug=slug).exists():
        raise QunyingError(_("There is a community “%(slug)s” already. Choose another short name.") % {"slug": slug})
    community = Community.objects.create(
        slug=slug, name=name, unit=unit, timezone=timezone, currency=currency, simulated=simulated
    )
    write_act(CREATE_COMMUNITY, by=by, subject_type="community", subject_id=community.pk)
    return community


@transaction.atomic
def ensure_group(community: Community, *, name: str, platform: str, by: Actor) -> Group:
    """The group of this name in the community, made if there is none."""
    group, made = Group.objects.get_or_create(community=community, name=name, defaults={"platform": platform})
    if made:
        write_act(CREATE_GROUP, by=by, subject_type="group", subject_id=group.pk)
    return group
