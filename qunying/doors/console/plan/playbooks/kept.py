"""What the page of a playbook of one's own tells of its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.doors.console.ground.system.names import actor_names
from qunying.doors.console.plan.playbooks.changes import told_parts
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.plan.playbooks.differences import compare, version_key
from qunying.plan.playbooks.own import uses_of

if TYPE_CHECKING:
    from qunying.doors.console.plan.playbooks.changes import Told
    from qunying.ground.access.models import Staff
    from qunying.plan.playbooks.models import Book, BookVersion


def shelf_of(staff: Staff, book: Book) -> dict[str, object]:
    """What the page of an own playbook tells beside the document: its unit and its versions, the newest first."""
    rows = sorted(book.versions.select_related("community"), key=lambda row: version_key(row.version), reverse=True)
    names = actor_names({row.put_by for row in rows})
    zone = zone_of(staff)
    edits = may(staff, Permission.EDIT_PLAN, book.unit)
    return {
        "own": book,
        "versions": [
            {
                "row": row,
                "at": row.put_at.astimezone(zone),
                "by": names.get(row.put_by, row.put_by),
                "parts": _against(row, rows[number + 1]) if number + 1 < len(rows) else None,
            }
            for number, row in enumerate(rows)
        ],
        "removable": edits and not uses_of(book),
    }


def _against(row: BookVersion, before: BookVersion) -> list[tuple[str, list[Told]]]:
    return told_parts(compare(before.content, row.content))
