"""Handing a report over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.check.reports.queries import build_report
from qunying.check.reports.sheet import make_sheet
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.check.reports.blocks import Sheet
    from qunying.check.reports.shapes import Report
    from qunying.check.reports.spans import Span
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community


def _page(_report: Report, sheet: Sheet) -> bytes:
    from qunying.check.reports.page import as_html

    return as_html(sheet)


def _paper(_report: Report, sheet: Sheet) -> bytes:
    from qunying.check.reports.paper import as_pdf

    return as_pdf(sheet)


def _word(_report: Report, sheet: Sheet) -> bytes:
    from qunying.check.reports.word import as_docx

    return as_docx(sheet)


def _book(report: Report, sheet: Sheet) -> bytes:
    from qunying.check.reports.book import as_xlsx

    return as_xlsx(report, sheet)


FORMATS: dict[str, Callable[[Report, Sheet], bytes]] = {"html": _page, "pdf": _paper, "docx": _word, "xlsx": _book}
"""Ending of the file → what writes it."""
EXPORT = declare_verb("reports.export", _("A report was made as a file."))


def export_report(community: Community, *, span: Span, form: str, by: Actor, names: bool = False) -> bytes:
    """The report of the span as a file of this form, in the active language; written down as an act.

    Raises QunyingError for a span that has not begun, or where styles or fonts were never built.
    """
    report = build_report(community, span=span, names=names)
    raw = FORMATS[form](report, make_sheet(report))
    with transaction.atomic():
        details = {"period": span.name, "format": form, "names": names}
        write_act(EXPORT, by=by, subject_type="community", subject_id=community.pk, details=details)
    return raw
