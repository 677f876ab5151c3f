"""Reading the files of a run item by item, from where a checkpoint stands."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from qunying.ground.files.services import path_of
from qunying.ground.imports.context import UNMADE, Context
from qunying.ground.imports.importers import importer_named
from qunying.ground.imports.services_unfolding import group_of_file
from qunying.ground.imports.sources import Source
from qunying.ground.jobs.services import Behind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qunying.ground.files.models import StoredFile
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.models import ImportRun


class Reading:
    """The items of all files of a run, in order; `file` and `row` say how far it is."""

    def __init__(self, run: ImportRun, *, file: int = 0) -> None:
        self.run = run
        self.importer = importer_named(run.format)
        self.stored = files_of(run)
        self.file, self.row = file, 0
        self._open()

    def pass_over(self, passed: Callable[[list[Item]], None], *, file: int, row: int, count: int) -> None:
        """Read again what lies before this row of this file, `count` items at a time."""
        while (self.file, self.row) < (file, row) and not self.at_end:
            wanted = min(count, row - self.row) if self.file == file else count
            items = self.take(wanted)
            passed(items)
            if len(items) < wanted:
                self.next_file()

    @property
    def name(self) -> str:
        """The name people gave the current file; empty at the end."""
        return "" if self.at_end else self.stored[self.file].name

    @property
    def at_end(self) -> bool:
        """Whether everything was read."""
        return self.file >= len(self.stored)

    @property
    def fraction(self) -> float:
        """How much of all files was read, between 0 and 1."""
        sizes = [stored.size for stored in self.stored]
        part = 0.0 if self.at_end else self.source.fraction * sizes[self.file]
        return (sum(sizes[: self.file]) + part) / sum(sizes)

    def take(self, count: int) -> list[Item]:
        """The next items, all from the current file; fewer than `count` only where it ends."""
        items = list(islice(self._items, count))
        self.row += len(items)
        return items

    def next_file(self) -> None:
        """Go on with the next file."""
        self.file, self.row = self.file + 1, 0
        self._open()

    def _open(self) -> None:
        if self.at_end:
            self._items: Iterator[Item] = iter(())
            return
        self.source = Source(path_of(self.stored[self.file]), name=self.name, options=self.run.options)
        context = context_of(self.run)
        context.file_group = group_of_file(self.name) if self.importer.one_chat else ""
        self._items = iter(self.importer.read(self.source, context))


def files_of(run: ImportRun) -> list[StoredFile]:
    """The files of a run in the order they were given."""
    by_id = {stored.pk: stored for stored in run.files.all()}
    return [by_id[pk] for pk in run.job.checkpoint["files"]]


def context_of(run: ImportRun) -> Context:
    """What the importer is told of this run."""
    unmade = run.group_id is None and bool(run.options.get("group"))
    return Context(
        community=run.community,
        by=Behind(run.job.actor),
        group_id=UNMADE if unmade else run.group_id,
        columns=run.columns,
        options=run.options,
        dry_run=run.dry_run,
        now=run.created_at,
    )
