"""`playbook list`, `show`, `lint`, `diff`, `apply`, `export`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.doors.cli.home import is_home, require_home
from qunying.doors.cli.output import Json, emit, emit_table, err, out
from qunying.ground.audit.actors import System
from qunying.ground.groups.queries import get_community
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.formats import day
from qunying.plan.playbooks.differences import Difference, Kind, compare
from qunying.plan.playbooks.drafts import draft_parts, with_doubts
from qunying.plan.playbooks.exports import export_playbook
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.own import all_own, find_playbook, lint_own, newest_of, playbook_of, read_own
from qunying.plan.playbooks.services import apply_at_once, check_fits
from qunying.plan.playbooks.services_shelf import keep_export
from qunying.plan.playbooks.shelf import ORDER, Playbook, all_playbooks, lint_playbook, playbook_named, read_playbook
from qunying.plan.playbooks.wording import plain_words
from qunying.plan.playbooks.yaml_text import write_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.models import Book

_CLI = System("cli")
_ENDINGS = (".yaml", ".yml")


def register(app: typer.Typer) -> None:
    """Add the group `playbook`."""
    group = typer.Typer(help="Ready plans: read, check, apply, export.", no_args_is_help=True)
    group.command("list")(list_)
    group.command()(show)
    group.command()(lint)
    group.command()(diff)
    group.command()(apply)
    group.command()(export)
    app.add_typer(group, name="playbook")


def list_(*, as_json: Annotated[bool, typer.Option("--json", help="A JSON list on stdout.")] = False) -> None:
    """List the playbooks that come with Qunying, and one's own."""
    books = [*all_playbooks(), *(playbook_of(newest_of(book)) for book in _own())]
    if as_json:
        rows = [{"name": book.name, "title": book.title, "version": book.version} for book in books]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    emit_table([_("Name"), _("Title"), _("Version")], [(book.name, book.title, book.version) for book in books])


def show(
    name: Annotated[str, typer.Argument(help="Name of the playbook.")],
    *,
    whole: Annotated[bool, typer.Option(help="With everything it takes over from the one it extends.")] = False,
) -> None:
    """Print a playbook as YAML; NAME@VERSION prints an older version of one's own."""
    book = _named(name)
    sys.stdout.write(write_yaml(book.content) if whole else book.text)


def lint(file: Annotated[str, typer.Argument(help="The file to check.")]) -> None:
    """Check a playbook: each fault as FILE:LINE:COLUMN, exit code 1 where there is any."""
    text = _read(file)
    faults = (lint_own(text, by=_CLI) if is_home() else lint_playbook(text)).faults
    for fault in faults:
        sys.stdout.write(f"{file}:{fault.line}:{fault.column}: {fault.message}\n")
    if faults:
        raise typer.Exit(1)
    out.print(_("%(file)s is in order.") % {"file": file}, markup=False)


def apply(
    name: Annotated[str, typer.Argument(help="Name of a playbook, or a file that ends in .yaml.")],
    *,
    community: Annotated[str, typer.Option(help="Short name of the community.")],
    start: Annotated[str, typer.Option(help="First day, such as 2026-03-02, in the community's time zone.")],
    as_json: Json = False,
) -> None:
    """Apply a playbook to a community: everything it says is made. The console lets you review it first.

    What the community's own facts say against a line stands on stderr.
    """
    require_home()
    book = _named(name)
    place, first = get_community(community), _day(start)
    doubts = _doubts_of(book, place, first)
    application = apply_at_once(place, playbook=book, start=first, by=_CLI)
    made = [{"section": row["section"], "key": row["key"], "title": row["title"]} for row in application.made]
    emit(
        {
            "application": application.pk,
            "community": place.slug,
            "playbook": book.name,
            "version": book.version,
            "start": first,
            "made": made,
            "waiting": book.waiting,
            "doubts": doubts,
        },
        as_json=as_json,
        lines=_applied(book, place, first, made),
    )
    for doubt in doubts:
        err.print(f"{doubt['section']}/{doubt['key']}  {doubt['title']}: {doubt['words']}", markup=False)


def _doubts_of(book: Playbook, place: Community, first: date) -> list[dict[str, str]]:
    """What the community's own facts say against a line, as the review in the console shows it.

    Counted before anything is written, for that takes a moment.
    """
    check_fits(book.content)
    draft = Application(community=place, playbook=book.name, start=first, content=book.content)
    return [
        {"section": part.name, "key": one.line.key, "title": one.line.title, "words": words}
        for part in with_doubts(draft_parts(draft), draft)
        for one in part.lines
        for words in one.doubts
    ]


def _applied(book: Playbook, place: Community, first: date, made: list[dict[str, str]]) -> list[str]:
    head = _("“%(playbook)s” is applied to %(community)s from %(start)s.") % {
        "playbook": book.title,
        "community": place.name,
        "start": day(first),
    }
    lines = [head, *(f"  {row['section']}/{row['key']}  {row['title']}" for row in made)]
    if book.waiting:
        lines.append(_("Kept for later, nothing is made of it yet: %(names)s.") % {"names": ", ".join(book.waiting)})
    return lines


def diff(
    before: Annotated[str, typer.Argument(help="Name of a playbook, NAME@VERSION, or a file that ends in .yaml.")],
    after: Annotated[str, typer.Argument(help="The same for what it is held against.")],
    *,
    as_json: Json = False,
) -> None:
    """Tell what came, went and changed from one playbook, or version, to another."""
    old, new = _named(before), _named(after)
    found = compare(old.content, new.content)
    rows = [
        {
            "part": one.part,
            "key": one.key,
            "kind": one.kind.value,
            "title": one.title,
            "changes": [{"name": each.name, "before": each.before, "after": each.after} for each in one.changes],
        }
        for one in found
    ]
    payload = {
        "before": {"name": old.name, "version": old.version},
        "after": {"name": new.name, "version": new.version},
    }
    lines = [line for one in found for line in _difference_lines(one)] or [_("Nothing differs.")]
    emit({**payload, "differences": rows}, as_json=as_json, lines=lines)


def _difference_lines(one: Difference) -> Iterator[str]:
    sign = {Kind.NEW: "+", Kind.GONE: "-", Kind.CHANGED: "~"}[one.kind]
    yield f"{sign} {one.part}/{one.key}  {one.title}" if one.part else f"{sign} {one.title}"
    for change in one.changes:
        yield f"    {change.name}: {plain_words(change.before)} → {plain_words(change.after)}"


def export(
    *,
    community: Annotated[str, typer.Option(help="Short name of the community.")],
    to: Annotated[str, typer.Option("--out", help="The file to write; without it, stdout.")] = "",
    keep: Annotated[bool, typer.Option(help="Put it on the shelf of the community's unit, too.")] = False,
) -> None:
    """Write what stands in a community as a playbook that can be applied elsewhere."""
    require_home()
    place = get_community(community)
    today = timezone.localdate(timezone=ZoneInfo(place.timezone))
    text = keep_export(place, today=today, by=_CLI).text if keep else export_playbook(place, today=today)
    if not to:
        sys.stdout.write(text)
        return
    try:
        Path(to).expanduser().write_text(text, encoding="utf-8")
    except OSError as error:
        raise _no_file(to, error) from None
    out.print(_("The playbook is in %(path)s.") % {"path": to}, markup=False)


def _own() -> list[Book]:
    """The books on the shelves of this installation; none where there is none yet."""
    return all_own() if is_home() else []


def _named(name: str) -> Playbook:
    """The playbook of a file, of a name, or of a name and version."""
    if name.endswith(_ENDINGS):
        text = _read(name)
        return read_own(text, by=_CLI) if is_home() else read_playbook(text)
    bare, _at, version = name.partition("@")
    found = find_playbook(bare, version) if is_home() else None
    if found is not None:
        return found
    if version:
        raise NotFoundError(_("There is no version %(version)s of “%(name)s”.") % {"version": version, "name": bare})
    known = [*ORDER, *(book.name for book in _own())]
    if bare not in known:
        raise NotFoundError(
            _("There is no playbook “%(name)s”. Those there are: %(known)s.")
            % {"name": name, "known": ", ".join(known)}
        )
    return playbook_named(bare)


def _read(file: str) -> str:
    try:
        return Path(file).expanduser().read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _no_file(file, error) from None
    except UnicodeDecodeError:
        raise QunyingError(
            _("%(path)s is not written in UTF-8. Save it as UTF-8 and try again.") % {"path": file}
        ) from None


def _no_file(path: str, error: OSError) -> QunyingError:
    return QunyingError(
        _("%(path)s cannot be read or written (%(why)s). Check the path.") % {"path": path, "why": error.strerror}
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QunyingError(_("“%(text)s” is not a day. Write it as 2026-03-02.") % {"text": text}) from None
