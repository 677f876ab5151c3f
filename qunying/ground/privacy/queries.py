"""Who may be contacted for what, who is frozen, who is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery

import qunying.kit.among  # noqa: F401 - registers the lookup used here
from qunying.ground.members.models import Member
from qunying.ground.privacy.models import Consent, Erasure, Freeze, Minor, Tombstone
from qunying.ground.privacy.purposes import purpose_named
from qunying.kit.digests import keyed_digest
from qunying.kit.keys import require_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.members.services import Who

_AT_ONCE = 5000


def _of(person: int | OuterRef) -> Q:
    """What is a person's, also where it came with somebody who turned out to be them, three mergings deep."""
    return Q(member=person) | Q(member__merged_into=person) | Q(member__merged_into__merged_into=person)


def may_contact(member: Member, purpose: str) -> bool:
    """Whether the person may be reached for this purpose now; raises QunyingError for an unknown one."""
    return willing(Member.objects.filter(pk=member.pk), purpose).exists()


def willing(members: QuerySet[Member], purpose: str) -> QuerySet[Member]:
    """Those of the members who may be reached for this purpose now.

    Their last word was yes; they are neither frozen nor erased. Nobody under 18 is reached by what is
    automated; for those under 14 a guardian must have agreed.
    """
    wanted = purpose_named(purpose)
    theirs = Consent.objects.filter(_of(OuterRef("pk")), purpose=purpose).order_by("-at", "-pk")
    said = members.annotate(
        _last_word=Subquery(theirs.values("given")[:1]), _by_guardian=Subquery(theirs.values("by_guardian")[:1])
    ).filter(_last_word=True)
    minors = Minor.objects.filter(_of(OuterRef("pk")))
    if wanted.automated:
        said = said.exclude(Exists(minors))
    else:
        said = said.filter(Q(_by_guardian=True) | ~Exists(minors.filter(band=Minor.Band.CHILD)))
    return processed(said)


def processed(members: QuerySet[Member]) -> QuerySet[Member]:
    """Those of the members with whom anything may be done at all: neither frozen nor erased."""
    frozen = Freeze.objects.filter(_of(OuterRef("pk")), lifted_at__isnull=True)
    return members.exclude(Exists(frozen)).exclude(Exists(Erasure.objects.filter(member=OuterRef("pk"))))


def standing(member: Member) -> dict[str, Consent]:
    """The person's last word on each purpose there is one for, by purpose. One query."""
    rows = Consent.objects.filter(_of(member.pk)).order_by("at", "pk")
    return {row.purpose: row for row in rows}


def ledger_of(member: Member) -> QuerySet[Consent]:
    """Every line of the person's consents, the newest first."""
    return Consent.objects.filter(_of(member.pk)).order_by("-at", "-pk")


def freeze_of(member: Member) -> Freeze | None:
    """The freeze in force, if there is one."""
    return Freeze.objects.filter(_of(member.pk), lifted_at__isnull=True).first()


def minor_of(member: Member) -> Minor | None:
    """How young the person is marked to be, if they are."""
    return Minor.objects.filter(_of(member.pk)).first()


def erasure_of(member: Member) -> Erasure | None:
    """That the person was erased, if they were."""
    return Erasure.objects.filter(member=member).first()


def untouchable(members: Iterable[int]) -> set[int]:
    """Those of these members (ids) who are frozen or erased: nothing new is to be written about them."""
    ids = list(members)
    frozen = Freeze.objects.filter(member__among=ids, lifted_at__isnull=True).values_list("member", flat=True)
    return {*frozen, *Erasure.objects.filter(member__among=ids).values_list("member", flat=True)}


def account_digest(platform: str, external_id: str) -> bytes:
    """The keyed digest by which an erased account is known again, without being written anywhere."""
    return keyed_digest(require_keys(settings.KEYRING).digest, "tombstone", platform, external_id)


def erased_among(whos: Iterable[Who]) -> set[tuple[str, str]]:
    """Those of the accounts, as (platform, external_id), that were erased and must not come back."""
    if not Tombstone.objects.exists():
        return set()
    by_digest = {account_digest(*who.key): who.key for who in whos}
    found: set[tuple[str, str]] = set()
    digests = list(by_digest)
    for start in range(0, len(digests), _AT_ONCE):
        rows = Tombstone.objects.filter(digest__in=digests[start : start + _AT_ONCE])
        found.update(by_digest[bytes(row)] for row in rows.values_list("digest", flat=True))
    return found
