"""The flower shop's library: folders of materials, what is said again and again, and what members sent in."""

from __future__ import annotations

import io
from datetime import timedelta
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

from qunying.plan.content.models import Call, Entry
from qunying.plan.content.services_submissions import (
    Sent,
    accept_submission,
    decline_submission,
    open_call,
    take_submission,
)
from qunying.plan.materials.models import Folder, Material, Script
from qunying.plan.materials.services import About, Body, add_material, create_folder
from qunying.plan.materials.services_files import take_file
from qunying.plan.materials.services_scripts import Said, write_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from PIL.ImageDraw import ImageDraw as Pencil

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

    Told = Mapping[str, Any]

_SIDE = 480
_PETALS = 8


def fill_library(community: Community, told: Told, *, today: date, by: Staff) -> None:
    """Put in materials and scripts where the community has none yet."""
    if not Material.objects.filter(community=community).exists():
        for one in told["materials"]:
            _put_material(one, community, today=today, by=by)
    if not Script.objects.filter(community=community).exists():
        for one in told["scripts"]:
            said = Said(one["situation"], one["title"], one["words"])
            write_script(said, unit=community.unit, community=community, by=by)


def take_sent_in(community: Community, told: Told, *, by: Staff) -> None:
    """Open the page for members where there is none, and let four of them send something in."""
    if Call.objects.filter(community=community).exists():
        return
    call = open_call(told["call"]["title"], community=community, words=told["call"]["words"], by=by)
    for one in told["submissions"]:
        sent = Sent(one["name"], "own", agreed=True, words=one["words"])
        submission = take_submission(sent, community=community, call=call, by=by)
        if one.get("answer") == "accept" and not Entry.objects.filter(title=one["title"]).exists():
            accept_submission(submission, title=one["title"], by=by)
        elif one.get("answer") == "decline":
            decline_submission(submission, reason=one["reason"], by=by)


def _put_material(told: Told, community: Community, *, today: date, by: Staff) -> None:
    until = today + timedelta(days=told["days"]) if "days" in told else None
    about = About(
        told["name"].removesuffix(".png"),
        folder=_folder(told["folder"], community, by),
        tags=tuple(told["tags"]),
        licence=Material.Licence.GRANTED if until else Material.Licence.OWN,
        source=told.get("source", ""),
        licence_until=until,
    )
    if told["kind"] == Material.Kind.PICTURE:
        raw = draw_flower(told["petals"])
        body = take_file(io.BytesIO(raw), name=told["name"], size=len(raw), unit=community.unit, by=by)
    else:
        body = Body(told["kind"], words=told["words"])
    add_material(body, about=about, unit=community.unit, community=community, by=by)


def _folder(name: str, community: Community, by: Staff) -> Folder:
    known = Folder.objects.filter(community=community, name=name).first()
    return known or create_folder(name, unit=community.unit, community=community, by=by)


def draw_flower(petals: str) -> bytes:
    """A plain drawing of a flower, as PNG: the example has no photographs to show."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (_SIDE, _SIDE), "#f7f4ee")
    pencil = ImageDraw.Draw(picture)
    middle = _SIDE / 2
    for number in range(_PETALS):
        turn = 2 * pi * number / _PETALS
        _dot(pencil, (middle + 110 * cos(turn), middle + 110 * sin(turn)), 62, petals)
    _dot(pencil, (middle, middle), 70, "#7a5a3a")
    with io.BytesIO() as out:
        picture.save(out, "PNG")
        return out.getvalue()


def _dot(pencil: Pencil, at: Iterable[float], radius: float, colour: str) -> None:
    x, y = at
    pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
