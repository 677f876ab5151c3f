"""The library for programs: materials of all kinds, by what right they may be used, their files and versions."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, File, Path, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.plan.themes import written
from qunying.doors.api.shapes import Day, Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.files.services import path_of
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError
from qunying.plan.materials.models import Folder, Material, MaterialTag, MaterialVersion
from qunying.plan.materials.queries import folders_in, get_folder_in, get_material_for, holding, materials_in
from qunying.plan.materials.services import (
    MOST_WORDS,
    About,
    archive_materials,
    change_material,
    create_folder,
    drop_folder,
    rename_folder,
    replace_material,
    restore_materials,
)
from qunying.plan.materials.services import Body as Contents
from qunying.plan.materials.services import add_material as put_material_in
from qunying.plan.materials.services_files import take_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http.response import HttpResponseBase

    from qunying.ground.groups.models import Community

router = Router(tags=["plan"])
_Kind = Literal["picture", "video", "audio", "document", "link", "card", "text"]
_Licence = Annotated[
    Literal["", "own", "granted", "bought", "free", "member"],
    Field(description="By what right it is used; '' is not said yet, and then it is not offered.", examples=["own"]),
]
_Name = Annotated[Text, Field(min_length=1, max_length=Material.NAME_LENGTH, examples=["玫瑰养护图"])]
_Source = Annotated[Text, Field(max_length=Material.SOURCE_LENGTH, examples=["店里自己拍的"])]
_Tag = Annotated[Text, Field(min_length=1, max_length=MaterialTag.LENGTH)]
_Tags = Annotated[list[_Tag], Field(max_length=MaterialTag.MOST, examples=[["玫瑰"]])]
_Words = Annotated[Text, Field(max_length=MOST_WORDS, examples=["剪根，两天换一次水。"])]
_Address = Annotated[Text, Field(max_length=Material.ADDRESS_LENGTH, examples=["https://example.com/roses"])]
_FolderName = Annotated[Text, Field(min_length=1, max_length=Folder.NAME_LENGTH, examples=["玫瑰"])]
_Folder = Annotated[Id, Field(description="In which folder; null: in none.")]
_Shared = Annotated[
    bool, Field(description="For all communities of the unit and below, not for this one alone.", examples=[False])
]
_Number = Annotated[int, Field(ge=1, le=2**31 - 1, examples=[2])]
_PLACE = "/communities/{slug}/materials"


class MaterialTold(Told):
    """Something that content can be made of. Days are local; the last ones are included."""

    id: int
    community: str | None = Field(description="null: for all communities of the unit and below.", examples=["flowers"])
    unit: int
    folder: int | None = Field(examples=[4])
    kind: str = Field(description="picture, video, audio, document, link, card, text.", examples=["picture"])
    name: str = Field(examples=["玫瑰养护图"])
    words: str = Field(description="Of a text.", examples=[""])
    address: str = Field(description="Of a link or card.", examples=[""])
    file: str | None = Field(description="The name of its file.", examples=["玫瑰养护图.png"])
    media_type: str = Field(examples=["image/png"])
    licence: str = Field(description="own, granted, bought, free, member; '' not said yet.", examples=["own"])
    source: str = Field(examples=["店里自己拍的"])
    licence_until: date | None = Field(description="The last day on which it may be used.", examples=[None])
    valid_from: date | None = Field(examples=["2026-03-01"])
    valid_until: date | None = Field(examples=["2026-03-31"])
    tags: list[str] = Field(examples=[["玫瑰"]])
    version: int = Field(description="Number of the newest version.", examples=[1])
    used: int = Field(description="In how many things it stands.", examples=[2])
    archived_at: Moment | None
    changed_at: Moment


class AboutGiven(Given):
    """What is known about a material beside its contents; what is left out stays, null takes away."""

    name: _Name | None = None
    folder: _Folder | None = None
    tags: _Tags | None = None
    licence: _Licence | None = None
    source: _Source | None = None
    licence_until: Day | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None


class MaterialGiven(Given):
    """A link, a card or words; files come by `material-files`."""

    kind: Literal["link", "card", "text"]
    name: _Name
    address: _Address = ""
    words: _Words = ""
    folder: _Folder | None = None
    tags: _Tags = Field(default_factory=list)
    licence: _Licence = ""
    source: _Source = ""
    licence_until: Day | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    shared: _Shared = False


class ContentsGiven(Given):
    """New contents of a link, a card or words."""

    address: _Address = ""
    words: _Words = ""


class FilePlace(Given):
    """Where a file goes."""

    folder: _Folder | None = None
    shared: _Shared = False


class MaterialList(Paging):
    """Which materials."""

    q: Annotated[Text, Field(max_length=100, description="Words in the name, text, source, address or a tag.")] = ""
    kind: Annotated[_Kind | None, Field(description="Only those of this kind.")] = None
    folder: Annotated[Id | None, Field(description="Only those in this folder.")] = None
    archived: Annotated[bool, Field(description="Those that were put away instead.")] = False


class MaterialVersionTold(Told):
    """What a material was at one time."""

    number: int = Field(examples=[1])
    words: str = Field(examples=[""])
    address: str = Field(examples=[""])
    file: str | None = Field(description="The name of its file.", examples=["玫瑰养护图.png"])
    media_type: str = Field(examples=["image/png"])
    at: Moment


class FolderTold(Told):
    """A folder of the library."""

    id: int
    community: str | None = Field(description="null: shared by the unit and all below.", examples=["flowers"])
    unit: int
    parent: int | None
    name: str = Field(examples=["玫瑰"])


class FolderGiven(Given):
    """A folder, in another or at the top."""

    name: _FolderName
    parent: Annotated[Id, Field(description="null: at the top.")] | None = None
    shared: _Shared = False


class FolderChange(Given):
    """The new name."""

    name: _FolderName


_PLAIN = (
    *("kind", "name", "words", "address", "media_type", "licence", "source", "licence_until"),
    *("valid_from", "valid_until", "version", "used", "archived_at", "changed_at"),
)


def _materials(rows: Sequence[Material]) -> Iterable[dict[str, Any]]:
    tags: dict[int, list[str]] = {}
    for material, name in MaterialTag.objects.filter(material__in=rows).values_list("material", "name"):
        tags.setdefault(material, []).append(name)
    for one in rows:
        told: dict[str, Any] = {"id": one.pk, "community": one.community and one.community.slug, "unit": one.unit_id}
        told |= {"folder": one.folder_id, "file": one.file and one.file.name, "tags": tags.get(one.pk, [])}
        yield told | {name: getattr(one, name) for name in _PLAIN}


def _versions(rows: Sequence[MaterialVersion]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = {name: getattr(one, name) for name in ("number", "words", "address", "media_type", "at")}
        yield plain | {"file": one.file and one.file.name}


def _folder_told(one: Folder) -> dict[str, Any]:
    place = one.community and one.community.slug
    return {"id": one.pk, "community": place, "unit": one.unit_id, "parent": one.parent_id, "name": one.name}


MATERIALS = Noun("materials", MaterialTold, _materials, newest_first=True)
VERSIONS = Noun("material_versions", MaterialVersionTold, _versions)


@router.get(_PLACE, response=Page[MaterialTold], summary="Materials")
def list_materials(request: HttpRequest, slug: Path[Slug], asked: Query[MaterialList]) -> HttpResponse:
    """What can be used in a community: its own and what its units share, the newest first. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    found = materials_in(community).filter(archived_at__isnull=not asked.archived)
    wanted = {"kind": asked.kind, "folder": asked.folder}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    return page(request, holding(found, asked.q) if asked.q else found, MATERIALS, asked, unit=community.unit)


@router.post(_PLACE, response={201: MaterialTold}, summary="Put a link, a card or words into the library")
def make_material(request: HttpRequest, slug: Path[Slug], given: Body[MaterialGiven]) -> HttpResponse:
    """Asks for `content.write`."""
    community = written(request, slug)
    contents = Contents(given.kind, address=given.address, words=given.words)
    told = given.dict(include=set(_KNOWN) - {"folder", "tags"})
    about = About(**told, folder=get_folder_in(community, given.folder), tags=tuple(given.tags))
    place = None if given.shared else community
    material = put_material_in(contents, about=about, unit=community.unit, community=place, by=caller_of(request))
    return made(request, MATERIALS, _again(community, material))


@router.post("/communities/{slug}/material-files", response={201: MaterialTold}, summary="Put a file into the library")
def make_from_file(
    request: HttpRequest, slug: Path[Slug], asked: Query[FilePlace], file: File[UploadedFile]
) -> HttpResponse:
    """A picture, a video, a sound or a document, told by what is in it. Asks for `content.write`."""
    community, key = written(request, slug), caller_of(request)
    contents = _taken(request, community, file)
    name = (file.name or "").rsplit(".", 1)[0][: Material.NAME_LENGTH] or contents.kind
    about = About(name, folder=get_folder_in(community, asked.folder))
    place = None if asked.shared else community
    material = put_material_in(contents, about=about, unit=community.unit, community=place, by=key)
    at = f"/api/v1/communities/{slug}/materials/{material.pk}"
    return made(request, MATERIALS, _again(community, material), at=at)


@router.get(f"{_PLACE}/{{pk}}", response=MaterialTold, summary="One material")
def show_material(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return MATERIALS.one(get_material_for(caller_of(request), slug, pk)[1], fields=asked.fields)


@router.patch(f"{_PLACE}/{{pk}}", response=MaterialTold, summary="Change what is known about a material")
def change_one(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[AboutGiven]) -> HttpResponse:
    """Its contents stay. Asks for `content.write` in the unit it is of."""
    community, material = _kept(request, slug, pk)
    told, nothing = given.dict(exclude_unset=True), {"name", "tags", "licence", "source"}
    known = {name: getattr(material, name) for name in _KNOWN if name != "tags"}
    known["tags"] = tuple(material.tags.values_list("name", flat=True))
    known |= {name: value for name, value in told.items() if value is not None or name not in nothing}
    if "folder" in told:
        known["folder"] = get_folder_in(community, given.folder)
    change_material(material, about=About(**known), by=caller_of(request))
    return MATERIALS.one(_again(community, material))


@router.post(f"{_PLACE}/{{pk}}/contents", response=MaterialTold, summary="Give a link, a card or words new contents")
def replace_contents(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[ContentsGiven]) -> HttpResponse:
    """What stood there stays as an earlier version. Asks for `content.write` in the unit it is of."""
    community, material = _kept(request, slug, pk)
    contents = Contents(material.kind, address=given.address, words=given.words)
    replace_material(material, body=contents, by=caller_of(request))
    return MATERIALS.one(_again(community, material))


@router.post(f"{_PLACE}/{{pk}}/file", response=MaterialTold, summary="Give a material a new file")
def replace_file(request: HttpRequest, slug: Path[Slug], pk: Path[Id], file: File[UploadedFile]) -> HttpResponse:
    """Of the same kind; the old one stays as an earlier version. Asks for `content.write` in the unit it is of."""
    community, material = _kept(request, slug, pk)
    replace_material(material, body=_taken(request, community, file), by=caller_of(request))
    return MATERIALS.one(_again(community, material))


@router.post(f"{_PLACE}/{{pk}}/archive", response=MaterialTold, summary="Put a material away")
def put_away(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """What uses it keeps it. Asks for `content.write` in the unit it is of."""
    community, material = _kept(request, slug, pk)
    archive_materials([material], by=caller_of(request))
    return MATERIALS.one(_again(community, material))


@router.post(f"{_PLACE}/{{pk}}/restore", response=MaterialTold, summary="Take a material out again")
def take_out(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Asks for `content.write` in the unit it is of."""
    community, material = _kept(request, slug, pk)
    restore_materials([material], by=caller_of(request))
    return MATERIALS.one(_again(community, material))


@router.get(f"{_PLACE}/{{pk}}/versions", response=Page[MaterialVersionTold], summary="Versions of a material")
def list_material_versions(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """Asks for `plan.see`."""
    community, material = get_material_for(caller_of(request), slug, pk)
    return page(request, material.versions.select_related("file"), VERSIONS, asked, unit=community.unit)


@router.get(
    f"{_PLACE}/{{pk}}/versions/{{number}}/file",
    response={200: None},
    summary="The file of a version of a material",
    openapi_extra={"responses": {200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}},
)
def show_file(request: HttpRequest, slug: Path[Slug], pk: Path[Id], number: Path[_Number]) -> HttpResponseBase:
    """As it is kept. Asks for `plan.see`."""
    _community, material = get_material_for(caller_of(request), slug, pk)
    version = material.versions.filter(number=number).select_related("file").first()
    if version is None or version.file is None:
        raise NotFoundError(_("There is no such file in this material."))
    stream = path_of(version.file).open("rb")
    return FileResponse(stream, content_type=version.media_type, as_attachment=True, filename=version.file.name)


@router.get("/communities/{slug}/material-folders", response=list[FolderTold], summary="Folders of the library")
def list_folders(request: HttpRequest, slug: Path[Slug]) -> HttpResponse:
    """Every one, a parent before what is in it. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    return as_json([_folder_told(one) for one, _depth in folders_in(community)])


@router.post("/communities/{slug}/material-folders", response={201: FolderTold}, summary="Make a folder")
def make_folder(request: HttpRequest, slug: Path[Slug], given: Body[FolderGiven]) -> HttpResponse:
    """Asks for `content.write`."""
    community, parent = written(request, slug), None
    parent = get_folder_in(community, given.parent)
    place = None if given.shared else community
    folder = create_folder(given.name, unit=community.unit, community=place, parent=parent, by=caller_of(request))
    return as_json(_folder_told(folder), status=HTTPStatus.CREATED)


@router.patch("/communities/{slug}/material-folders/{pk}", response=FolderTold, summary="Rename a folder")
def change_folder(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[FolderChange]) -> HttpResponse:
    """Asks for `content.write` in the unit it is of."""
    return as_json(_folder_told(rename_folder(_folder(request, slug, pk), name=given.name, by=caller_of(request))))


@router.delete("/communities/{slug}/material-folders/{pk}", response={204: None}, summary="Remove an empty folder")
def remove_folder(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Asks for `content.write` in the unit it is of."""
    drop_folder(_folder(request, slug, pk), by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


_KNOWN = ("name", "folder", "tags", "licence", "source", "licence_until", "valid_from", "valid_until")


def _taken(request: HttpRequest, community: Community, file: UploadedFile) -> Contents:
    size = file.size or 0
    return take_file(file, name=file.name or "file", size=size, unit=community.unit, by=caller_of(request))


def _kept(request: HttpRequest, slug: str, pk: int) -> tuple[Community, Material]:
    written(request, slug)
    return get_material_for(caller_of(request), slug, pk)


def _again(community: Community, material: Material) -> Material:
    return materials_in(community).get(pk=material.pk)


def _folder(request: HttpRequest, slug: str, pk: int) -> Folder:
    found = get_folder_in(written(request, slug), pk)
    if found is None:
        raise NotFoundError(_("There is no such folder in this community."))
    return found
