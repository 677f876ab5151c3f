"""Looking up many accounts at once, and naming those that have no name yet: what importers need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import qunying.kit.among  # noqa: F401 - registers the lookup used here
from qunying.ground.members.models import Identity, Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from qunying.ground.members.services import Who

_NAME = 120
_UNION = 64


def members_of(whos: Iterable[Who]) -> dict[tuple[str, str], int]:
    """Member ids by (platform, external_id), of the accounts that are known."""
    by_platform: dict[str, list[str]] = {}
    for who in whos:
        by_platform.setdefault(who.platform, []).append(who.external_id)
    return {
        (platform, external_id): member
        for platform, ids in by_platform.items()
        for external_id, member in _accounts(platform, ids).values_list("external_id", "member_id")
    }


def _accounts(platform: str, ids: list[str]) -> QuerySet[Identity]:
    return Identity.objects.filter(platform=platform, external_id__among=ids)


def name_accounts(whos: Iterable[Who]) -> None:
    """Give the accounts, and their members, these names where they have none; names that are there stay."""
    named: Mapping[tuple[str, str], str] = {who.key: who.name[:_NAME] for who in whos if who.name}
    for platform in sorted({platform for platform, _id in named}):
        ids = [external_id for of, external_id in named if of == platform]
        for identity in _accounts(platform, ids).filter(display_name=""):
            name = named[platform, identity.external_id]
            Identity.objects.filter(pk=identity.pk).update(display_name=name)
            Member.objects.filter(pk=identity.member_id, display_name="").update(display_name=name)


def note_unions(unions: Mapping[tuple[str, str], str]) -> None:
    """Keep what a platform calls the people behind accounts across its apps, by (platform, external_id)."""
    by_union: dict[tuple[str, str], list[str]] = {}
    for (platform, external_id), union_id in unions.items():
        by_union.setdefault((platform, union_id[:_UNION]), []).append(external_id)
    for (platform, union_id), ids in sorted(by_union.items()):
        _accounts(platform, ids).exclude(union_id=union_id).update(union_id=union_id)
