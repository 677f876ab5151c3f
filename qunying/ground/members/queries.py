"""Finding people, and what of their private fields a screen may show."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from qunying.ground.members.models import Identity, Member, MemberTag, PrivateField
from qunying.ground.members.private import PRIVATE_FIELDS, private_kind, tidy_private
from qunying.ground.members.sealing import open_field, private_digests
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def matching(text: str) -> Q:
    """A condition on Member: part of a name, the start of an account id, or the whole of a private value.

    Private values are compared by keyed digest; nothing is decrypted.
    """
    plain = text.strip()
    if not plain:
        return Q()
    return (
        Q(display_name__icontains=plain)
        | Q(identities__display_name__icontains=plain)
        | Q(identities__external_id__istartswith=plain)
        | Q(pk__in=with_private_value(plain).values("member_id"))
        | Q(pk__in=_merged_with(plain))
    )


def _merged_with(text: str) -> QuerySet[Member, Any]:
    """Those into whom somebody was merged who has this value: it waits there where they have another."""
    return Member.objects.filter(merged__private_fields__in=with_private_value(text))


def with_private_value(text: str) -> QuerySet[PrivateField]:
    """The private fields, of whatever kind, whose whole value is this."""
    digests = []
    for name in PRIVATE_FIELDS:
        try:
            tidied = tidy_private(name, text)
        except QunyingError:
            continue
        digests.append(Q(name=name, digest__in=private_digests(name, tidied)))
    return PrivateField.objects.filter(reduce(or_, digests)) if digests else PrivateField.objects.none()


def masked_fields(members: Iterable[int]) -> dict[int, dict[str, str]]:
    """Masked private values by member id and field name, in the order pages show them. One query."""
    shown: dict[int, dict[str, str]] = {}
    for field in PrivateField.objects.filter(member_id__in=list(members)):
        masked = private_kind(field.name).masked(open_field(field))
        shown.setdefault(field.member_id, {})[field.name] = masked
    return {pk: {name: by[name] for name in PRIVATE_FIELDS if name in by} for pk, by in shown.items()}


def tags_of(members: Iterable[int]) -> dict[int, list[MemberTag]]:
    """What each of these members (ids) carries, by dimension and name. One query."""
    rows = MemberTag.objects.filter(member_id__in=list(members)).select_related("tag__dimension")
    found: dict[int, list[MemberTag]] = {}
    for row in rows.order_by("tag__dimension__name", "tag__name"):
        found.setdefault(row.member_id, []).append(row)
    return found


def accounts_of(members: Iterable[int]) -> dict[int, list[str]]:
    """The accounts of each of these members (ids), by platform and name. One query."""
    found: dict[int, list[str]] = {}
    for identity in Identity.objects.filter(member__in=list(members)).order_by("platform", "external_id"):
        found.setdefault(identity.member_id, []).append(str(identity))
    return found
