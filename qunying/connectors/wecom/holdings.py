"""What this connector holds of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.wecom.models import Contact
from qunying.ground.subjects.holdings import Holding, register_holding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.members.models import Member


def _tell(member: Member) -> Iterable[dict[str, Any]]:
    rows = Contact.objects.filter(identity__member=member).select_related("account").order_by("since", "pk")
    for row in rows.iterator():
        yield {
            "account": row.account.name,
            "colleague": row.userid,
            "since": row.since,
            "until": row.until,
            "channel": row.channel,
            "remark": row.remark,
        }


def _erase(member: Member) -> int:
    return Contact.objects.filter(identity__member=member).delete()[0]


def register() -> None:
    """Say what is held, and what an erasure does with it."""
    label = _("Whose contact the person is in WeCom")
    register_holding(Holding("wecom_contacts", label, ("wecom.Contact",), _tell, erase=_erase))
