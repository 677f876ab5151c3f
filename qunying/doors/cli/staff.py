"""`staff`: the way back in for whoever runs the machine."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qunying.doors.cli.home import CLI
from qunying.doors.cli.output import emit
from qunying.ground.access.models import Staff
from qunying.ground.access.services import change_password, reset_two_factor
from qunying.kit.errors import QunyingError


def register(app: typer.Typer) -> None:
    """Add the group `staff`."""
    # Without the callback a group of one command would be that command itself.
    group = typer.Typer(help="People who work here.", no_args_is_help=True, callback=lambda: None)
    group.command("password")(password)
    app.add_typer(group, name="staff")


def password(
    login: Annotated[str, typer.Argument(help="Sign-in name, or e-mail address.")],
    *,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one.")] = False,
    second_step_off: Annotated[
        bool, typer.Option("--second-step-off", help="Take two-factor sign-in off, too, for a lost telephone.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Give a person a new password and end their sessions; it is written down in the audit."""
    person = _find(login)
    given = _ask() if ask else secrets.token_urlsafe(9)
    with transaction.atomic():
        change_password(person, password=given, by=CLI)
        if second_step_off:
            reset_two_factor(person, by=CLI)
    lines = [
        _("%(name)s is signed out everywhere and now signs in with the password %(password)s")
        % {"name": person.username, "password": given}
        if not ask
        else _("%(name)s is signed out everywhere and now signs in with the new password.") % {"name": person.username}
    ]
    if not person.is_active:
        lines.append(_("The account is closed all the same; a director opens it on the page of the staff."))
    payload = {"username": person.username, "password": None if ask else given, "active": person.is_active}
    emit(payload, as_json=as_json, lines=lines)


def _find(login: str) -> Staff:
    found = Staff.objects.filter(Q(username__iexact=login) | Q(email__iexact=login, email__gt="")).first()
    if found is None:
        raise QunyingError(
            _("Nobody signs in as “%(login)s”. The sign-in names are: %(names)s.")
            % {"login": login, "names": ", ".join(Staff.objects.order_by("pk").values_list("username", flat=True)[:20])}
        )
    return found


def _ask() -> str:
    given: str = typer.prompt(_("New password"), hide_input=True, confirmation_prompt=True, err=True)
    return given
