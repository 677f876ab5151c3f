"""Verbs on communities, groups and memberships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Community, Group, Membership
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Interval:
    """One stay of an identity in a group, as it should stand in the table."""

    joined_at: datetime
    left_at: datetime | None
    opened_by: str
    role: str
    channel_key: str
    inviter_id: int | None

    def covers(self, at: datetime) -> bool:
        """Whether the instant lies within the stay, its ends included."""
        return self.joined_at <= at and (self.left_at is None or at <= self.left_at)


def intervals_of(community: Community, identity_ids: list[int]) -> dict[int, dict[int | None, list[Interval]]]:
    """Stored intervals of these identities in the community: identity → group → intervals."""
    known: dict[int, dict[int | None, list[Interval]]] = {}
    rows = Membership.objects.filter(community=community, identity_id__in=identity_ids).values_list(
        "identity_id", "group_id", "joined_at", "left_at", "opened_by", "role", "channel_key", "inviter_id"
    )
    for identity, group, *rest in rows:
        known.setdefault(identity, {}).setdefault(group, []).append(Interval(*rest))
    return known


def replace_intervals(
    community: Community,
    wanted: dict[int, dict[int | None, list[Interval]]],
    *,
    known: dict[int, dict[int | None, list[Interval]]],
) -> bool:
    """Make the stored intervals of the identities in `wanted` be exactly these; True where any differed."""
    differing = {identity: groups for identity, groups in wanted.items() if groups != known.get(identity, {})}
    stale = [identity for identity in differing if identity in known]
    if stale:
        Membership.objects.filter(community=community, identity_id__in=stale).delete()
    Membership.objects.bulk_create(
        Membership(
            community=community,
            group_id=group,
            identity_id=identity,
            joined_at=span.joined_at,
            left_at=span.left_at,
            opened_by=span.opened_by,
            role=span.role,
            channel_key=span.channel_key,
            inviter_id=span.inviter_id,
        )
        for identity, groups in differing.items()
        for group, spans in groups.items()
        for span in spans
    )
    return bool(differing)
