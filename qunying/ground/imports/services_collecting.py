"""The chore that lets go of what was brought in long ago: uploads, and the reports on rejected rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from qunying.ground.audit.actors import System
from qunying.ground.files.models import StoredFile
from qunying.ground.files.services import remove_contents
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.report import Report
from qunying.ground.jobs.turns import OPEN

if TYPE_CHECKING:
    from datetime import datetime

DAILY = 24 * 3600.0
_CHORE = System("chores")
_AT_ONCE = 500


def collect_uploads() -> int:
    """Remove uploads and rejection reports older than QUNYING_UPLOAD_DAYS that no open import needs.

    How many files lost their content. 0 days keeps everything for ever.
    """
    if not settings.UPLOAD_DAYS:
        return 0
    before = timezone.now() - timedelta(days=settings.UPLOAD_DAYS)
    needed = ImportRun.objects.filter(job__state__in=OPEN).values("files")
    old = StoredFile.objects.filter(purpose="import", removed_at=None, created_at__lt=before)
    removed = remove_contents(old.exclude(pk__in=needed).order_by("pk")[:_AT_ONCE], by=_CHORE)
    _collect_reports(before)
    return removed


def _collect_reports(before: datetime) -> None:
    """Reports hold values of rows, so they go when the uploads go; the counts of the import stay."""
    ended = ImportRun.objects.filter(job__ended_at__lt=before).exclude(job__state__in=OPEN)
    kept = {path.stem for path in (Path(settings.UPLOADS) / "reports").glob("*.*")}
    for pk in ended.filter(pk__in=[int(stem) for stem in kept if stem.isdigit()]).values_list("pk", flat=True):
        remove_report(Report(pk))


def remove_report(report: Report) -> int:
    """Delete a report in both its forms; how many files there were."""
    there = [path for path in (report.path, report.path.with_suffix(".csv")) if path.exists()]
    for path in there:
        path.unlink(missing_ok=True)
    return len(there)
