"""Verbs on files of the library: take one in, checked by what is in it."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.files.services import store_file
from qunying.kit.errors import QunyingError
from qunying.plan.materials.contents import Content, content_of
from qunying.plan.materials.models import Material
from qunying.plan.materials.rules import check_may_keep
from qunying.plan.materials.services import Body
from qunying.plan.materials.services_pictures import MOST_BYTES as MOST_PICTURE
from qunying.plan.materials.services_pictures import keep_picture

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.files.models import StoredFile
    from qunying.ground.units.models import Unit

PURPOSE = "material"
_MB = 1024 * 1024
MOST_BYTES = {
    Material.Kind.PICTURE: MOST_PICTURE,
    Material.Kind.AUDIO: 50 * _MB,
    Material.Kind.VIDEO: 300 * _MB,
    Material.Kind.DOCUMENT: 50 * _MB,
}
"""Kind → the largest file of it, in bytes."""


def take_file(stream: IO[bytes], *, name: str, size: int, unit: Unit, by: Actor) -> Body:
    """Keep a file and say what material it makes: pictures are drawn anew, all else is kept as it came.

    Raises QunyingError for what is empty, too large for its kind, or of no kind the library takes.
    """
    check_may_keep(by, unit)
    content = content_of(stream)
    if content is None:
        raise QunyingError(
            _(
                "“%(name)s” is nothing the library takes. It takes PNG, JPEG, WebP, MP4, MOV, WebM, MP3, M4A, AAC, "
                "WAV, OGG, AMR, PDF, DOCX, XLSX and PPTX, the papers without macros."
            )
            % {"name": name}
        )
    most = MOST_BYTES[Material.Kind(content.kind)]
    if size > most:
        given = {"name": name, "most": most // _MB}
        raise QunyingError(_("“%(name)s” is larger than %(most)d MB. Make it smaller.") % given)
    if content.kind == Material.Kind.PICTURE:
        stored = keep_picture(stream.read(most + 1), name=name, unit=unit, by=by)
        return Body(content.kind, stored, "image/png" if stored.name.endswith(".png") else "image/jpeg")
    return Body(content.kind, _kept(stream, content, name=name, unit=unit, by=by), content.media_type)


def _kept(stream: IO[bytes], content: Content, *, name: str, unit: Unit, by: Actor) -> StoredFile:
    stem = name.rsplit(".", 1)[0][:200] or content.kind
    return store_file(
        stream,
        name=f"{stem}.{content.ending}",
        purpose=PURPOSE,
        unit=unit,
        by=by,
        most=MOST_BYTES[Material.Kind(content.kind)],
        foreign=frozenset({"PDF"}),
    )
