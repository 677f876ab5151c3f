"""Imports, jobs and the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import Day, Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.models import ApiKey
from qunying.ground.access.queries import staff_for, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_everywhere
from qunying.ground.audit.models import Act
from qunying.ground.audit.queries import search_acts
from qunying.ground.files.services import store_file
from qunying.ground.groups.queries import get_community_for
from qunying.ground.imports.detect import preview
from qunying.ground.imports.importers import all_importers
from qunying.ground.imports.models import ImportRun
from qunying.ground.imports.queries import get_run_for, rejected_rows, runs_for
from qunying.ground.imports.services import start_import
from qunying.ground.imports.services_unfolding import unfold
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.queries import get_job_for, jobs_for
from qunying.ground.jobs.services import cancel_job
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community
    from qunying.ground.imports.importers import Importer

router = Router()
MOST_FILES = 20
_Start = Annotated[int, Field(ge=0, le=10_000_000, description="How many rejected rows to pass over.")]


class MeantTold(Schema):
    """A column or a setting of a format, and what it means."""

    name: str
    meaning: str
    needed: bool


class FormatTold(Told):
    """A kind of file that may be brought; `columns` are empty where a file is no table."""

    name: str
    label: str
    platform: str
    columns: list[MeantTold]
    settings: list[MeantTold]


class JobTold(Told):
    """Long work: how far it is and what came of it. `total` is null where nobody can know."""

    id: int
    kind: str
    state: str
    done: int
    total: int | None
    error: str
    result: dict[str, Any]
    created_at: Moment
    started_at: Moment | None
    ended_at: Moment | None


class ImportTold(Told):
    """An import of files: `state`, `done` and `result` are those of its job."""

    id: int
    community: str
    group: str | None
    format: str
    dry_run: bool
    job: int
    state: str
    done: int
    total: int | None
    error: str
    result: dict[str, Any]
    created_at: Moment


class RejectedTold(Told):
    """A row that was not taken, and why."""

    file: str
    row: int
    column: str
    value: str
    code: str
    reason: str


class ActTold(Told):
    """An act of a person, a key or the system. `seal` is its link in the chain, null while it waits for one."""

    id: int
    at: Moment
    actor: str
    verb: str
    subject_type: str
    subject_id: str
    details: dict[str, Any]
    seal: str | None


class ImportGiven(Given):
    """How to read the files."""

    format: Annotated[Text, Field(max_length=32, description="Without it, the format is recognised.")] = ""
    group: Annotated[Text, Field(max_length=120, description="The group everything was said in; made if need be.")] = ""
    dry_run: bool = False


class ActList(Paging):
    """Which acts."""

    actor: Annotated[Text, Field(max_length=64, description="For example staff:3, or staff.")] = ""
    verb: Annotated[Text, Field(max_length=64, description="For example members.merge.")] = ""
    subject: Annotated[Text, Field(max_length=100, description="For example member:7, or member.")] = ""
    since: Day | None = None
    until: Day | None = None


class RejectedList(Fields):
    """Which rejected rows."""

    start: _Start = 0
    limit: Annotated[int, Field(ge=1, le=200, description="How many rows at most.")] = 50


def _jobs(jobs: Sequence[Job]) -> Iterable[dict[str, Any]]:
    for job in jobs:
        yield {"id": job.pk, "kind": job.kind, "created_at": job.created_at} | _progress(job)


def _progress(job: Job) -> dict[str, Any]:
    return {
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "error": job.error,
        "result": job.result,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
    }


def _runs(runs: Sequence[ImportRun]) -> Iterable[dict[str, Any]]:
    for run in runs:
        yield _progress(run.job) | {
            "id": run.pk,
            "community": run.community.slug,
            "group": run.group.name if run.group else None,
            "format": run.format,
            "dry_run": run.dry_run,
            "job": run.job_id,
            "created_at": run.created_at,
        }


def _acts(acts: Sequence[Act]) -> Iterable[dict[str, Any]]:
    for act in acts:
        yield {
            "id": act.pk,
            "at": act.at,
            "actor": act.actor,
            "verb": act.verb,
            "subject_type": act.subject_type,
            "subject_id": act.subject_id,
            "details": act.details,
            "seal": bytes(act.seal.digest).hex() if hasattr(act, "seal") else None,
        }


def _format(one: Importer) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": str(one.label),
        "platform": one.platform,
        "columns": [{"name": it.name, "meaning": str(it.meaning), "needed": it.needed} for it in one.columns],
        "settings": [{"name": it.name, "meaning": str(it.meaning), "needed": False} for it in one.options],
    }


JOBS = Noun("jobs", JobTold, _jobs, newest_first=True)
IMPORTS = Noun("imports", ImportTold, _runs, newest_first=True)
ACTS = Noun("acts", ActTold, _acts, newest_first=True)


@router.get("/formats", response=list[FormatTold], summary="Formats of files", tags=["imports"])
def list_formats(request: HttpRequest) -> HttpResponse:
    """Every kind of file that can be imported."""
    return as_json([_format(one) for one in all_importers()])


@router.post("/communities/{slug}/imports", response={201: ImportTold}, summary="Import files", tags=["imports"])
def import_files(
    request: HttpRequest, slug: Path[Slug], given: Form[ImportGiven], files: File[list[UploadedFile]]
) -> HttpResponse:
    """Up to 20 files of one format, read by a job; ask for the import to see how far it is. Asks for `imports.run`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.IMPORT)
    stored = unfold(take_files(files, community=community, by=key), by=key, format=given.format or "")
    form = given.format or preview(stored[0], format="", columns={}, options={}).format
    run = start_import(stored, format=form or "", community=community, group=given.group, dry_run=given.dry_run, by=key)
    answer = IMPORTS.one(run, status=201)
    answer["Location"] = f"/api/v1/imports/{run.pk}"
    return answer


@router.get("/imports", response=Page[ImportTold], summary="Imports", tags=["imports"])
def list_imports(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """The newest first. Asks for `imports.run`."""
    return page(request, runs_for(caller_of(request)), IMPORTS, asked)


@router.get("/imports/{pk}", response=ImportTold, summary="One import", tags=["imports"])
def show_import(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """How far it is, or what came of it. Asks for `imports.run`."""
    return IMPORTS.one(get_run_for(caller_of(request), pk), fields=asked.fields)


@router.get("/imports/{pk}/rejected", response=list[RejectedTold], summary="Rejected rows", tags=["imports"])
def list_rejected(request: HttpRequest, pk: Path[Id], asked: Query[RejectedList]) -> HttpResponse:
    """Rows that were not taken, with the reason. Asks for `imports.run`."""
    return as_json(rejected_rows(get_run_for(caller_of(request), pk), start=asked.start, most=asked.limit))


@router.get("/jobs", response=Page[JobTold], summary="Jobs", tags=["jobs"])
def list_jobs(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """Long work in the key's units, the newest first. Asks for `imports.run`."""
    return page(request, jobs_for(caller_of(request)), JOBS, asked)


@router.get("/jobs/{pk}", response=JobTold, summary="One job", tags=["jobs"])
def show_job(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `imports.run`."""
    return JOBS.one(get_job_for(caller_of(request), pk), fields=asked.fields)


@router.post("/jobs/{pk}/cancel", response=JobTold, summary="Stop a job", tags=["jobs"])
def stop_job(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """It ends at its next checkpoint; what it stored stays. Asks for `imports.run`."""
    job = get_job_for(caller_of(request), pk)
    cancel_job(job, by=caller_of(request))
    job.refresh_from_db()
    return JOBS.one(job)


@router.get("/acts", response=Page[ActTold], summary="The audit", tags=["audit"])
def list_acts(request: HttpRequest, asked: Query[ActList]) -> HttpResponse:
    """Who did what, the newest first. Asks for `audit.see`; a key of a part of the house reads its people's acts."""
    key = caller_of(request)
    if not may_anywhere(key, Permission.SEE_AUDIT):
        raise NotAllowedError(_("The key may not read the audit. Give it “audit.see”."))
    actors = None if may_everywhere(key, Permission.SEE_AUDIT) else _actors(key)
    found = search_acts(
        actors=actors,
        actor=asked.actor,
        verb=asked.verb,
        subject=asked.subject,
        since=asked.since,
        until=asked.until,
    )
    return page(request, found, ACTS, asked)


def take_files(files: Sequence[UploadedFile], *, community: Community, by: ApiKey) -> list[StoredFile]:
    """Keep what was uploaded; raises QunyingError for too many, and for what nothing here reads."""
    if len(files) > MOST_FILES:
        raise QunyingError(_("At most %(most)d files at once.") % {"most": MOST_FILES})
    unit = community.unit
    return [store_file(sent, name=sent.name or "file", purpose="import", unit=unit, by=by) for sent in files]


def _actors(key: ApiKey) -> set[str]:
    """The people and keys whose acts this key may read."""
    people = {person.actor_key for person in staff_for(key, Permission.SEE_AUDIT)}
    units: QuerySet[Any] = units_for(key, Permission.SEE_AUDIT)
    return people | {other.actor_key for other in ApiKey.objects.filter(unit__in=units)}
