"""People who ask to be let in, as one colleague may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.do.admission.models import Applicant
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Membership
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder

KEEPS = timedelta(days=30)
"""How long somebody waits before nobody is asked any more: platforms have forgotten the request long before."""


def applicants_for(staff: Holder) -> QuerySet[Applicant]:
    """Everybody who asked in the units in which this person answers, the longest waiting first."""
    inside = Applicant.objects.filter(group__community__unit__in=units_for(staff, Permission.EDIT_MEMBERS))
    return inside.select_related("group__community__unit", "group__account", "identity__member", "decided_by").order_by(
        "asked_at", "pk"
    )


def waiting_for(staff: Holder) -> QuerySet[Applicant]:
    """Those of them who still wait: nobody answered, and they are not in the group."""
    inside = Membership.objects.filter(group=OuterRef("group"), identity=OuterRef("identity"), left_at__isnull=True)
    rows = applicants_for(staff).filter(state=Applicant.State.WAITING, asked_at__gte=timezone.now() - KEEPS)
    return rows.filter(~Exists(inside))


def get_applicant_for(staff: Holder, pk: int) -> Applicant:
    """The one of this number; raises NotFoundError where there is none or this person does not answer there."""
    found = applicants_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is nobody of that number who asks to be let in."))
    return found
