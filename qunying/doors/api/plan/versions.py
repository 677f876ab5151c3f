"""What entries say, for programs: versions, what the checks found in them, how they were reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, File, Path, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.plan.entries import FormName, open_entry
from qunying.doors.api.plan.themes import written
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.files.models import StoredFile
from qunying.kit.errors import NotFoundError
from qunying.plan.content.models import Entry, Picture, Review, Version
from qunying.plan.content.queries import approved_version, get_entry_for, newest_version
from qunying.plan.content.services import MOST_LINKS, MOST_PICTURES, MOST_WORDS, Draft, Shown, write_version
from qunying.plan.materials.services_pictures import MOST_BYTES, PURPOSE, keep_picture, picture_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["plan"])
_Number = Annotated[int, Field(ge=1, le=2**31 - 1, examples=[2])]
_Licence = Annotated[Text, Field(max_length=Picture.LICENCE_LENGTH, examples=["自己拍的"])]
_PICTURES = {200: {"content": {kind: {"schema": {"type": "string"}} for kind in ("image/png", "image/jpeg")}}}


class QuoteTold(Told):
    """Words of others, and by what right they are used."""

    words: str = Field(examples=["花是不说话的客人"])
    licence: str = Field(examples=["作者同意"])


class PictureTold(Told):
    """A picture in its place; the same `file` keeps it in the next version."""

    file: int = Field(examples=[31])
    place: int = Field(examples=[1])
    name: str = Field(examples=["玫瑰.jpg"])
    caption: str = Field(examples=["今早到的"])
    licence: str = Field(examples=["自己拍的"])


class FoundTold(Told):
    """What a check found; `start` and `end` count characters of the words, null for no one place."""

    check: str = Field(examples=["advertising"])
    label: str = Field(examples=["广告法禁用的绝对化用语"])
    start: int | None = Field(examples=[2])
    end: int | None = Field(examples=[4])
    excerpt: str = Field(examples=["最佳"])
    reason: str = Field(examples=["《广告法》第九条第三项"])
    severity: str = Field(description="stop: keeps it from going on; warn: is shown.", examples=["stop"])


class VersionTold(Told):
    """What would be shown, as it was at one time. `author` is who answers for it."""

    number: int = Field(examples=[2])
    title: str = Field(examples=["三月花期怎么养"])
    form: str = Field(examples=["text"])
    words: str = Field(examples=["玫瑰剪根，两天换一次水。"])
    links: list[str] = Field(examples=[["https://example.com/roses"]])
    quotes: list[QuoteTold] = Field(description="What is taken from others.")
    ai_made: bool = Field(description="A machine has written or drawn some of it.", examples=[False])
    pictures: list[PictureTold] = Field(description="In their order.")
    digest: str = Field(description="Names exactly this content.", examples=["9f2c"])
    author: str | None = Field(examples=["lili"])
    at: Moment
    checked_at: Moment | None = Field(description="When it was checked; null: not yet.")
    findings: list[FoundTold] = Field(description="What the checks found in it.")
    approved: bool = Field(description="It may go out as it is.", examples=[True])


class ReviewTold(Told):
    """One person's verdict on one version."""

    id: int
    version: int = Field(examples=[2])
    step: str = Field(description="first or second.", examples=["first"])
    verdict: str = Field(description="passed or back.", examples=["passed"])
    proofreads: list[str] = Field(description="Those that were done.", examples=[["words", "facts", "look"]])
    note: str = Field(examples=["价格再核对一下"])
    by: str = Field(examples=["lili"])
    at: Moment


class PictureKept(Told):
    """A picture that was taken in: `file` names it in a version."""

    file: int = Field(examples=[31])
    name: str = Field(examples=["玫瑰.jpg"])
    size: int


class QuoteGiven(Given):
    """Words of others, and by what right they are used."""

    words: Annotated[Text, Field(min_length=1, max_length=2000, examples=["花是不说话的客人"])]
    licence: _Licence = ""


class PictureGiven(Given):
    """A picture that was taken in, or stands in an earlier version."""

    file: Id
    caption: Annotated[Text, Field(max_length=200, examples=["今早到的"])] = ""
    licence: _Licence = ""


class VersionGiven(Given):
    """Everything that would be shown."""

    title: Annotated[Text, Field(min_length=1, max_length=Entry.TITLE_LENGTH, examples=["三月花期怎么养"])]
    form: FormName = "text"
    words: Annotated[Text, Field(max_length=MOST_WORDS, examples=["玫瑰剪根，两天换一次水。"])] = ""
    links: list[Annotated[Text, Field(max_length=2000)]] = Field(
        default_factory=list, max_length=MOST_LINKS, examples=[["https://example.com/roses"]]
    )
    quotes: list[QuoteGiven] = Field(default_factory=list, max_length=50, description="What is taken from others.")
    ai_made: bool = Field(default=False, description="A machine has written or drawn some of it.")
    pictures: Annotated[
        list[PictureGiven] | None,
        Field(max_length=MOST_PICTURES, description="null: those of the newest version stay."),
    ] = None


def _versions(rows: Sequence[Version]) -> Iterable[dict[str, Any]]:
    pictures: dict[int, list[dict[str, Any]]] = {}
    for each in Picture.objects.filter(version__in=rows).select_related("file").order_by("version", "place"):
        shown = {"file": each.file_id, "place": each.place, "name": each.file.name}
        pictures.setdefault(each.version_id, []).append(shown | {"caption": each.caption, "licence": each.licence})
    plain = ("number", "title", "form", "words", "links", "quotes", "ai_made", "digest", "at", "checked_at")
    entries = {one.entry_id: one.entry for one in rows}
    ready = {approved.pk for entry in entries.values() if (approved := approved_version(entry)) is not None}
    for one in rows:
        told = {name: getattr(one, name) for name in plain} | {"pictures": pictures.get(one.pk, [])}
        told["author"] = one.author and one.author.username
        yield told | {"findings": [_found(found) for found in one.findings.all()], "approved": one.pk in ready}


def _found(one: Any) -> dict[str, Any]:
    names = ("label", "start", "end", "excerpt", "reason", "severity")
    return {"check": one.check_name} | {name: getattr(one, name) for name in names}


def _reviews(rows: Sequence[Review]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = {name: getattr(one, name) for name in ("step", "verdict", "proofreads", "note", "at")}
        yield {"id": one.pk, "version": one.version.number, "by": one.by.username} | plain


VERSIONS = Noun("entry_versions", VersionTold, _versions)
REVIEWS = Noun("entry_reviews", ReviewTold, _reviews)


@router.get("/communities/{slug}/entries/{pk}/versions", response=Page[VersionTold], summary="Versions of an entry")
def list_versions(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """Asks for `plan.see`."""
    entry = get_entry_for(caller_of(request), slug, pk)
    found = entry.versions.select_related("author", "entry").prefetch_related("findings")
    return page(request, found, VERSIONS, asked, unit=entry.community.unit)


@router.post("/communities/{slug}/entries/{pk}/versions", response={201: VersionTold}, summary="Write an entry")
def make_version(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[VersionGiven]) -> HttpResponse:
    """What was approved before is to be reviewed anew; the same contents make no version. Asks for `content.write`."""
    _community, entry = open_entry(request, slug, pk)
    draft = Draft(
        title=given.title,
        form=given.form,
        words=given.words,
        links=tuple(given.links),
        quotes=tuple(one.dict() for one in given.quotes),
        ai_made=given.ai_made,
        pictures=_shown(entry, given.pictures),
    )
    version = write_version(entry, draft=draft, by=caller_of(request))
    return made(request, VERSIONS, version, at=f"{request.path}/{version.number}")


@router.get(
    "/communities/{slug}/entries/{pk}/versions/{number}", response=VersionTold, summary="One version of an entry"
)
def show_version(
    request: HttpRequest, slug: Path[Slug], pk: Path[Id], number: Path[_Number], asked: Query[Fields]
) -> HttpResponse:
    """With what the checks found in it. Asks for `plan.see`."""
    entry = get_entry_for(caller_of(request), slug, pk)
    found = entry.versions.filter(number=number).select_related("author", "entry").first()
    if found is None:
        raise NotFoundError(_("There is no such version of this entry."))
    return VERSIONS.one(found, fields=asked.fields)


@router.get("/communities/{slug}/entries/{pk}/reviews", response=Page[ReviewTold], summary="Reviews of an entry")
def list_reviews(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """Of all its versions. They are given by people, never by keys. Asks for `plan.see`."""
    entry = get_entry_for(caller_of(request), slug, pk)
    found = Review.objects.filter(version__entry=entry).select_related("by", "version")
    return page(request, found, REVIEWS, asked, unit=entry.community.unit)


@router.post("/communities/{slug}/content-pictures", response={201: PictureKept}, summary="Take a picture in")
def make_picture(request: HttpRequest, slug: Path[Slug], picture: File[UploadedFile]) -> HttpResponse:
    """A PNG, JPEG or WebP of at most 10 MB, drawn anew without place and camera. Asks for `content.write`."""
    community = written(request, slug)
    raw = picture.read(MOST_BYTES + 1)
    kept = keep_picture(raw, name=picture.name or "picture", unit=community.unit, by=caller_of(request))
    return as_json({"file": kept.pk, "name": kept.name, "size": kept.size}, status=201)


@router.get(
    "/communities/{slug}/entries/{pk}/pictures/{file}",
    response={200: None},
    summary="A picture of an entry",
    openapi_extra={"responses": _PICTURES},
)
def show_picture(request: HttpRequest, slug: Path[Slug], pk: Path[Id], file: Path[Id]) -> HttpResponse:
    """Whichever version it stands in, as PNG or JPEG. Asks for `plan.see`."""
    entry = get_entry_for(caller_of(request), slug, pk)
    found = Picture.objects.filter(version__entry=entry, file=file).select_related("file").first()
    if found is None:
        raise NotFoundError(_("There is no such picture in this entry."))
    raw, media_type = picture_bytes(found.file)
    return HttpResponse(raw, content_type=media_type)


def _shown(entry: Entry, given: Sequence[PictureGiven] | None) -> tuple[Shown, ...]:
    if given is None:
        newest = newest_version(entry)
        kept = newest.pictures.select_related("file") if newest else Picture.objects.none()
        return tuple(Shown(one.file, one.caption, one.licence) for one in kept)
    files = StoredFile.objects.filter(purpose=PURPOSE, unit=entry.community.unit, removed_at=None).in_bulk(
        [one.file for one in given]
    )
    if any(one.file not in files for one in given):
        raise NotFoundError(_("There is no such picture. Take it in first."))
    return tuple(Shown(files[one.file], one.caption, one.licence) for one in given)
