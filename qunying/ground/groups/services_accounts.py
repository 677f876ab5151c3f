"""Verbs that tie groups to the accounts through which their platform is spoken to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Group
from qunying.ground.groups.services import create_group
from qunying.ground.platforms.names import platform_behind
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account

TIE = declare_verb("groups.tie", gettext_lazy("A group was tied to an account on its platform."))
UNTIE = declare_verb("groups.untie", gettext_lazy("A group was untied from its account."))

_LONGEST_ID = 190


@transaction.atomic
def tie_group(group: Group, *, account: Account, external_id: str, by: Actor) -> Group:
    """Speak to the group through this account from now on; `external_id` is what the platform calls it.

    Raises QunyingError where the group is on another platform, its community lies outside the account's unit, or
    another group is tied to the same one.
    """
    _check_place(group.community, account)
    if group.platform != platform_behind(account.platform):
        raise QunyingError(
            _("“%(group)s” is on another platform than the account. Choose a group of the account's platform.")
            % {"group": group.name}
        )
    if not external_id or len(external_id) > _LONGEST_ID:
        raise QunyingError(_("The platform's own name for the group is missing or too long."))
    taken = Group.objects.filter(account=account, external_id=external_id).exclude(pk=group.pk).first()
    if taken is not None:
        raise QunyingError(
            _("That group is tied to “%(group)s” already. Untie it there first.") % {"group": taken.name}
        )
    group.account, group.external_id = account, external_id
    group.save(update_fields=["account", "external_id"])
    write_act(TIE, by=by, subject_type="group", subject_id=group.pk, details={"account": account.pk})
    return group


@transaction.atomic
def adopt_group(account: Account, *, community: Community, name: str, external_id: str, by: Actor) -> Group:
    """Make a group in the community for one that the platform has, and tie it; raises as `tie_group`."""
    _check_place(community, account)
    group = create_group(community, name=name, platform=platform_behind(account.platform), by=by)
    return tie_group(group, account=account, external_id=external_id, by=by)


@transaction.atomic
def untie_group(group: Group, *, by: Actor) -> None:
    """Have everything for the group go by hand again; what is known of it stays."""
    if group.account_id is None:
        return
    details = {"account": group.account_id}
    group.account = None
    group.save(update_fields=["account"])
    write_act(UNTIE, by=by, subject_type="group", subject_id=group.pk, details=details)


def _check_place(community: Community, account: Account) -> None:
    if not community.unit.path.startswith(account.unit.path):
        raise QunyingError(
            _("“%(community)s” does not belong to “%(unit)s”, which answers for the account.")
            % {"community": community.name, "unit": account.unit.name}
        )
