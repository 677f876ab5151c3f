"""Stored files answered whole or in part: players of films and sound ask for the bytes they need (RFC 9110, §14)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from qunying.ground.files.services import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from qunying.ground.files.models import StoredFile

_ONE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_BLOCK = 64 * 1024
_LONGEST = 64


def file_answer(
    request: HttpRequest, file: StoredFile, *, media_type: str, as_attachment: bool = False
) -> HttpResponseBase:
    """The file, or the one part of it that the request asks for; 416 for a part that begins behind its end.

    What asks for several parts, in another unit or in words nobody understands gets the whole file, as the standard
    allows. `If-Range` holds where it names the file's digest: a digest always stands for the same bytes.
    """
    path = path_of(file)
    asked = _asked(request, file.digest, path.stat().st_size)
    if asked is None:
        whole = FileResponse(path.open("rb"), content_type=media_type, as_attachment=as_attachment, filename=file.name)
        return _told(whole, file)
    first, last, size = asked
    if first > last:
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _told(refused, file)
    part = StreamingHttpResponse(_bytes(path, first, last), status=206, content_type=media_type)
    part.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    part.headers["Content-Length"] = str(last - first + 1)
    return _told(part, file)


def _told(answer: HttpResponseBase, file: StoredFile) -> HttpResponseBase:
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["ETag"] = f'"{file.digest}"'
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _asked(request: HttpRequest, digest: str, size: int) -> tuple[int, int, int] | None:
    """First and last byte asked for, and how many there are; None: all of them. First behind last: none of them."""
    text = request.headers.get("Range", "").strip()
    found = _ONE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or request.headers.get("If-Range", f'"{digest}"') != f'"{digest}"':
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        return (max(0, size - int(last)), size - 1, size) if int(last) else (size, size - 1, size)
    if last and int(last) < int(first):
        return None
    begin = int(first)
    return (begin, min(int(last or size), size - 1), size) if begin < size else (size, size - 1, size)


def _bytes(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
