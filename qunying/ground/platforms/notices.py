"""The port for notices: what must be accepted in writing before an account of a platform is used at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.platforms.rules import check_may_connect
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from qunying.ground.audit.actors import Actor
    from qunying.ground.platforms.models import Account

ACCEPT = declare_verb(
    "accounts.accept_notice", gettext_lazy("The notice was accepted without which an account is not used.")
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who accepted it ('' where they are gone), and when (aware UTC)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be read, whether it was accepted for an account, and how that is kept."""

    platform: str
    title: _StrPromise
    points: tuple[_StrPromise, ...]
    accepted: Callable[[Account], Accepted | None]
    keep: Callable[[Account, Staff | None], None]


_notices: dict[str, Notice] = {}


def register_notice(notice: Notice) -> None:
    """Have accounts of the platform wait for this notice to be accepted."""
    _notices[notice.platform] = notice


def notice_of(platform: str) -> Notice | None:
    """What must be accepted for accounts of this platform; None for most."""
    return _notices.get(platform)


def may_accept(by: Actor) -> bool:
    """Whether this person may accept a notice: it takes who runs the system."""
    return not isinstance(by, Staff) or may_anywhere(by, Permission.RUN_SYSTEM)


@transaction.atomic
def accept_notice(account: Account, *, by: Actor) -> None:
    """Accept the notice for an account; only who runs the system, for they answer for it. Twice is once."""
    notice = notice_of(account.platform)
    if notice is None:
        raise NotFoundError(_("Nothing has to be accepted for this account."))
    check_may_connect(by, account.unit)
    if not may_accept(by):
        raise NotAllowedError(_("Only an administrator may accept this. Ask whoever runs the system."))
    if notice.accepted(account) is None:
        notice.keep(account, by if isinstance(by, Staff) else None)
        write_act(ACCEPT, by=by, subject_type="platform_account", subject_id=account.pk)
