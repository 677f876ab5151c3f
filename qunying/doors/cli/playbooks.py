"""`playbook list`, `show`, `lint`, `diff`, `export`; `apply` and `undo` stand in their own file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.doors.cli.applying import apply, undo
from qunying.doors.cli.books import CLI, book_named, no_file, own_books, read_text
from qunying.doors.cli.home import is_home, require_home
from qunying.doors.cli.output import Json, emit, emit_table, out
from qunying.ground.groups.queries import get_community
from qunying.plan.playbooks.differences import Difference, Kind, compare
from qunying.plan.playbooks.exports import export_playbook
from qunying.plan.playbooks.own import lint_own, newest_of, playbook_of
from qunying.plan.playbooks.services_shelf import keep_export
from qunying.plan.playbooks.shelf import all_playbooks, lint_playbook
from qunying.plan.playbooks.wording import plain_words
from qunying.plan.playbooks.yaml_text import write_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator


def register(app: typer.Typer) -> None:
    """Add the group `playbook`."""
    group = typer.Typer(help="Ready plans: read, check, apply, undo, export.", no_args_is_help=True)
    group.command("list")(list_)
    group.command()(show)
    group.command()(lint)
    group.command()(diff)
    group.command()(apply)
    group.command()(undo)
    group.command()(export)
    app.add_typer(group, name="playbook")


def list_(*, as_json: Annotated[bool, typer.Option("--json", help="A JSON list on stdout.")] = False) -> None:
    """List the playbooks that come with Qunying, and one's own."""
    books = [*all_playbooks(), *(playbook_of(newest_of(book)) for book in own_books())]
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
    book = book_named(name)
    sys.stdout.write(write_yaml(book.content) if whole else book.text)


def lint(file: Annotated[str, typer.Argument(help="The file to check.")]) -> None:
    """Check a playbook: each fault as FILE:LINE:COLUMN, exit code 1 where there is any."""
    text = read_text(file)
    faults = (lint_own(text, by=CLI) if is_home() else lint_playbook(text)).faults
    for fault in faults:
        sys.stdout.write(f"{file}:{fault.line}:{fault.column}: {fault.message}\n")
    if faults:
        raise typer.Exit(1)
    out.print(_("%(file)s is in order.") % {"file": file}, markup=False)


def diff(
    before: Annotated[str, typer.Argument(help="Name of a playbook, NAME@VERSION, or a file that ends in .yaml.")],
    after: Annotated[str, typer.Argument(help="The same for what it is held against.")],
    *,
    as_json: Json = False,
) -> None:
    """Tell what came, went and changed from one playbook, or version, to another."""
    old, new = book_named(before), book_named(after)
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
    text = keep_export(place, today=today, by=CLI).text if keep else export_playbook(place, today=today)
    if not to:
        sys.stdout.write(text)
        return
    try:
        Path(to).expanduser().write_text(text, encoding="utf-8")
    except OSError as error:
        raise no_file(to, error) from None
    out.print(_("The playbook is in %(path)s.") % {"path": to}, markup=False)
