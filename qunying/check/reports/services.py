"""Handing a report over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunying.check.reports.page import as_html
from qunying.check.reports.paper import as_pdf
from qunying.check.reports.queries import weekly_report
from qunying.check.reports.sheet import make_sheet
from qunying.check.reports.weeks import week_name
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period

FORMATS = {"html": as_html, "pdf": as_pdf}
"""Ending of the file → what writes it."""
EXPORT = declare_verb("reports.export", _("A weekly report was made as a file."))


def export_weekly(community: Community, *, week: Period, form: str, by: Actor, names: bool = False) -> bytes:
    """The report of the week as a file, `html` or `pdf`, in the active language; written down as an act.

    Raises QunyingError for a week that has not begun, or where styles or fonts were never built.
    """
    raw = FORMATS[form](make_sheet(weekly_report(community, week=week, names=names)))
    with transaction.atomic():
        details = {"week": week_name(week), "format": form, "names": names}
        write_act(EXPORT, by=by, subject_type="community", subject_id=community.pk, details=details)
    return raw
