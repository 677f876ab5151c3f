"""What an erasure does inside its one transaction: rows go, the account becomes nobody's, tombstones stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from qunying.ground.events.facts import Fact
from qunying.ground.events.kinds import LEFT
from qunying.ground.events.models import Event
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Identity
from qunying.ground.members.services import Who, note_dimension_change
from qunying.ground.privacy.models import Erasure, Tombstone
from qunying.ground.privacy.queries import account_digest
from qunying.ground.subjects.holdings import all_holdings
from qunying.ground.subjects.needles import Needle, Sort
from qunying.kit.digests import keyed_digest
from qunying.kit.keys import require_keys

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from qunying.ground.audit.actors import Actor
    from qunying.ground.members.models import Member

_SOURCE = "erasure"


def forget(member: Member, *, name: str, at: datetime, by: Actor) -> dict[str, int]:
    """Delete and empty everything that says who the person is; how many rows of each holding, and `veiled`.

    Past facts stay and count for an account that is nobody's; that account leaves now, as what comes
    later is dropped. Tombstones keep the accounts from coming back.
    """
    accounts = list(member.identities.all())
    digests = [account_digest(row.platform, row.external_id) for row in accounts]
    counts = {"veiled": _veil(accounts)}
    counts |= {one.name: one.erase(member) for one in all_holdings() if one.erase is not None}
    _leave(accounts, at=at)
    Erasure.objects.create(member=member, name=name, at=at, erased_by=by.actor_key)
    entomb(digests, name=name, at=at)
    note_dimension_change()
    return {key: count for key, count in counts.items() if count}


def entomb(digests: Iterable[bytes], *, name: str, at: datetime) -> None:
    """Put up the tombstones of these accounts where there are none."""
    rows = [Tombstone(digest=digest, erasure=name, at=at) for digest in digests]
    Tombstone.objects.bulk_create(rows, ignore_conflicts=True)


def _leave(accounts: list[Identity], *, at: datetime) -> None:
    """Close what is open by facts of their own, so that figures and their check see the same."""
    fresh = {row.pk: row for row in Identity.objects.filter(pk__in=[row.pk for row in accounts])}
    open_now = Membership.objects.filter(identity__in=list(fresh), left_at__isnull=True).select_related("community")
    for stay in open_now.order_by("pk"):
        identity = fresh[stay.identity_id]
        fact = Fact(
            LEFT.name,
            max(at, stay.joined_at),
            ("erased", identity.pk, stay.pk),
            who=Who(identity.platform, identity.external_id),
            group_id=stay.group_id,
            payload={"reason": "erased"},
        )
        record([fact], community=stay.community, source=_SOURCE)


def _veil(accounts: list[Identity]) -> int:
    """Put digests in the place of objects and channels that contain the account: distinct, and telling nothing."""
    needles = [Needle(row.external_id, Sort.ACCOUNT) for row in accounts]
    inside = Q(identity__in=accounts) | Q(target_identity__in=accounts)
    changed = 0
    for column in ("object_id", "channel_key"):
        values = Event.objects.filter(inside).exclude(**{column: ""}).order_by().values_list(column, flat=True)
        told = sorted(value for value in set(values) if any(needle.pattern.search(value) for needle in needles))
        for value in told:
            veiled = _veiled(value)
            changed += Event.objects.filter(**{column: value}).update(**{column: veiled})
            if column == "channel_key":
                Membership.objects.filter(channel_key=value).update(channel_key=veiled)
    return changed


def _veiled(value: str) -> str:
    return "~" + keyed_digest(require_keys(settings.KEYRING).digest, "veiled", value).hex()
