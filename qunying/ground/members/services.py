"""Verbs that change people and what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

import qunying.kit.among  # noqa: F401 - registers the lookup used here
from qunying.ground.members.models import DimensionChange, Identity, Member, new_pseudonym
from qunying.kit.bulk import insert_rows, time_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAME = 120


class Who(NamedTuple):
    """An account as a source names it. Two are the same where platform and external_id are."""

    platform: str
    external_id: str
    name: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the account."""
        return self.platform, self.external_id


def note_dimension_change(*, community_id: int | None = None) -> None:
    """Let counted figures know that people, memberships or tags are not what they were.

    With a community's id only its own figures are concerned: comings, goings, newcomers. Without one all are.
    """
    DimensionChange.objects.create(community_id=community_id)


@transaction.atomic
def fold_dimension_changes() -> int:
    """Put the rows of each community into its newest, so that sum and last id stay; how many rows there were."""
    rows = list(DimensionChange.objects.order_by("pk").values_list("pk", "community_id", "weight"))
    newest = {community: pk for pk, community, _weight in rows}
    for community, keep in newest.items():
        older = {pk: weight for pk, theirs, weight in rows if theirs == community and pk != keep}
        if older:
            DimensionChange.objects.filter(pk__in=older).delete()
            DimensionChange.objects.filter(pk=keep).update(weight=F("weight") + sum(older.values()))
    return len(rows)


def ensure_identities(whos: Iterable[Who]) -> tuple[dict[tuple[str, str], int], set[tuple[str, str]]]:
    """Ids of the identities of these accounts, by (platform, external_id), and those that are new.

    A new account becomes a new member of its own. Call it inside a transaction.
    """
    wanted = {who.key: who for who in whos}
    found = _find(wanted)
    missing = sorted(key for key in wanted if key not in found)
    if not missing:
        return found, set()
    made = _make([wanted[key] for key in missing])
    others = _find(key for key in missing if key not in made) if len(made) < len(missing) else {}
    return found | made | others, set(made)


def _find(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    by_platform: dict[str, list[str]] = {}
    for platform, external_id in wanted:
        by_platform.setdefault(platform, []).append(external_id)
    found: dict[tuple[str, str], int] = {}
    for platform, ids in by_platform.items():
        rows = Identity.objects.filter(platform=platform, external_id__among=ids)
        found.update({(platform, name): pk for pk, name in rows.values_list("pk", "external_id")})
    return found


_MEMBER = {
    "pseudonym": "bigint",
    "display_name": "varchar",
    "is_staff": "boolean",
    "is_bot": "boolean",
    "created_at": "timestamptz",
}
_IDENTITY = {
    "platform": "varchar",
    "external_id": "varchar",
    "pseudonym": "bigint",
    "display_name": "varchar",
    "member_id": "bigint",
    "created_at": "timestamptz",
}


def _make(whos: list[Who]) -> dict[tuple[str, str], int]:
    """A member with one identity for each; the ids of those identities, by (platform, external_id)."""
    now = time_writer(connection)(timezone.now())
    people = {new_pseudonym(): who for who in whos}
    rows = [(pseudonym, who.name[:_NAME], False, False, now) for pseudonym, who in people.items()]
    members = insert_rows(connection, "members_member", _MEMBER, rows, returning=("id", "pseudonym"))
    accounts = [
        (*people[pseudonym].key, new_pseudonym(), people[pseudonym].name[:_NAME], pk, now) for pk, pseudonym in members
    ]
    once = ("platform", "external_id")
    made = insert_rows(connection, "members_identity", _IDENTITY, accounts, once=once, returning=(*once, "id"))
    if len(made) < len(whos):
        # Another process made the same account a moment ago: its member stays, ours is empty.
        Member.objects.filter(pk__among=[pk for pk, _pseudonym in members], identities__isnull=True).delete()
    return {(platform, external_id): pk for platform, external_id, pk in made}


def rename_identities(names: Mapping[int, str]) -> None:
    """Give identities the names their holders took, by identity id.

    Where an account's id is its name (a chat nickname), another name is another account: it keeps its own.
    """
    for identity in Identity.objects.filter(pk__in=names).exclude(display_name=F("external_id")):
        identity.display_name = names[identity.pk][:_NAME]
        identity.save(update_fields=["display_name"])
