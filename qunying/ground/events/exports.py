"""Members as a table to take away: private fields masked, the taking written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.doings import Doings, doings_by_member
from qunying.ground.events.selection import select_members
from qunying.ground.groups.queries import groups_by_member, with_presence
from qunying.ground.members.models import Identity, Member
from qunying.ground.members.private import PRIVATE_FIELDS
from qunying.ground.members.queries import masked_fields, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from qunying.ground.audit.actors import Actor
    from qunying.ground.events.selection import Selection
    from qunying.ground.groups.models import Community

EXPORT = declare_verb("members.export", gettext_lazy("A list of members was taken away as a file."))

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of a list to take away; the rows are read as they are asked for."""

    columns: list[str]
    rows: Iterator[list[Any]]


def export_members(community: Community, *, selection: Selection, file_format: str, by: Actor) -> Table:
    """The selected members in order, one row each; private fields masked, times local to the community.

    The audit row is stored before the first row is read. It names how many, never whom.
    """
    found = select_members(community, selection)
    ids = list(found.values_list("pk", flat=True))
    with transaction.atomic():
        details = {"members": len(ids), "format": file_format}
        write_act(EXPORT, by=by, subject_type="community", subject_id=community.pk, details=details)
    return Table(_columns(), _rows(ids, community, language=get_language() or "en"))


def _columns() -> list[str]:
    return [
        _("Number"),
        _("Name"),
        _("Accounts"),
        _("Present"),
        _("Mark"),
        _("Tags"),
        _("Groups"),
        _("Joined"),
        _("Last active"),
        _("Messages"),
        *(str(kind.label) for kind in PRIVATE_FIELDS.values()),
    ]


def _rows(ids: list[int], community: Community, *, language: str) -> Iterator[list[Any]]:
    zone = ZoneInfo(community.timezone)
    for start in range(0, len(ids), _CHUNK):
        # Rows are read while the answer is on its way, when the language of the request is forgotten.
        with override(language):
            rows = list(_chunk(ids[start : start + _CHUNK], community, zone))
        yield from rows


def _chunk(ids: list[int], community: Community, zone: ZoneInfo) -> Iterator[list[Any]]:
    members = with_presence(Member.objects.all(), community).in_bulk(ids)
    tags, groups = tags_of(ids), groups_by_member(ids, community)
    doings, masked = doings_by_member(ids, community), masked_fields(ids)
    accounts: dict[int, list[str]] = {}
    for identity in Identity.objects.filter(member__in=ids).order_by("platform", "external_id"):
        accounts.setdefault(identity.member_id, []).append(str(identity))
    for pk in ids:
        if pk not in members:  # gone since the list was made
            continue
        did = doings.get(pk, Doings())
        yield [
            pk,
            str(members[pk]),
            "; ".join(accounts.get(pk, [])),
            _("present") if members[pk].present else _("left"),  # type: ignore[attr-defined]
            _mark(members[pk]),
            "; ".join(f"{row.tag.dimension.label}: {row.tag.label}" for row in tags.get(pk, [])),
            "; ".join(groups.get(pk, [])),
            _local(members[pk].joined_at, zone),  # type: ignore[attr-defined]
            _local(did.last_at, zone),
            did.messages,
            *(masked.get(pk, {}).get(name, "") for name in PRIVATE_FIELDS),
        ]


def _mark(member: Member) -> str:
    return "; ".join(word for word, on in ((_("staff"), member.is_staff), (_("bot"), member.is_bot)) if on)


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
