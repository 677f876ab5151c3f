"""The search that proves an erasure: every table, every file, every version of the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.members.models import Identity
from qunying.ground.privacy.models import Tombstone
from qunying.ground.privacy.queries import account_digest
from qunying.ground.subjects.places import database_files, holds, search_files
from qunying.ground.subjects.tables import Trace, search_tables, stands_with_others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.subjects.needles import Needle


def search_traces(needles: Sequence[Needle], *, deleted: bool = True) -> list[Trace]:
    """Every place where one of these texts, or an unkeyed hash of it, still stands; empty where there is none.

    `deleted` also looks for what was deleted and not overwritten in the file of an SQLite database; texts
    that a table of other people's or of the house rightly holds are left out of that.
    """
    found = [*search_tables(needles), *search_files(needles), *_accounts_that_came_back()]
    if deleted and not found:
        alone = [needle for needle in needles if not stands_with_others(needle)]
        found += [Trace(str(path)) for path in database_files() if alone and holds(path, alone)]
    return found


def _accounts_that_came_back() -> list[Trace]:
    """Accounts that have a tombstone and yet stand in the table."""
    tombs = {bytes(row) for row in Tombstone.objects.values_list("digest", flat=True)}
    if not tombs:
        return []
    rows = Identity.objects.values_list("pk", "platform", "external_id")
    return [
        Trace("members_identity", str(pk))
        for pk, platform, external_id in rows.iterator(chunk_size=5000)
        if account_digest(platform, external_id) in tombs
    ]
