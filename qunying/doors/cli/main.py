"""`qunying`: every command, and the one place where errors become a sentence and an exit code."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import typer

_AREAS = (
    "home",
    "serve",
    "demo",
    "community",
    "member",
    "keys",
    "key",
    "staff",
    "imports",
    "figures",
    "goals",
    "supervision",
    "reports",
    "playbooks",
    "compliance",
    "events",
    "audit",
    "doctor",
    "backup",
    "suggestions",
    "journeys",
)
# Typer carries its own copy of Click: the base of its errors is reached through the one it exports.
_UsageError: type[Any] = typer.BadParameter.__mro__[2]
_BEFORE_HOME = {"init", "demo", "doctor", "restore", "formats", "metrics", "playbook"}


def make_app() -> typer.Typer:
    """The command line with the commands of every area."""
    import django  # noqa: PLC0415 - settings must be named before Django is loaded

    if sys.argv[1:2] == ["web"]:
        _share_counts()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.settings")
    django.setup()
    app = typer.Typer(
        name="qunying",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_before)
    for area in _AREAS:
        import_module(f"qunying.doors.cli.{area}").register(app)
    return app


def _share_counts() -> None:
    """Have all web processes of this command count requests in one place.

    The library decides how it counts when it is loaded, and Django's start loads it: so before that.
    """
    folder = tempfile.mkdtemp(prefix="qunying-web-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder


def _before(context: typer.Context) -> None:
    """Qunying 群营: plan, carry out, measure and improve your communities."""
    from qunying.doors.cli.home import require_home  # noqa: PLC0415 - needs Django

    if context.invoked_subcommand not in _BEFORE_HOME and not context.resilient_parsing and not _wants_help():
        require_home()


def _wants_help() -> bool:
    return "--help" in sys.argv


def run() -> None:
    """Entry point: exit code 0 only on success, an error is one clear sentence on stderr."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run one command; the exit code: 0 done, 1 refused or failed, 2 called in a wrong way."""
    app = make_app()
    from django.utils import translation  # noqa: PLC0415 - needs Django

    with translation.override(_language()):
        return _invoke(app, arguments)


def _invoke(app: typer.Typer, arguments: list[str]) -> int:
    from qunying.kit.errors import QunyingError  # noqa: PLC0415 - needs Django

    try:
        result: Any = app(arguments, standalone_mode=False)
    except QunyingError as error:
        return _say(str(error), 1)
    except typer.Abort:
        return _say("Stopped.", 130)
    except typer.Exit as error:
        return error.exit_code
    except _UsageError as error:
        return _say(error.format_message(), 2)
    except Exception:  # noqa: BLE001 - a fault of ours: one sentence here, the whole story in the log
        return _say(_fault(), 1)
    return result if isinstance(result, int) else 0


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _fault() -> str:
    from django.conf import settings  # noqa: PLC0415 - needs Django
    from django.utils.translation import gettext as _  # noqa: PLC0415 - needs Django

    from qunying.kit.logs import story_of  # noqa: PLC0415 - needs Django

    if too_old := _too_old():
        return too_old
    story = traceback.format_exc()
    if os.environ.get("QUNYING_TRACEBACK") == "1" or not settings.HOME.is_dir():
        return story
    path = settings.HOME / "faults.log"
    told = "\n".join(story_of(sys.exception()))  # without the message: it may hold what somebody wrote
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{datetime.now(UTC).isoformat()} {sys.argv[1:2]}\n{told}\n")
    last = story.strip().splitlines()[-1]
    return _("Something went wrong inside Qunying: %(last)s. The details are in %(path)s.") % {
        "last": last,
        "path": path,
    }


def _too_old() -> str:
    """The sentence for a database that lacks changes, where that is why a command failed; else ''."""
    from django.db import DatabaseError  # noqa: PLC0415 - needs Django

    from qunying.doors.cli.home import require_current  # noqa: PLC0415 - needs Django
    from qunying.kit.errors import QunyingError  # noqa: PLC0415 - needs Django

    if not isinstance(sys.exception(), DatabaseError):
        return ""
    try:
        require_current()
    except QunyingError as old:
        return str(old)
    except DatabaseError:  # it does not answer at all: the fault itself says so
        return ""
    return ""


def _language() -> str:
    """The language of the terminal: Chinese where the locale says so, English elsewhere."""
    spoken = os.environ.get("QUNYING_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh-hans" if spoken.lower().startswith("zh") else "en"
