"""Accounts as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.platforms.models import Account
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder


def accounts_for(staff: Holder) -> QuerySet[Account]:
    """The accounts of the units in which this person may connect them."""
    return Account.objects.filter(unit__in=units_for(staff, Permission.CONNECT)).select_related("unit")


def get_account_for(staff: Holder, pk: int) -> Account:
    """The account of this number; raises NotFoundError where there is none or it is not this person's."""
    found = accounts_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such account that you may open."))
    return found


def account_called(platform: str, pk: int) -> Account | None:
    """The account of this number on this platform, for what the platform itself sends; None where there is none."""
    return Account.objects.filter(platform=platform, pk=pk).first()
