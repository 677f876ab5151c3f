"""What tests of the library share: files of every kind, a material, a script, and the routes with their answers."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from qunying.plan.materials.models import Material
from qunying.plan.materials.services import About, Body, add_material
from qunying.plan.materials.services_files import take_file
from qunying.plan.materials.services_scripts import Said, write_script
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.groups.models import Community
    from qunying.plan.materials.models import Script

SLUG = {"slug": "flowers"}
ONE = SLUG | {"pk": "material"}
SCRIPT = SLUG | {"pk": "script"}

MATERIAL_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "materials": ("get", SLUG, "200 200 200 200 404 enter"),
    "materials_export": ("get", SLUG, "200 200 403 403 404 enter"),
    "materials_bulk": ("post", SLUG, "302 302 302 403 404 enter"),
    "materials_undo": ("post", SLUG, "302 302 302 403 404 enter"),
    "materials_folder": ("post", SLUG, "400 400 400 403 404 enter"),
    "materials_upload": ("post", SLUG, "400 400 400 403 404 enter"),
    "material_new": ("get", SLUG, "200 200 200 403 404 enter"),
    "material": ("get", ONE, "200 200 200 200 404 enter"),
    "material_replace": ("post", ONE, "302 302 302 403 404 enter"),
    "material_put": ("post", ONE, "302 302 302 403 404 enter"),
    "material_file": ("get", ONE | {"number": "1"}, "404 404 404 404 404 enter"),
    "scripts": ("get", SLUG, "200 200 200 200 404 enter"),
    "scripts_export": ("get", SLUG, "200 200 403 403 404 enter"),
    "scripts_bulk": ("post", SLUG, "302 302 302 403 404 enter"),
    "scripts_undo": ("post", SLUG, "302 302 302 403 404 enter"),
    "script_new": ("get", SLUG, "200 200 200 403 404 enter"),
    "scripts_bring": ("get", SLUG, "200 200 200 403 404 enter"),
    "script": ("get", SCRIPT, "200 200 200 403 404 enter"),
    "script_used": ("post", SCRIPT, "204 204 204 204 404 enter"),
}
"""Route → method, what its address names, and the answers to director, lead, specialist, reviewer, outsider, nobody."""

MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + b"\x00" * 64
MP3 = b"ID3\x04\x00\x00" + b"\x00" * 64
PDF = b"%PDF-1.7\n%%EOF\n"


def picture_bytes(colour: str = "red") -> bytes:
    """A small JPEG."""
    with io.BytesIO() as out:
        Image.new("RGB", (8, 6), colour).save(out, "JPEG")
        return out.getvalue()


def office(main: str = "word/document.xml", *, macros: bool = False) -> bytes:
    """A paper of Office Open XML with hardly anything in it."""
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            for name in ("[Content_Types].xml", main, *(("word/vbaProject.bin",) if macros else ())):
                archive.writestr(name, "x")
        return out.getvalue()


def sent(name: str, raw: bytes) -> SimpleUploadedFile:
    """An upload of this name and content."""
    return SimpleUploadedFile(name, raw)


def make_picture(
    community: Community, name: str = "郁金香", *, until: date | None = None, licence: str = Material.Licence.OWN
) -> Material:
    """A picture of our own in a community's library."""
    raw = picture_bytes()
    body = take_file(io.BytesIO(raw), name=f"{name}.jpg", size=len(raw), unit=community.unit, by=TESTS)
    about = About(name, licence=licence, source="店里拍的", valid_until=until)
    return add_material(body, about=about, unit=community.unit, community=community, by=TESTS)


def make_link(community: Community, name: str = "春季花单", *, shared: bool = False) -> Material:
    """A link in a community's library, or, shared, in that of its unit."""
    place = None if shared else community
    about = About(name, licence=Material.Licence.OWN)
    body = Body(Material.Kind.LINK, address="https://example.com/flowers")
    return add_material(body, about=about, unit=community.unit, community=place, by=TESTS)


def make_script(community: Community, title: str = "欢迎新人", *, situation: str = "欢迎") -> Script:
    """A greeting of a community."""
    said = Said(situation, title, "{称呼}你好，欢迎来到花友会。")
    return write_script(said, unit=community.unit, community=community, by=TESTS)


def material_things(community: Community) -> dict[str, int]:
    """A material without a file and a script: the ids that addresses name."""
    return {"material": make_link(community).pk, "script": make_script(community).pk}
