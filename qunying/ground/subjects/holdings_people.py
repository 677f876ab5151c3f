"""What is held of a person themselves: accounts, names, private fields, tags, notes, consents, requests."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunying.ground.audit.models import Act
from qunying.ground.groups.models import Recognition, Stewardship
from qunying.ground.members.models import Identity, Member, MemberTag, Note, PrivateField
from qunying.ground.members.private import PRIVATE_FIELDS
from qunying.ground.members.sealing import keys_now, open_field
from qunying.ground.merges.models import Likeness, Merge
from qunying.ground.merges.queries import family_of
from qunying.ground.privacy.models import Consent, Freeze, Minor
from qunying.ground.privacy.purposes import all_purposes
from qunying.ground.subjects.holdings import Holding, register_holding
from qunying.ground.subjects.models import Correction, SubjectRequest
from qunying.kit.crypto import decrypt

if TYPE_CHECKING:
    from collections.abc import Iterable

_BY_LAW = _("The law asks for the proof: it is kept, and nothing else is done with it.")


def _tell_person(member: Member) -> Iterable[dict[str, Any]]:
    yield {"number": member.pk, "name": member.display_name, "known_since": member.created_at}


def _erase_person(member: Member) -> int:
    """Also the rows of those who turned out to be this person."""
    return Member.objects.filter(pk__in=family_of(member)).update(display_name="")


def _tell_accounts(member: Member) -> Iterable[dict[str, Any]]:
    for row in member.identities.order_by("pk"):
        yield {
            "platform": row.platform,
            "account": row.external_id,
            "union_id": row.union_id,
            "name": row.display_name,
            "known_since": row.created_at,
        }


def _erase_accounts(member: Member) -> int:
    """The account behind past facts becomes one that nobody has; what it did stays countable."""
    rows = list(member.identities.all())
    for row in rows:
        row.external_id, row.display_name, row.union_id = f"erased:{secrets.token_hex(8)}", "", ""
    Identity.objects.bulk_update(rows, ["external_id", "display_name", "union_id"])
    return len(rows)


def _tell_private(member: Member) -> Iterable[dict[str, Any]]:
    known = {row.name: open_field(row) for row in PrivateField.objects.filter(member__in=family_of(member))}
    for kind in PRIVATE_FIELDS.values():
        if kind.name in known:
            yield {"field": str(kind.label), "value": known[kind.name]}


def _tell_tags(member: Member) -> Iterable[dict[str, Any]]:
    for row in MemberTag.objects.filter(member__in=family_of(member)).select_related("tag__dimension").order_by("pk"):
        yield {
            "dimension": row.tag.dimension.name,
            "tag": row.tag.name,
            "source": row.get_source_display(),
            "since": row.added_at,
        }


def _tell_notes(member: Member) -> Iterable[dict[str, Any]]:
    for row in Note.objects.filter(member__in=family_of(member)).order_by("pk"):
        yield {"at": row.at, "note": row.text}


def _tell_consents(member: Member) -> Iterable[dict[str, Any]]:
    labels = {purpose.name: str(purpose.label) for purpose in all_purposes()}
    for row in Consent.objects.filter(member__in=family_of(member)).order_by("at", "pk"):
        yield {
            "at": row.at,
            "purpose": labels.get(row.purpose, row.purpose),
            "given": row.given,
            "source": row.source,
            "text_version": row.text_version,
            "by_guardian": row.by_guardian,
        }


def _tell_limits(member: Member) -> Iterable[dict[str, Any]]:
    for young in Minor.objects.filter(member__in=family_of(member)):
        yield {"since": young.marked_at, "limit": young.band, "until": None, "reason": ""}
    for freeze in Freeze.objects.filter(member__in=family_of(member)).order_by("pk"):
        yield {"since": freeze.since, "limit": "frozen", "until": freeze.lifted_at, "reason": freeze.reason}


def _erase_limits(member: Member) -> int:
    gone, _by_model = Minor.objects.filter(member__in=family_of(member)).delete()
    return gone + Freeze.objects.filter(member__in=family_of(member)).delete()[0]


def _tell_requests(member: Member) -> Iterable[dict[str, Any]]:
    for row in SubjectRequest.objects.filter(member__in=family_of(member)).order_by("pk"):
        yield {
            "received": row.received,
            "kind": row.kind,
            "state": row.state,
            "due": row.due,
            "closed": row.closed_at,
            "note": row.note,
            "answer": row.answer,
        }


def _empty_requests(member: Member) -> int:
    rows = SubjectRequest.objects.filter(member__in=family_of(member)).exclude(note="", answer="")
    return rows.update(note="", answer="")


def _tell_corrections(member: Member) -> Iterable[dict[str, Any]]:
    for row in Correction.objects.filter(member__in=family_of(member)).order_by("pk"):
        yield {"at": row.at, "field": row.field, "before": open_correction(row)}


def open_correction(row: Correction) -> str:
    """What stood there before the correction; for the person's own export."""
    return decrypt(keys_now(), bytes(row.sealed), bound_to=f"correction:{row.member_id}:{row.field}")


def _tell_looks(member: Member) -> Iterable[dict[str, Any]]:
    acts = Act.objects.filter(subject_type="member", subject_id=str(member.pk), verb="members.private.unmask")
    for act in acts.order_by("pk"):
        yield {"at": act.at, "field": act.details.get("field", ""), "by": act.actor}


def _tell_standing(member: Member) -> Iterable[dict[str, Any]]:
    for known in Recognition.objects.filter(member__in=family_of(member)).select_related("community").order_by("pk"):
        yield {
            "community": known.community.name,
            "role": known.get_kind_display(),
            "from": known.at,
            "to": known.ended_at,
        }
    for held in Stewardship.objects.filter(member__in=family_of(member)).select_related("community").order_by("pk"):
        yield {"community": held.community.name, "role": held.get_level_display(), "from": held.at, "to": held.ended_at}


def _erase_standing(member: Member) -> int:
    gone, _by_model = Recognition.objects.filter(member__in=family_of(member)).delete()
    return gone + Stewardship.objects.filter(member__in=family_of(member)).delete()[0]


def _tell_merges(member: Member) -> Iterable[dict[str, Any]]:
    for row in Merge.objects.filter(kept__in=family_of(member)).order_by("pk"):
        yield {"at": row.at, "number": row.absorbed_id, "until": row.undone_at}


def _erase_merges(member: Member) -> int:
    """Nobody can part these people again: there is nothing left to part."""
    family = family_of(member)
    gone, _by_model = Merge.objects.filter(Q(kept__in=family) | Q(absorbed__in=family)).delete()
    return gone + Likeness.objects.filter(Q(first__in=family) | Q(second__in=family)).delete()[0]


def _gone(model: Any) -> Any:
    return lambda member: model.objects.filter(member__in=family_of(member)).delete()[0]


for _holding in (
    Holding("person", _("The person"), ("members.Member",), _tell_person, _erase_person),
    Holding("accounts", _("Accounts"), ("members.Identity",), _tell_accounts, _erase_accounts),
    Holding("private", _("Private fields"), ("members.PrivateField",), _tell_private, _gone(PrivateField)),
    Holding("tags", _("Tags"), ("members.MemberTag",), _tell_tags, _gone(MemberTag)),
    Holding("notes", _("Notes of colleagues"), ("members.Note",), _tell_notes, _gone(Note)),
    Holding(
        "standing",
        _("Parts they have"),
        ("groups.Recognition", "groups.Stewardship"),
        _tell_standing,
        _erase_standing,
    ),
    Holding("merges", _("Merged with"), ("merges.Merge", "merges.Likeness"), _tell_merges, _erase_merges),
    Holding("consents", _("Consents"), ("privacy.Consent",), _tell_consents, kept=_BY_LAW),
    Holding("limits", _("Limits on use"), ("privacy.Minor", "privacy.Freeze"), _tell_limits, _erase_limits),
    Holding(
        "requests",
        _("Requests"),
        ("subjects.SubjectRequest", "privacy.Erasure"),
        _tell_requests,
        _empty_requests,
    ),
    Holding("corrections", _("Corrections"), ("subjects.Correction",), _tell_corrections, _gone(Correction)),
    Holding(
        "looks",
        _("Who looked at private fields"),
        ("audit.Act",),
        _tell_looks,
        kept=_("The trail of acts names numbers only; the law asks to keep it."),
    ),
):
    register_holding(_holding)
