"""Runs as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.platforms.queries import accounts_for
from qunying.ground.syncs.models import Sync
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.platforms.models import Account


def syncs_of(account: Account) -> QuerySet[Sync]:
    """The runs over groups of an account, the newest first."""
    return Sync.objects.filter(account=account).select_related("group__community")


def get_sync_for(staff: Holder, pk: int) -> Sync:
    """The run of this number; raises NotFoundError where there is none or its account is not this person's."""
    chosen = Sync.objects.filter(account__in=accounts_for(staff), pk=pk)
    found = chosen.select_related("group__community__unit", "account").first()
    if found is None:
        raise NotFoundError(_("There is no such run that you may open."))
    return found
