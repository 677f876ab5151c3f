"""`staff`: who works here, the way in for somebody new, and the way back in for whoever runs the machine."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

import typer
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qunying.doors.cli.community import unit_named
from qunying.doors.cli.home import CLI
from qunying.doors.cli.output import Json, emit
from qunying.ground.access.models import Staff
from qunying.ground.access.queries import get_role, locked_until, role_label, roles_now
from qunying.ground.access.services import change_password, reset_two_factor
from qunying.ground.access.services_invitations import invite as invite_somebody
from qunying.ground.access.services_locks import unlock_sign_in
from qunying.kit.errors import QunyingError

_ADDRESS = "http://127.0.0.1:8000"
"""Where `serve` listens unless it is told otherwise."""


def register(app: typer.Typer) -> None:
    """Add the group `staff`."""
    group = typer.Typer(help="People who work here.", no_args_is_help=True)
    group.command("list")(list_all)
    group.command()(invite)
    group.command()(unlock)
    group.command("password")(password)
    app.add_typer(group, name="staff")


def list_all(*, as_json: Json = False) -> None:
    """Everybody on the staff with their roles, and whether they can sign in."""
    rows = [_plain(person) for person in Staff.objects.prefetch_related("grants__unit").order_by("username")]
    lines = [_("%(username)s  %(name)s  %(roles)s  %(standing)s") % (row | _words(row)) for row in rows]
    emit({"staff": rows}, as_json=as_json, lines=lines)


def _plain(person: Staff) -> dict[str, Any]:
    return {
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "active": person.is_active,
        "two_factor": is_mfa_enabled(person),
        "locked_until": locked_until(person),
        "last_sign_in": person.last_login,
        "roles": [
            {"role": grant.role, "label": str(role_label(grant)), "unit": grant.unit.name}
            for grant in person.grants.all()
        ],
    }


def _words(row: dict[str, Any]) -> dict[str, str]:
    roles = ", ".join(f"{role['label']} @ {role['unit']}" for role in row["roles"])
    return {"roles": roles or "—", "standing": _standing(row)}


def _standing(row: dict[str, Any]) -> str:
    if not row["active"]:
        return _("account closed")
    if row["locked_until"]:
        return _("too many failures; “qunying staff unlock %(name)s” opens it") % {"name": row["username"]}
    return _("two-factor sign-in") if row["two_factor"] else _("password alone")


def invite(  # noqa: PLR0913 - one argument for each option
    role: Annotated[str, typer.Argument(help="Role to give, such as specialist.")],
    *,
    unit: Annotated[str, typer.Option(help="Name or id of the unit; without it, the first one.")] = "",
    email: Annotated[str, typer.Option(help="Address the new account bears; nothing is sent to it.")] = "",
    days: Annotated[int, typer.Option(help="How many days the link opens.")] = 7,
    inviter: Annotated[
        str, typer.Option("--as", help="Sign-in name of who invites; without it, the only director there is.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Print a link by which one person joins, once, with a role in a unit; the link is kept nowhere."""
    name = _role_named(role)
    made, secret = invite_somebody(
        name, unit=unit_named(unit), email=email, days=days, inviter=in_whose_name(inviter), by=CLI
    )
    link = (settings.PUBLIC_URL or _ADDRESS).rstrip("/") + reverse("join", args=[secret])
    names = {"role": get_role(name).label, "unit": made.unit.name, "day": made.expires_at.date(), "link": link}
    lines = [_("%(role)s in “%(unit)s”, until %(day)s, for one person: %(link)s") % names]
    if not settings.PUBLIC_URL:
        lines.append(_("Where Qunying is reached at another address, put that in front, or set QUNYING_PUBLIC_URL."))
    payload = {"link": link, "role": name, "unit": made.unit.name, "email": made.email, "expires_at": made.expires_at}
    emit(payload | {"invited_by": made.invited_by.username}, as_json=as_json, lines=lines)


def _role_named(wanted: str) -> str:
    """By the role's name, or by its label in the language spoken."""
    known = roles_now()
    found = next((name for name, role in known.items() if wanted in {name, str(role.label)}), None)
    if found is None:
        raise QunyingError(
            _("There is no role “%(role)s”. Those there are: %(known)s.") % {"role": wanted, "known": ", ".join(known)}
        )
    return found


def unlock(
    login: Annotated[str, typer.Argument(help="Sign-in name, or e-mail address.")], *, as_json: Json = False
) -> None:
    """Open an account again at once that too many failures closed for a while."""
    person = staff_named(login)
    until = locked_until(person)
    unlock_sign_in(person, by=CLI)
    words = _("%(name)s can try to sign in again at once.") if until else _("%(name)s was not locked out.")
    lines = [words % {"name": person.username}]
    if not person.is_active:
        lines.append(_("The account is closed all the same; a director opens it on the page of the staff."))
    payload = {"username": person.username, "was_locked_until": until, "active": person.is_active}
    emit(payload, as_json=as_json, lines=lines)


def password(
    login: Annotated[str, typer.Argument(help="Sign-in name, or e-mail address.")],
    *,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one.")] = False,
    second_step_off: Annotated[
        bool, typer.Option("--second-step-off", help="Take two-factor sign-in off, too, for a lost telephone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Give a person a new password and end their sessions; it is written down in the audit."""
    person = staff_named(login)
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


def in_whose_name(login: str) -> Staff:
    """Who answers for what is made at the machine: who signs in so, or for '' the only director there is.

    Raises QunyingError where there is nobody, or several directors to choose from.
    """
    if login:
        return staff_named(login)
    directors = list(Staff.objects.filter(is_active=True, grants__role="director").distinct().order_by("pk")[:20])
    if len(directors) != 1:
        raise QunyingError(
            _("Say in whose name, with a sign-in name. Directors are: %(names)s.")
            % {"names": ", ".join(person.username for person in directors) or "—"}
        )
    return directors[0]


def staff_named(login: str) -> Staff:
    """Who signs in with this name or e-mail address; raises QunyingError where nobody does."""
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
