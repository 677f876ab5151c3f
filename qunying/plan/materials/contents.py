"""What an uploaded file is, told by what is in it and never by its name."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO

from qunying.plan.materials.models import Material

_KIND = Material.Kind
_HEAD = 16
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PAPERS = {
    "word/document.xml": (f"{_OFFICE}wordprocessingml.document", "docx"),
    "xl/workbook.xml": (f"{_OFFICE}spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": (f"{_OFFICE}presentationml.presentation", "pptx"),
}
_MARKS: tuple[tuple[bytes, str, str, str], ...] = (
    (b"\x89PNG\r\n", _KIND.PICTURE, "image/png", "png"),
    (b"\xff\xd8\xff", _KIND.PICTURE, "image/jpeg", "jpg"),
    (b"%PDF-", _KIND.DOCUMENT, "application/pdf", "pdf"),
    (b"\x1aE\xdf\xa3", _KIND.VIDEO, "video/webm", "webm"),
    (b"ID3", _KIND.AUDIO, "audio/mpeg", "mp3"),
    (b"\xff\xfb", _KIND.AUDIO, "audio/mpeg", "mp3"),
    (b"\xff\xf3", _KIND.AUDIO, "audio/mpeg", "mp3"),
    (b"\xff\xf2", _KIND.AUDIO, "audio/mpeg", "mp3"),
    (b"\xff\xf1", _KIND.AUDIO, "audio/aac", "aac"),
    (b"\xff\xf9", _KIND.AUDIO, "audio/aac", "aac"),
    (b"OggS", _KIND.AUDIO, "audio/ogg", "ogg"),
    (b"fLaC", _KIND.AUDIO, "audio/flac", "flac"),
    (b"#!AMR", _KIND.AUDIO, "audio/amr", "amr"),
)
_BRANDS = {b"M4A ": (_KIND.AUDIO, "audio/mp4", "m4a"), b"qt  ": (_KIND.VIDEO, "video/quicktime", "mov")}
_STILLS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
"""Brands of pictures that wear the same box as films; no chat shows them."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is: which kind of material, its media type, and the ending its name gets."""

    kind: str
    media_type: str
    ending: str


def content_of(stream: IO[bytes]) -> Content | None:
    """What is in the file, None for what the library does not take; the stream stands at its beginning afterwards.

    Papers are PDF and the three of Office Open XML, without macros.
    """
    head = stream.read(_HEAD)
    stream.seek(0)
    for mark, kind, media_type, ending in _MARKS:
        if head.startswith(mark):
            return Content(kind, media_type, ending)
    if head.startswith(b"RIFF"):
        return _in_riff(head)
    if head[4:8] == b"ftyp":
        return _in_box(head[8:12])
    return _in_archive(stream) if head.startswith(b"PK\x03\x04") else None


def _in_riff(head: bytes) -> Content | None:
    kinds = {b"WEBP": (_KIND.PICTURE, "image/webp", "webp"), b"WAVE": (_KIND.AUDIO, "audio/wav", "wav")}
    found = kinds.get(head[8:12])
    return Content(*found) if found else None


def _in_box(brand: bytes) -> Content | None:
    if brand in _STILLS:
        return None
    return Content(*_BRANDS.get(brand, (_KIND.VIDEO, "video/mp4", "mp4")))


def _in_archive(stream: IO[bytes]) -> Content | None:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    finally:
        stream.seek(0)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    found = next((paper for name, paper in _PAPERS.items() if name in names), None)
    return Content(_KIND.DOCUMENT, *found) if found else None
