"""An import step by step: bring files, look at them, say what the columns mean, try it, and go."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, File, Path, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from qunying.doors.api.ground.running import IMPORTS, ImportTold, take_files
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.shapes import Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.ground.imports.detect import preview
from qunying.ground.imports.models import ColumnMapping
from qunying.ground.imports.queries import files_brought, get_run_for, mappings_of
from qunying.ground.imports.services import go_for_good, save_mapping, start_import
from qunying.ground.imports.services_unfolding import unfold
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.access.models import ApiKey
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community

router = Router(tags=["imports"])
_Format = Annotated[Text, Field(max_length=32, examples=["members"])]
_Word = Annotated[Text, Field(max_length=200)]
_Columns = Annotated[
    dict[_Word, _Word], Field(max_length=100, examples=[{"name": "昵称"}], description="Column → header of the file.")
]
_Options = Annotated[
    dict[_Word, _Word], Field(max_length=50, examples=[{"encoding": "gb18030"}], description="Setting → value.")
]


class FileTold(Told):
    """A file that was brought and is kept for an import."""

    id: int
    name: str
    size: int


class LookGiven(Given):
    """As what to read the file; without a format, it is recognised."""

    format: _Format = ""
    columns: _Columns = Field(default_factory=dict)
    options: _Options = Field(default_factory=dict)


class GuessTold(Schema):
    """A format the file may be in, with a confidence between 0 and 1."""

    format: str
    confidence: float


class FileSeen(Told):
    """What a file is and how it begins. `columns` says under which header each column was found, "" for none.

    `missing` are columns without which nothing can be read, `unknown` headers that mean nothing here.
    """

    name: str
    size: int
    encoding: str
    guesses: list[GuessTold]
    format: str
    header: list[str]
    rows: list[list[str]]
    columns: dict[str, str]
    missing: list[str]
    unknown: list[str]


class MappingTold(Told):
    """What the columns of a file mean, kept under a name for the next file of the kind."""

    id: int
    format: str
    name: str
    columns: dict[str, str]
    options: dict[str, str]
    saved_at: Moment


class MappingGiven(Given):
    """A mapping to keep, in place of an earlier one of that name."""

    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["收银系统的会员表"])]
    format: Annotated[_Format, Field(min_length=1)]
    columns: _Columns
    options: _Options = Field(default_factory=dict)


class BroughtGiven(Given):
    """Which of the files that were brought to read, and how."""

    files: Annotated[list[Id], Field(min_length=1, max_length=500, examples=[[12]])]
    format: Annotated[_Format, Field(min_length=1)]
    group: Annotated[Text, Field(max_length=120, description="The group everything was said in; made if need be.")] = ""
    columns: _Columns = Field(default_factory=dict)
    options: _Options = Field(default_factory=dict)
    dry_run: bool = Field(default=True, description="true: try it, store nothing; then go for good.")


class MappingList(Paging):
    """Of which format."""

    form: Annotated[Text, Field(max_length=32, description="Mappings of this format alone.")] = ""


def _mappings(rows: Sequence[ColumnMapping]) -> Iterable[dict[str, Any]]:
    for one in rows:
        yield {"id": one.pk} | {
            name: getattr(one, name) for name in ("format", "name", "columns", "options", "saved_at")
        }


def _files(rows: Sequence[StoredFile]) -> list[dict[str, Any]]:
    return [{"id": one.pk, "name": one.name, "size": one.size} for one in rows]


MAPPINGS = Noun("mappings", MappingTold, _mappings)


@router.post("/communities/{slug}/files", response={201: list[FileTold]}, summary="Bring files")
def bring(request: HttpRequest, slug: Path[Slug], files: File[list[UploadedFile]]) -> HttpResponse:
    """Up to 20; an archive of several chats becomes its files. Nothing is read yet. Asks for `imports.run`."""
    key, community = _entered(request, slug)
    stored = take_files(files, community=community, by=key)
    return as_json(_files(unfold(stored, by=key)), status=HTTPStatus.CREATED)


@router.post("/communities/{slug}/files/{pk}/look", response=FileSeen, summary="Look at a file")
def look(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[LookGiven]) -> HttpResponse:
    """What it is, its first rows, and what each column would be read as. Asks for `imports.run`."""
    key, community = _entered(request, slug)
    [stored] = _brought(key, community, [pk])
    seen = preview(stored, format=given.format, columns=given.columns, options=given.options)
    names = ("name", "size", "encoding", "format", "header", "rows", "columns", "missing", "unknown")
    guesses = [{"format": one.format, "confidence": one.confidence} for one in seen.guesses]
    return as_json({name: getattr(seen, name) for name in names} | {"guesses": guesses})


@router.get("/communities/{slug}/mappings", response=Page[MappingTold], summary="Saved mappings")
def list_mappings(request: HttpRequest, slug: Path[Slug], asked: Query[MappingList]) -> HttpResponse:
    """What columns of earlier files meant. Asks for `imports.run`."""
    _key, community = _entered(request, slug)
    return page(request, mappings_of(community, format=asked.form), MAPPINGS, asked, unit=community.unit)


@router.post("/communities/{slug}/mappings", response={201: MappingTold}, summary="Save a mapping")
def keep_mapping(request: HttpRequest, slug: Path[Slug], given: Body[MappingGiven]) -> HttpResponse:
    """Asks for `imports.run`."""
    key, community = _entered(request, slug)
    return MAPPINGS.one(save_mapping(community=community, **given.dict(), by=key), status=HTTPStatus.CREATED)


@router.post("/communities/{slug}/imports/brought", response={201: ImportTold}, summary="Import what was brought")
def start(request: HttpRequest, slug: Path[Slug], given: Body[BroughtGiven]) -> HttpResponse:
    """Read by a job, as a trial at first; ask for the import to see how far it is. Asks for `imports.run`."""
    key, community = _entered(request, slug)
    asked = given.dict(exclude={"files"})
    run = start_import(_brought(key, community, given.files), community=community, **asked, by=key)
    return made(request, IMPORTS, run, at=f"/api/v1/imports/{run.pk}")


@router.post("/imports/{pk}/go", response={201: ImportTold}, summary="Import for good")
def go(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """After a trial that ended well: the same again, and stored. Asks for `imports.run`."""
    key = caller_of(request)
    run = go_for_good(get_run_for(key, pk), by=key)
    return made(request, IMPORTS, run, at=f"/api/v1/imports/{run.pk}")


def _entered(request: HttpRequest, slug: str) -> tuple[ApiKey, Community]:
    key = caller_of(request)
    return key, get_community_for(key, slug, Permission.IMPORT)


def _brought(key: ApiKey, community: Community, ids: Sequence[int]) -> list[StoredFile]:
    """The files in the order they are named; raises NotFoundError for one that no key brought to this unit."""
    rows = files_brought(key, community.unit).in_bulk(list(ids))
    if set(ids) - rows.keys():
        raise NotFoundError(_("There is no such file. Bring it first."))
    return [rows[pk] for pk in dict.fromkeys(ids)]
