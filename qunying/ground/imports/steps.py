"""The steps of an import: chunk by chunk, each with its checkpoint in one transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.files.services import path_of
from qunying.ground.imports.importers import Rejection, Row
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.reading import Reading
from qunying.ground.imports.report import Report
from qunying.ground.imports.sources import Source
from qunying.ground.imports.stores import store_for
from qunying.ground.imports.tabular import match_columns, tag_columns
from qunying.ground.imports.tally import Tally
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.events.facts import Fact
    from qunying.ground.imports.importers import Item
    from qunying.ground.jobs.models import Job
    from qunying.ground.jobs.turns import Turn

KIND = "import"
LABEL = gettext_lazy("Import")
CHUNK = 2000
_warm: dict[str, Work] = {}
"""The work this process did last, so that its next step need not read the file again from the start."""


def import_step(turn: Turn) -> bool:
    """Read and store chunks until the turn is over; whether the import is finished."""
    work = _warm.pop(_ticket(turn.job), None) or Work(turn.job)
    _warm.clear()
    while not work.reading.at_end:
        work.do_chunk(turn)
        turn.tell()
        if turn.over() and not work.reading.at_end:
            _warm[_ticket(turn.job)] = work
            return False
    work.finish(turn)
    return True


def _ticket(job: Job) -> str:
    return f"{job.pk} {job.created_at} {json.dumps(job.checkpoint, sort_keys=True)}"


class Work:
    """One run at the place of its checkpoint."""

    def __init__(self, job: Job) -> None:
        self.run = ImportRun.objects.select_related("job", "community").get(job=job)
        at = job.checkpoint
        self.tally = Tally.from_json(at["tally"]) if "tally" in at else Tally()
        self.report = Report(self.run.pk)
        self.report_size = at.get("report", 0)
        self.report.cut(self.report_size)
        self.store = store_for(self.run)
        self.reading = self._reopen(file=at.get("file", 0), row=at.get("row", 0))

    def _reopen(self, *, file: int, row: int) -> Reading:
        """The files at the place of the checkpoint; a store that forgets is told again what lies before it."""
        reading = Reading(self.run, file=0 if self.store.forgets else file)
        reading.pass_over(lambda items: self.store.recall(_facts(items)), file=file, row=row, count=CHUNK)
        return reading

    def do_chunk(self, turn: Turn) -> None:
        """Store the next chunk and the checkpoint behind it, both or neither."""
        items = self.reading.take(CHUNK)
        facts = _facts(items)
        profiles = [item.profile for item in items if isinstance(item, Row) and item.profile is not None]
        rejections = [item for item in items if isinstance(item, Rejection)]
        self._count(items, rejections)
        if rejections:
            self.report_size = self.report.append(rejections, file_name=self.reading.name)
        with transaction.atomic():
            self.store.keep(facts, profiles, self.tally)
            if len(items) < CHUNK:
                self.reading.next_file()
            turn.save(checkpoint=self._checkpoint(), done=self.tally.rows, total=self._total())
        turn.job.result = self.tally.as_json()

    def _count(self, items: list[Item], rejections: list[Rejection]) -> None:
        self.tally.rows += len(items)
        self.tally.rejected += len(rejections)
        self.tally.skipped += sum(isinstance(item, Row) and not item.facts and item.profile is None for item in items)

    def _checkpoint(self) -> dict[str, Any]:
        return {
            "files": [stored.pk for stored in self.reading.stored],
            "file": self.reading.file,
            "row": self.reading.row,
            "report": self.report_size,
            "tally": self.tally.as_json(),
        }

    def _total(self) -> int:
        """Rows in all files, estimated from how much of their bytes is read."""
        fraction = self.reading.fraction
        return round(self.tally.rows / fraction) if fraction else self.tally.rows

    def finish(self, turn: Turn) -> None:
        """Write the result; raises QunyingError where not one row could be read."""
        result = self.tally.as_json() | {"report": None}
        if self.tally.rejected:
            result["report"] = str(self.report.write_table())
        if self.reading.importer.unknown_columns == "tags":
            result["tag_dimensions"] = self._tag_dimensions()
        turn.job.result = result
        if self.tally.rejected == self.tally.rows:
            raise QunyingError(self._nothing())

    def _tag_dimensions(self) -> list[str]:
        """Columns no one asked for that became tags, so that the result can say so."""
        names: dict[str, None] = {}
        for stored in self.reading.stored:
            source = Source(path_of(stored), name=stored.name, options=self.run.options)
            unknown = match_columns(source.header, self.reading.importer.columns, self.run.columns).unknown
            names |= dict.fromkeys(tag_columns(unknown, self.run.options.get("tags", "")))
        return list(names)

    def _nothing(self) -> str:
        names = "、".join(stored.name for stored in self.reading.stored)
        if not self.tally.rows:
            return _("“%(name)s” holds no rows. Nothing was stored.") % {"name": names}
        first = self.report.rows(most=1)[0]
        return _("Not one of the %(rows)d rows of “%(name)s” could be read. The first, row %(row)s: %(reason)s") % {
            "rows": self.tally.rows,
            "name": names,
            "row": first["row"],
            "reason": first["reason"],
        }


def _facts(items: list[Item]) -> list[Fact]:
    facts: list[Fact] = []
    for item in items:
        if isinstance(item, Row):
            facts.extend(item.facts)
        elif not isinstance(item, Rejection):
            facts.append(item)
    return facts
