"""Holding a group's own list of people against what is known, and recording the difference as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Identity
from qunying.ground.members.services import Who
from qunying.ground.platforms.port import connector_of
from qunying.ground.syncs.models import Difference, Sync
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Person

SOURCE = "reconcile"
_LONGEST_ID = 190


def reconcile_group(group: Group, *, night: date | None = None) -> Sync:
    """Ask the platform who is in the group and record who came and went unheard; the run with its differences.

    Asks over the network, so it is never called in a transaction. Where the platform does not answer, the run has
    failed and says why. Who came or went while it was asking is left to what the platform tells of that itself.
    """
    account, began_at = group.account, timezone.now()
    connector = connector_of(account.platform) if account is not None else None
    if account is None or connector is None:
        raise QunyingError(_("“%(group)s” is tied to no account. Tie it to one first.") % {"group": group.name})
    try:
        people = list(connector.list_people(account, group.external_id))
    except QunyingError as error:
        return _keep(
            account, group, began_at, night=night, state=Sync.State.FAILED, error=str(error)[: Sync.ERROR_LENGTH]
        )
    with transaction.atomic():
        sync = _keep(account, group, began_at, night=night, listed=len(people))
        _compare(sync, group, people)
    return sync


def _keep(account: Account, group: Group, began_at: datetime, **told: object) -> Sync:
    told = {"state": Sync.State.DONE} | told
    return Sync.objects.create(account=account, group=group, began_at=began_at, ended_at=timezone.now(), **told)


def _compare(sync: Sync, group: Group, people: Iterable[Person]) -> None:
    listed = {person.external_id: person for person in people if len(person.external_id) <= _LONGEST_ID}
    known, moved = _known(group, sync.began_at)
    came = [person for name, person in sorted(listed.items()) if name not in known and name not in moved]
    gone = [name for name in sorted(known) if name not in listed and name not in moved]
    facts = [_joined(sync, group, person) for person in came] + [_left(sync, group, name) for name in gone]
    done = record(facts, community=group.community, source=SOURCE)
    _note(sync, group, {person.external_id: Difference.Sort.JOINED for person in came})
    _note(sync, group, dict.fromkeys(gone, Difference.Sort.LEFT))
    sync.joined, sync.left = done.kinds["joined"], done.kinds["left"]
    sync.save(update_fields=["joined", "left"])


def _known(group: Group, began_at: datetime) -> tuple[set[str], set[str]]:
    """Ids of the accounts that were there when the run began, and of those that came or went since."""
    stays = Membership.objects.filter(group=group, identity__platform=group.platform)
    inside = stays.filter(left_at__isnull=True, joined_at__lt=began_at)
    since = stays.filter(joined_at__gte=began_at) | stays.filter(left_at__gte=began_at)
    name = "identity__external_id"
    return set(inside.values_list(name, flat=True)), set(since.values_list(name, flat=True))


def _joined(sync: Sync, group: Group, person: Person) -> Fact:
    """Since when the platform says, where it does and that is possible; else since now."""
    at = person.since if person.since is not None and person.since < sync.began_at else sync.began_at
    who = Who(group.platform, person.external_id, person.name)
    return Fact(
        "joined",
        at,
        (SOURCE, sync.pk, person.external_id),
        who=who,
        target=Who(group.platform, person.inviter) if person.inviter else None,
        group_id=group.pk,
        channel_key=person.channel,
        payload={"role": person.role} if person.role != Membership.Role.MEMBER else {},
    )


def _left(sync: Sync, group: Group, external_id: str) -> Fact:
    who = Who(group.platform, external_id)
    return Fact("left", sync.began_at, (SOURCE, sync.pk, external_id), who=who, group_id=group.pk)


def _note(sync: Sync, group: Group, sorts: dict[str, str]) -> None:
    rows = Identity.objects.filter(platform=group.platform, external_id__among=list(sorts))
    ids = rows.values_list("pk", "external_id")
    Difference.objects.bulk_create([Difference(sync=sync, identity_id=pk, sort=sorts[name]) for pk, name in ids])
