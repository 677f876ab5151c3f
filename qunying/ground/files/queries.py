"""Stored files as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.files.models import StoredFile
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff


def get_file_for(staff: Staff, pk: int, permission: Permission = Permission.IMPORT) -> StoredFile:
    """The file, where it belongs to a unit in which this person holds the permission; else NotFoundError."""
    stored = StoredFile.objects.filter(pk=pk, unit__in=units_for(staff, permission)).first()
    if stored is None:
        raise NotFoundError(_("There is no such file that you may open."))
    return stored
