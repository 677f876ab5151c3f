"""The same file brought for another group: what has no ids of its own would be stored a second time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.ground.imports.importers import importer_named
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.reading import files_of
from qunying.ground.imports.services_unfolding import group_of_file
from qunying.ground.jobs.models import Job

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Double:
    """A file of a run that an earlier run read for another group; '' stands for none."""

    name: str
    group: str
    earlier: ImportRun
    earlier_group: str

    @property
    def at(self) -> datetime:
        """When the earlier run was started."""
        return self.earlier.created_at


def doubles_of(run: ImportRun) -> list[Double]:
    """Files of this run whose content is stored already, but for another group than it would be now.

    Messages without ids are told apart by group, time, author and text, so such a file is new to the log.
    """
    now = {stored.digest: (stored.name, _group(run, stored.name)) for stored in files_of(run)}
    done = ImportRun.objects.filter(
        community=run.community,
        format=run.format,
        dry_run=False,
        job__state=Job.State.DONE,
        files__digest__in=list(now),
    )
    found: dict[str, Double] = {}
    for earlier in done.exclude(pk=run.pk).select_related("group").prefetch_related("files").distinct().order_by("pk"):
        for stored in earlier.files.all():
            name, group = now.get(stored.digest, ("", ""))
            before = _group(earlier, stored.name)
            if name and before != group:
                found.setdefault(name, Double(name, group, earlier, before))
            elif name:
                found.pop(name, None)
                now.pop(stored.digest)  # stored for this group, too: nothing of it is new
    return list(found.values())


def _group(run: ImportRun, name: str) -> str:
    """The group that what this file says is stored for, as far as the file itself names none."""
    if run.group is not None:
        return run.group.name
    chosen: str = run.options.get("group", "")
    return chosen or (group_of_file(name) if importer_named(run.format).one_chat else "")
