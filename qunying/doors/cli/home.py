"""The home directory of an installation: made by `init`, checked before every other command."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _

from qunying.doors.cli.output import Json, emit
from qunying.ground.access.models import Staff
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.audit.actors import System
from qunying.ground.backups.place import unfinished
from qunying.ground.members.services_vocabulary import ship_dimensions
from qunying.ground.units.models import Unit
from qunying.ground.units.services import create_unit
from qunying.kit.errors import QunyingError
from qunying.kit.keys import load_keyring, new_keyring, save_keyring
from qunying.plan.compliance.services import ship_lists

CLI = System("cli")


@dataclass(frozen=True, slots=True)
class Home:
    """What `make_home` left behind; `password` is set only when the first director was made now."""

    path: Path
    director: str
    password: str | None


def make_home(*, director: str = "director", password: str | None = None, organisation: str = "") -> Home:
    """Make what is missing: directory, keys, database, a first unit and a first director.

    `organisation` names the topmost unit; without it, and for the director's name, the words are in the
    language of the installation (QUNYING_LANGUAGE, else Chinese), whatever the terminal speaks.
    Running it again changes nothing that is there, but brings the database up to date.
    """
    if told := unfinished():
        raise QunyingError(told)
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    if load_keyring(settings.HOME) is None:
        _refuse_keyless_database()
        save_keyring(new_keyring(), settings.HOME)
    settings.KEYRING = load_keyring(settings.HOME)
    settings.SECRET_KEY = settings.KEYRING.secret
    call_command("migrate", verbosity=0, interactive=False)
    with translation.override(_language()):
        ship_dimensions(by=CLI)
        ship_lists(by=CLI)
        return _first_director(director, password, organisation)


def _refuse_keyless_database() -> None:
    # New keys beside old data would make every private field unreadable for good.
    if connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])).exists():
        raise QunyingError(
            _(
                "%(home)s holds a database but no keys. Put the saved keys.json back; "
                "new keys could not read the old data."
            )
            % {"home": settings.HOME}
        )


@transaction.atomic
def _first_director(username: str, password: str | None, organisation: str) -> Home:
    there = Staff.objects.order_by("pk").first()
    if there is not None:
        return Home(settings.HOME, there.username, None)
    password = password or secrets.token_urlsafe(9)
    root = Unit.objects.filter(parent=None).first() or create_unit(organisation or _("Headquarters"), by=CLI)
    staff = create_staff(username, name=_("Director"), password=password, language=_language(), by=CLI)
    grant_role(staff, role="director", unit=root, by=CLI)
    return Home(settings.HOME, username, password)


def _language() -> str:
    """The language of the installation: Chinese unless QUNYING_LANGUAGE says otherwise."""
    spoken = os.environ.get("QUNYING_LANGUAGE", settings.LANGUAGE_CODE).lower()
    return next((code for code, _name in settings.LANGUAGES if spoken.startswith(code[:2])), settings.LANGUAGE_CODE)


def is_home() -> bool:
    """Whether there is a home with its database set up: what works without one may then look into it."""
    return settings.KEYRING is not None and "playbooks_book" in connection.introspection.table_names()


def require_home() -> None:
    """Raise QunyingError where `init` has not been run, or a newer version needs it run again."""
    if told := unfinished():
        raise QunyingError(told)
    if settings.KEYRING is None:
        raise QunyingError(
            _("There is no Qunying home in %(home)s. Run “qunying init”, or set QUNYING_HOME.")
            % {"home": settings.HOME}
        )
    if "access_staff" not in connection.introspection.table_names():
        raise QunyingError(_("The database is empty. Run “qunying init” to set it up."))


def changes_missing() -> int:
    """How many changes of the database this version of Qunying has and the database has not."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def require_current() -> None:
    """Raise QunyingError where the database is older than the program: every page would fail on it."""
    if changes_missing():
        raise QunyingError(
            _("The database is older than this Qunying. Stop what runs on it and run “qunying init” to bring it up.")
        )


def register(app: typer.Typer) -> None:
    """Add `init`."""
    app.command()(init)


def init(
    *,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing; make a random password.")] = False,
    director: Annotated[str, typer.Option(help="Sign-in name of the first director.")] = "director",
    organisation: Annotated[str, typer.Option(help="Name of the topmost unit; without it, 总部 (Headquarters).")] = "",
    as_json: Json = False,
) -> None:
    """Make the home directory (QUNYING_HOME), the database, the keys and the first director."""
    asked = None if no_input or load_keyring(settings.HOME) else _ask_password()
    home = make_home(director=director, password=asked, organisation=organisation)
    payload = {"home": str(home.path), "director": home.director, "password": home.password}
    lines = [_("Home: %(path)s") % {"path": home.path}]
    if home.password is None:
        lines.append(_("Everything was there already; the database is up to date."))
    else:
        lines.append(
            _("Sign in as %(name)s with the password %(password)s") % {"name": home.director, "password": home.password}
        )
    emit(payload, as_json=as_json, lines=lines)


def _ask_password() -> str | None:
    given: str = typer.prompt(
        _("Password of the first director (empty: make one)"), default="", hide_input=True, show_default=False, err=True
    )
    return given or None
