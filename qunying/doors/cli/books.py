"""Playbooks as a command names them: by a file, by a name, by a name and a version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.doors.cli.home import is_home
from qunying.ground.audit.actors import System
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.plan.playbooks.own import all_own, find_playbook, read_own
from qunying.plan.playbooks.shelf import ORDER, Playbook, playbook_named, read_playbook

if TYPE_CHECKING:
    from qunying.plan.playbooks.models import Book

CLI = System("cli")
_ENDINGS = (".yaml", ".yml")


def own_books() -> list[Book]:
    """The books on the shelves of this installation; none where there is none yet."""
    return all_own() if is_home() else []


def book_named(name: str) -> Playbook:
    """The playbook of a file, of a name, or of a name and version."""
    if name.endswith(_ENDINGS):
        text = read_text(name)
        return read_own(text, by=CLI) if is_home() else read_playbook(text)
    bare, _at, version = name.partition("@")
    found = find_playbook(bare, version) if is_home() else None
    if found is not None:
        return found
    if version:
        raise NotFoundError(_("There is no version %(version)s of “%(name)s”.") % {"version": version, "name": bare})
    known = [*ORDER, *(book.name for book in own_books())]
    if bare not in known:
        raise NotFoundError(
            _("There is no playbook “%(name)s”. Those there are: %(known)s.")
            % {"name": name, "known": ", ".join(known)}
        )
    return playbook_named(bare)


def read_text(file: str) -> str:
    """The text of a file; raises QunyingError where it cannot be read, or is not UTF-8."""
    try:
        return Path(file).expanduser().read_text(encoding="utf-8-sig")
    except OSError as error:
        raise no_file(file, error) from None
    except UnicodeDecodeError:
        raise QunyingError(
            _("%(path)s is not written in UTF-8. Save it as UTF-8 and try again.") % {"path": file}
        ) from None


def no_file(path: str, error: OSError) -> QunyingError:
    """The refusal for a file that cannot be read or written."""
    return QunyingError(
        _("%(path)s cannot be read or written (%(why)s). Check the path.") % {"path": path, "why": error.strerror}
    )
