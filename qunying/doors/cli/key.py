"""`key create`, `key list` and `key revoke`: the keys by which programs come in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qunying.doors.cli.community import unit_named
from qunying.doors.cli.home import CLI
from qunying.doors.cli.output import Json, emit
from qunying.doors.cli.staff import in_whose_name
from qunying.ground.access.models import ApiKey
from qunying.ground.access.roles import SCOPES
from qunying.ground.access.services_keys import create_key, revoke_key
from qunying.kit.errors import NotFoundError, QunyingError

if TYPE_CHECKING:
    from datetime import datetime

_STATES = {
    "open": pgettext_lazy("key", "Open"),
    "expired": pgettext_lazy("key", "Expired"),
    "revoked": pgettext_lazy("key", "Revoked"),
    "closed": pgettext_lazy("key", "Account closed"),
}
_BEGINNING = re.compile(r"(?:qy_)?([a-z0-9]{8})(?:_.*)?")


def register(app: typer.Typer) -> None:
    """Add the group `key`."""
    group = typer.Typer(help="API keys, by which programs come in.", no_args_is_help=True)
    group.command()(create)
    group.command("list")(list_all)
    group.command()(revoke)
    app.add_typer(group, name="key")


def create(  # noqa: PLR0913 - one argument for each option
    name: Annotated[str, typer.Argument(help="What it is for.")],
    *,
    scope: Annotated[
        list[str], typer.Option(help=f"What it may do, once for each: {', '.join(scope.value for scope in SCOPES)}.")
    ],
    unit: Annotated[
        str, typer.Option(help="Name or id of the unit it may do that in; without it, the first one.")
    ] = "",
    owner: Annotated[
        str, typer.Option(help="Sign-in name of who answers for it; without it, the only director there is.")
    ] = "",
    days: Annotated[int, typer.Option(help="How many days it lives; 0: until it is revoked.")] = 90,
    as_json: Json = False,
) -> None:
    """Make a key and print its text, this once: it is kept nowhere."""
    _check_known(scope)
    key, text = create_key(
        name, scopes=scope, unit=unit_named(unit), owner=in_whose_name(owner), days=days or None, by=CLI
    )
    lines = [
        _("The key, shown this once and kept nowhere: %(text)s") % {"text": text},
        _("It ends on %(day)s.") % {"day": key.expires_at.date()}
        if key.expires_at
        else _("It does not end by itself. Revoke it with “qunying key revoke %(prefix)s”.") % {"prefix": key.prefix},
    ]
    emit({"key": text, **_plain(key, timezone.now())}, as_json=as_json, lines=lines)


def list_all(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that open nothing any more, too.")] = False,
    as_json: Json = False,
) -> None:
    """The keys that open something, newest first; never their texts."""
    now = timezone.now()
    found = [key for key in ApiKey.objects.select_related("unit", "owner") if everything or key.opens(now)]
    rows = [_plain(key, now) for key in found]
    lines = [
        _("qy_%(prefix)s  %(name)s  %(unit)s  %(owner)s  %(state)s  %(may)s")
        % {**row, "state": _STATES[row["state"]], "may": ", ".join(key.scopes)}
        for row, key in zip(rows, found, strict=True)
    ]
    emit({"keys": rows}, as_json=as_json, lines=lines or [_("There is no key.")])


def revoke(
    beginning: Annotated[str, typer.Argument(help="The first letters of the key, such as qy_4fk2mz9q.")],
    *,
    as_json: Json = False,
) -> None:
    """Have a key open nothing from now on; revoking it twice changes nothing."""
    found = _BEGINNING.fullmatch(beginning.strip())
    key = ApiKey.objects.select_related("unit", "owner").filter(prefix=found[1]).first() if found else None
    if key is None:
        raise NotFoundError(_("No key begins like this. “qunying key list --all” names those there are."))
    revoke_key(key, by=CLI)
    words = _("The key “%(name)s” opens nothing any more.") % {"name": key.name}
    emit(_plain(key, timezone.now()), as_json=as_json, lines=[words])


def _check_known(scopes: list[str]) -> None:
    known = [scope.value for scope in SCOPES]
    odd = next((scope for scope in scopes if scope not in known), None)
    if odd is not None:
        raise QunyingError(
            _("A key knows nothing called “%(scope)s”. It may be given: %(known)s.")
            % {"scope": odd, "known": ", ".join(known)}
        )


def _plain(key: ApiKey, now: datetime) -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "name": key.name,
        "unit": key.unit.name,
        "owner": key.owner.username,
        "scopes": key.scopes,
        "state": key.state(now),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }
