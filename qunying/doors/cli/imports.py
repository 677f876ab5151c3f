"""`import` and `formats`."""

from __future__ import annotations

import json
import sys
import tomllib
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 - Typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from qunying.doors.cli.output import Json, emit, err
from qunying.ground.audit.actors import System
from qunying.ground.files.services import store_file
from qunying.ground.groups.queries import get_community
from qunying.ground.imports.importers import all_importers
from qunying.ground.imports.services import start_import
from qunying.ground.imports.services_unfolding import unfold
from qunying.ground.jobs.services import run_to_end
from qunying.kit.archives import packed_folder
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community
    from qunying.ground.jobs.models import Job

CLI = System("cli")


def register(app: typer.Typer) -> None:
    """Add `import` and `formats`."""
    app.command("import")(import_files)
    app.command()(formats)


def import_files(  # noqa: PLR0913 - what the command line offers
    format: Annotated[str, typer.Argument(metavar="FORMAT", help="See `formats`.")],  # noqa: A002 - people's word
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files to read, or a Slack folder.")],
    *,
    community: Annotated[str, typer.Option(help="Short name of the community.")],
    group: Annotated[str, typer.Option(help="The group everything was said in; made if there is none.")] = "",
    map_file: Annotated[Path | None, typer.Option("--map", help="JSON or TOML with [columns] and [options].")] = None,
    option: Annotated[list[str] | None, typer.Option(help="name=value; see `qunying formats`.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count everything, store nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Import files into a community; a file twice, or two that overlap, store each fact once."""
    subject = get_community(community)
    columns, options = _mapping(map_file)
    options |= _pairs(option or [])
    run = start_import(
        unfold([_bring(path, subject) for path in paths], by=CLI, format=format),
        format=format,
        community=subject,
        by=CLI,
        group=group,
        columns=columns,
        options=options,
        dry_run=dry_run,
        queue=False,
    )
    with _progress() as tell:
        job = run_to_end(run.job, on_progress=tell)
    emit(job.result, as_json=as_json, lines=_lines(job.result, dry_run=dry_run))


def _bring(path: Path, community: Community) -> StoredFile:
    try:
        if path.is_dir():
            with packed_folder(path) as stream:
                return store_file(stream, name=f"{path.name}.zip", purpose="import", by=CLI, unit=community.unit)
        with path.open("rb") as stream:
            return store_file(stream, name=path.name, purpose="import", by=CLI, unit=community.unit)
    except OSError as error:
        reason = error.strerror or str(error)
        raise QunyingError(_("“%(path)s” cannot be read: %(reason)s.") % {"path": path, "reason": reason}) from error


def _mapping(path: Path | None) -> tuple[dict[str, str], dict[str, str]]:
    if path is None:
        return {}, {}
    try:
        raw = path.read_bytes()
        data = tomllib.loads(raw.decode()) if path.suffix == ".toml" else json.loads(raw)
        parts = [data.get(name, {}) for name in ("columns", "options")]
        columns, options = ({str(key): str(value) for key, value in part.items()} for part in parts)
    except (OSError, ValueError, AttributeError) as error:
        raise QunyingError(
            _("“%(path)s” is not a mapping: %(reason)s. Write JSON or TOML with “columns” and “options”.")
            % {"path": path, "reason": error}
        ) from error
    return columns, options


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if strange := next((name for name, sign, _value in pairs if not sign), None):
        raise QunyingError(_("“%(text)s” is no option. Write it as name=value.") % {"text": strange})
    return {name: value for name, _sign, value in pairs}


@contextmanager
def _progress() -> Iterator[Callable[[Job], None] | None]:
    """A bar on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(_("Rows"), total=None)
        yield lambda job: progress.update(task, completed=job.done, total=job.total)


def _lines(result: dict[str, Any], *, dry_run: bool) -> list[str]:
    said = {key: f"{result[key]:,}" for key in ("rows", "stored", "duplicates", "rejected", "members_new")}
    head = _("Nothing was stored; this is what an import would do.") if dry_run else _("The import is done.")
    lines = [
        head,
        _("%(rows)s rows: %(stored)s facts stored, %(duplicates)s known already, %(rejected)s rows rejected.") % said,
        _("%(members_new)s new members.") % said,
    ]
    lines += [f"  {kind}: {count:,}" for kind, count in result["kinds"].items()]
    if result["from"]:
        lines.append(_("From %(first)s to %(last)s.") % {"first": result["from"], "last": result["to"]})
    if result.get("tag_dimensions"):
        lines.append(
            _("These columns became tag dimensions: %(names)s.") % {"names": ", ".join(result["tag_dimensions"])}
        )
    if result["report"]:
        lines.append(_("Rejected rows and their reasons: %(path)s") % {"path": result["report"]})
    return lines


def formats(*, as_json: Json = False) -> None:
    """The formats that can be imported, with the columns and options of each."""
    payload = {"formats": [_described(importer) for importer in all_importers()]}
    lines = [line for described in payload["formats"] for line in _format_lines(described)]
    emit(payload, as_json=as_json, lines=lines)


def _described(importer: Any) -> dict[str, Any]:
    return {
        "name": importer.name,
        "label": str(importer.label),
        "looks": str(importer.looks),
        "where": str(importer.where),
        "columns": [
            {
                "name": column.name,
                "needed": column.needed,
                "meaning": str(column.meaning),
                "aliases": list(column.aliases),
            }
            for column in importer.columns
        ],
        "options": [
            {"name": option.name, "meaning": str(option.meaning), "default": option.default}
            for option in importer.options
        ],
        "unknown_columns": importer.unknown_columns,
    }


def _format_lines(described: dict[str, Any]) -> list[str]:
    lines = ["", f"{described['name']}  {described['label']}: {described['looks']}"]
    lines += [f"  {described['where']}"] if described["where"] else []
    lines += [
        f"  {'*' if column['needed'] else ' '} {column['name']:<12} {column['meaning']}"
        for column in described["columns"]
    ]
    lines += [f"    --option {option['name']}=…  {option['meaning']}" for option in described["options"]]
    return lines
