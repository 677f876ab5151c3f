"""Verbs on accounts: connecting, changing, pausing, removing, handing out what lets them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.platforms.handouts import handout_of
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.names import platform_label
from qunying.ground.platforms.port import connector_of
from qunying.ground.platforms.rules import check_may_connect
from qunying.ground.platforms.sealing import open_secrets, seal_secrets
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.audit.actors import Actor
    from qunying.ground.platforms.handouts import Handed
    from qunying.ground.platforms.port import Connector, Setting
    from qunying.ground.units.models import Unit

CONNECT = declare_verb("accounts.connect", gettext_lazy("An account on a platform was connected."))
CHANGE = declare_verb("accounts.change", gettext_lazy("The settings of an account on a platform were changed."))
PAUSE = declare_verb("accounts.pause", gettext_lazy("An account on a platform was paused."))
RESUME = declare_verb("accounts.resume", gettext_lazy("An account on a platform is used again."))
DELETE = declare_verb("accounts.delete", gettext_lazy("An account on a platform was removed."))
HAND_OUT = declare_verb(
    "accounts.hand_out", gettext_lazy("An account was given new secrets, in a file for its platform.")
)

_LONGEST = 500


@transaction.atomic
def connect_account(platform: str, *, name: str, given: Mapping[str, str], unit: Unit, by: Actor) -> Account:
    """Connect an account; `given` are its settings and secrets by name.

    Raises QunyingError for a platform that nothing connects to, an empty name, or a setting that is missing.
    """
    check_may_connect(by, unit)
    connector = _connector(platform)
    account = Account.objects.create(name=_tidy_name(name), platform=platform, unit=unit)
    _put(account, connector, given)
    _write(CONNECT, account, by=by, unit=unit.pk, platform=platform)
    return account


@transaction.atomic
def change_account(account: Account, *, name: str, given: Mapping[str, str], by: Actor) -> Account:
    """Change name, settings and secrets. A secret that is left empty stays what it was."""
    check_may_connect(by, account.unit)
    account.name = _tidy_name(name)
    _put(account, _connector(account.platform), given)
    _write(CHANGE, account, by=by)
    return account


@transaction.atomic
def pause_account(account: Account, *, by: Actor) -> None:
    """Let nothing leave through it any more; what comes in is still recorded."""
    check_may_connect(by, account.unit)
    if Account.objects.filter(pk=account.pk, paused_at=None).update(paused_at=timezone.now()):
        _write(PAUSE, account, by=by)
    account.refresh_from_db()


@transaction.atomic
def resume_account(account: Account, *, by: Actor) -> None:
    """Let things leave through it again."""
    check_may_connect(by, account.unit)
    if Account.objects.filter(pk=account.pk, paused_at__isnull=False).update(paused_at=None):
        _write(RESUME, account, by=by)
    account.refresh_from_db()


@transaction.atomic
def delete_account(account: Account, *, typed: str, by: Actor) -> None:
    """Remove it with its secrets; its groups stay, and go by hand from now on. `typed` has to be its name."""
    check_may_connect(by, account.unit)
    if typed.strip() != account.name:
        raise QunyingError(_("The name does not match. Type “%(name)s” to remove it.") % {"name": account.name})
    _write(DELETE, account, by=by, platform=account.platform)
    account.delete()


@transaction.atomic
def hand_out(account: Account, *, by: Actor) -> Handed:
    """The file that lets the account in at its platform, with new secrets: an earlier file stops working."""
    check_may_connect(by, account.unit)
    handout = handout_of(account.platform)
    if handout is None:
        raise QunyingError(_("%(platform)s needs no file from us.") % {"platform": platform_label(account.platform)})
    handed = handout.make(account)
    account.sealed = seal_secrets(account, {**open_secrets(account), **handed.secrets})
    account.save(update_fields=["sealed"])
    _write(HAND_OUT, account, by=by)
    return handed


def _connector(platform: str) -> Connector:
    found = connector_of(platform)
    if found is None:
        raise QunyingError(
            _("Nothing here connects to %(platform)s yet. Its groups go by hand and by files.")
            % {"platform": platform_label(platform)}
        )
    return found


def _put(account: Account, connector: Connector, given: Mapping[str, str]) -> None:
    """Store what was given; what the last look saw is no longer true."""
    plain = {one.name: _checked(one, given.get(one.name, "")) for one in connector.settings if not one.secret}
    secrets = open_secrets(account)
    for one in connector.settings:
        if one.secret:
            value = given.get(one.name, "").strip() or secrets.get(one.name, "")
            secrets[one.name] = _checked(one, value)
    account.settings = plain
    account.sealed = seal_secrets(account, {name: value for name, value in secrets.items() if value})
    account.checked_at, account.checks = None, []
    account.save()


def _checked(setting: Setting, value: str) -> str:
    value = value.strip()
    if setting.required and not value:
        raise QunyingError(_("“%(field)s” is empty. Fill it in.") % {"field": setting.label})
    if len(value) > _LONGEST or "\x00" in value:
        raise QunyingError(
            _("“%(field)s” is longer than %(most)d characters.") % {"field": setting.label, "most": _LONGEST}
        )
    return value


def _tidy_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > Account.NAME_LENGTH:
        raise QunyingError(_("A name has 1 to %(most)s characters.") % {"most": Account.NAME_LENGTH})
    return tidy


def _write(verb: str, account: Account, *, by: Actor, **details: object) -> None:
    write_act(verb, by=by, subject_type="platform_account", subject_id=account.pk, details=details)
