"""Reading what was said before a group was tied: the port by which connectors offer it, and the verb that begins it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import start_job
from qunying.ground.jobs.turns import OPEN
from qunying.ground.platforms.names import platform_label
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Group

_readers: dict[str, str] = {}


def register_history(platform: str, kind: str) -> None:
    """Have history of the platform's groups read by jobs of this kind; their checkpoint holds `group`, an id."""
    _readers[platform] = kind


def has_history(platform: str) -> bool:
    """Whether what was said before can be read there."""
    return platform in _readers


def read_history(group: Group, *, by: Actor) -> Job:
    """Begin to read all that the platform still holds of the group; what is known already is not doubled.

    Raises QunyingError where the platform gives none, the group is tied to no account, or it is being read already.
    """
    kind = _readers.get(group.platform)
    if kind is None:
        raise QunyingError(
            _("%(platform)s gives no history. Bring a file of the chat instead.")
            % {"platform": platform_label(group.platform)}
        )
    if group.account_id is None:
        raise QunyingError(_("“%(group)s” is tied to no account. Tie it to one first.") % {"group": group.name})
    if Job.objects.filter(kind=kind, checkpoint__group=group.pk, state__in=OPEN).exists():
        raise QunyingError(_("The history of “%(group)s” is being read already.") % {"group": group.name})
    return start_job(kind, checkpoint={"group": group.pk}, by=by, unit=group.community.unit)
