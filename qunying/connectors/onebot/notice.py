"""What an administrator must read and accept before this protocol is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.connectors.onebot.models import Line
from qunying.ground.platforms.names import QQ, declare_way
from qunying.ground.platforms.notices import Accepted, Notice

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.platforms.models import Account

ONEBOT = declare_way("onebot", _("QQ by OneBot (unofficial)"), to=QQ)


def is_accepted(account: Account) -> bool:
    """Whether an administrator accepted the notice for this account."""
    return Line.objects.filter(account=account).exists()


def _accepted(account: Account) -> Accepted | None:
    line = Line.objects.select_related("accepted_by").filter(account=account).first()
    if line is None:
        return None
    return Accepted(line.accepted_by.name if line.accepted_by else "", line.accepted_at)


def _keep(account: Account, by: Staff | None) -> None:
    Line.objects.get_or_create(account=account, defaults={"accepted_by": by, "accepted_at": timezone.now()})


NOTICE = Notice(
    ONEBOT,
    _("Read this before anything is connected"),
    (
        _("OneBot programs sign in as an ordinary QQ account. QQ does not allow that."),
        _("QQ may limit the account or close it for good, and take the groups it owns with it."),
        _("Use an account that nobody needs, never that of a person or of the group's owner."),
        _("Where an official robot can do it, use the official robot: that one QQ allows."),
        _("Qunying brings no such program along. Some may not be used for business; read their licence."),
        _("Qunying speaks slowly, and writes to no one person by itself. That lowers the danger and does not end it."),
    ),
    _accepted,
    _keep,
)
