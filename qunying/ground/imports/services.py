"""Verbs on imports: start one, keep a mapping for the next."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.facts import Fact
from qunying.ground.files.services import path_of
from qunying.ground.groups.models import Group
from qunying.ground.groups.services import ensure_group
from qunying.ground.imports.context import Context
from qunying.ground.imports.detect import check_format
from qunying.ground.imports.importers import Row, importer_named
from qunying.ground.imports.models import ColumnMapping, ImportRun
from qunying.ground.imports.reading import files_of
from qunying.ground.imports.sources import Source
from qunying.ground.imports.steps import KIND
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import enqueue, start_job
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qunying.ground.audit.actors import Actor
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community
    from qunying.ground.imports.importers import Importer

START = declare_verb("imports.start", gettext_lazy("An import was started."))
SAVE_MAPPING = declare_verb("imports.mapping.save", gettext_lazy("A column mapping was saved."))

_COMMON_OPTIONS = {"encoding", "delimiter", "sheet", "timezone", "platform"}
_LOOK_AT = 50


def start_import(  # noqa: PLR0913 - what an import is
    files: Sequence[StoredFile],
    *,
    format: str,  # noqa: A002 - the word people use
    community: Community,
    by: Actor,
    group: str = "",
    columns: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    dry_run: bool = False,
    queue: bool = True,
) -> ImportRun:
    """Check the files and start a job that reads them; `run.job` tells how far it is and what came of it.

    `group` names the group everything was said in; it is made if there is none. Raises QunyingError,
    and starts nothing, where a file is not of this format, a needed column is missing or an option is
    unknown. With `queue=False` the caller runs the job itself (`run_to_end`).
    """
    importer, columns, options = importer_named(format), dict(columns or {}), dict(options or {})
    _check_options(importer, options)
    for stored in files:
        check_format(Source(path_of(stored), name=stored.name, options=options), importer, columns=columns)
    with transaction.atomic():
        found = _group(
            group, files[0], importer, community=community, columns=columns, options=options, by=by, dry_run=dry_run
        )
        if group and found is None:
            options["group"] = group
        checkpoint = {"files": [stored.pk for stored in files]}
        job = start_job(KIND, checkpoint=checkpoint, by=by, unit=community.unit, queue=False)
        run = ImportRun.objects.create(
            job=job, community=community, group=found, format=format, columns=columns, options=options, dry_run=dry_run
        )
        run.files.set(files)
        details = {"format": format, "files": [stored.digest for stored in files], "dry_run": dry_run}
        write_act(START, by=by, subject_type="import", subject_id=run.pk, details=details)
        if queue:
            enqueue(job.pk)
    return run


def go_for_good(tried: ImportRun, *, by: Actor) -> ImportRun:
    """The same as a trial, this time stored; raises QunyingError where this is no trial that ended well."""
    if not tried.dry_run or tried.job.state != Job.State.DONE:
        raise QunyingError(_("This trial did not end well; there is nothing to import. Go back and mend it."))
    options = dict(tried.options)
    group = options.pop("group", "") or (tried.group.name if tried.group else "")
    return start_import(
        files_of(tried),
        format=tried.format,
        community=tried.community,
        group=group,
        columns=tried.columns,
        options=options,
        by=by,
    )


@transaction.atomic
def save_mapping(  # noqa: PLR0913 - what a mapping is
    name: str,
    *,
    community: Community,
    format: str,  # noqa: A002 - the word people use
    columns: Mapping[str, str],
    by: Actor,
    options: Mapping[str, str] | None = None,
) -> ColumnMapping:
    """Keep a mapping under a name for the next file of the kind, in place of an earlier one of that name."""
    importer, tidy = importer_named(format), " ".join(name.split())
    if not tidy:
        raise QunyingError(_("The mapping has no name. Write one by which you will know it."))
    strange = sorted(columns.keys() - {column.name for column in importer.columns})
    if strange:
        raise QunyingError(
            _("The format %(format)s has no column “%(name)s”.") % {"format": format, "name": strange[0]}
        )
    mapping, _made = ColumnMapping.objects.update_or_create(
        community=community,
        format=format,
        name=tidy,
        defaults={"columns": dict(columns), "options": dict(options or {})},
    )
    write_act(SAVE_MAPPING, by=by, subject_type="mapping", subject_id=mapping.pk)
    return mapping


def _check_options(importer: Importer, options: Mapping[str, str]) -> None:
    known = _COMMON_OPTIONS | {option.name for option in importer.options}
    strange = sorted(options.keys() - known)
    if strange:
        raise QunyingError(
            _("The format %(format)s has no option “%(name)s”. Those it has: %(known)s.")
            % {"format": importer.name, "name": strange[0], "known": ", ".join(sorted(known))}
        )


def _group(  # noqa: PLR0913 - what decides where a group stands
    name: str,
    stored: StoredFile,
    importer: Importer,
    *,
    community: Community,
    columns: Mapping[str, str],
    options: Mapping[str, str],
    by: Actor,
    dry_run: bool,
) -> Group | None:
    if not name:
        return None
    found = Group.objects.filter(community=community, name=name).first()
    if found is not None or dry_run:
        return found
    context = Context(community=community, by=by, columns=columns, options=options, dry_run=True)
    source = Source(path_of(stored), name=stored.name, options=options)
    platform = options.get("platform") or importer.platform or _first_platform(importer, source, context)
    return ensure_group(community, name=name, platform=platform, by=by)


def _first_platform(importer: Importer, source: Source, context: Context) -> str:
    """The platform of the first person a file names: that is where its group is."""
    for item in islice(importer.read(source, context), _LOOK_AT):
        facts = item.facts if isinstance(item, Row) else (item,)
        for fact in facts:
            if isinstance(fact, Fact) and fact.who is not None:
                return fact.who.platform
    return "wechat"
