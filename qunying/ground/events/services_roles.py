"""The part someone has in a group: changed by a fact, so that the log tells who had which when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.facts import Fact
from qunying.ground.events.kinds import ROLE_CHANGED
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.members.services import Who
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor

GIVE = declare_verb("groups.role", gettext_lazy("A member was given another part in a group."))

_SOURCE = "console"
Role = Membership.Role


@transaction.atomic
def give_role(membership: Membership, *, role: str, by: Actor) -> list[Membership]:
    """Give a member another part in a group from now on; the memberships that changed.

    A group has one owner: who was it before becomes an ordinary member. Raises QunyingError for a part
    there is not, for one they have already, and for a membership that has ended or is in no group.
    """
    if role not in Role.values:
        raise QunyingError(_("There is no such part in a group. Choose one from the list."))
    if membership.left_at is not None or membership.group_id is None:
        raise QunyingError(_("Only those who are in a group now have a part in it."))
    if membership.role == role:
        raise QunyingError(_("This member has that part already."))
    changing = [(membership, role)]
    if role == Role.OWNER:
        before = Membership.objects.filter(group=membership.group_id, left_at__isnull=True, role=Role.OWNER)
        changing = [(row, Role.MEMBER.value) for row in before.exclude(pk=membership.pk)] + changing
    for row, wanted in changing:
        _record(row, wanted)
        details = {"group": row.group_id, "identity": row.identity_id, "role": wanted}
        write_act(GIVE, by=by, subject_type="member", subject_id=row.identity.member_id, details=details)
    identities = [row.identity_id for row, _wanted in changing]
    return list(Membership.objects.filter(group=membership.group_id, identity__in=identities, left_at__isnull=True))


def _record(membership: Membership, role: str) -> None:
    identity, now = membership.identity, timezone.now()
    fact = Fact(
        ROLE_CHANGED.name,
        now,
        ("role", membership.group_id or 0, identity.pk, now.isoformat()),
        who=Who(identity.platform, identity.external_id),
        group_id=membership.group_id,
        payload={"role": role},
    )
    record([fact], community=membership.community, source=_SOURCE)
