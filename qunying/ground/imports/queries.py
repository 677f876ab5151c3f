"""Imports as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.models import Staff
from qunying.ground.access.roles import Permission
from qunying.ground.files.models import StoredFile
from qunying.ground.groups.queries import communities_for
from qunying.ground.imports.models import ColumnMapping, ImportRun
from qunying.ground.imports.report import Report
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit


def runs_for(staff: Holder) -> QuerySet[ImportRun]:
    """The imports into communities this person may import into, the newest first."""
    communities = communities_for(staff, Permission.IMPORT)
    return ImportRun.objects.filter(community__in=communities).select_related("job", "community", "group")


def get_run_for(staff: Holder, pk: int) -> ImportRun:
    """The import, or NotFoundError where there is none or it is not this person's."""
    run = runs_for(staff).filter(pk=pk).first()
    if run is None:
        raise NotFoundError(_("There is no such import that you may open."))
    return run


def files_brought(holder: Holder, unit: Unit) -> QuerySet[StoredFile]:
    """The files brought for imports that still have their content: a person's own, or those of keys."""
    owner = holder if isinstance(holder, Staff) else None
    return StoredFile.objects.filter(purpose="import", removed_at=None, owner=owner, unit=unit)


def mappings_of(community: Community, *, format: str = "") -> QuerySet[ColumnMapping]:  # noqa: A002 - people's word
    """The mappings saved in the community; with a format, those for its files."""
    found = ColumnMapping.objects.filter(community=community)
    return found.filter(format=format) if format else found


def mappings_for(community: Community, *, format: str) -> QuerySet[ColumnMapping]:  # noqa: A002 - people's word
    """The mappings saved for files of this format, by name."""
    return mappings_of(community, format=format).order_by("name")


def rejected_rows(run: ImportRun, *, start: int = 0, most: int = 50) -> list[dict[str, Any]]:
    """Rejected rows of an import for a page: file, row, column, value, code, and reason in the active language."""
    return Report(run.pk).rows(start=start, most=most)
