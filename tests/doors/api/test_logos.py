"""The logo of a unit, for programs."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from qunying.ground.access.models import Staff
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    return out.getvalue()


def give(program: Program, pk: int, raw: bytes) -> HttpResponse:
    headers = {"Authorization": f"Bearer {program.text}", "Accept-Language": "en"}
    sent = {"logo": SimpleUploadedFile("logo.png", raw)}
    return program.client.post(f"/api/v1/units/{pk}/logo", sent, headers=headers)


def test_a_logo_is_given_inherited_and_taken_away(program: Program, units: Units) -> None:
    assert program.send("GET", f"units/{units.shop.pk}/logo").status_code == 404
    kept = give(program, units.headquarters.pk, picture()).json()
    shown = program.send("GET", f"units/{units.shop.pk}/logo")
    assert (shown["Content-Type"], len(shown.content)) == ("image/png", kept["size"])
    assert program.send("DELETE", f"units/{units.headquarters.pk}/logo").status_code == 204
    assert program.send("DELETE", f"units/{units.headquarters.pk}/logo").status_code == 400


def test_what_is_no_picture_is_refused(program: Program, units: Units) -> None:
    assert give(program, units.shop.pk, b"no picture").status_code == 400


def test_who_may_not_change_the_unit_finds_nothing(
    stranger: Program, director: Staff, units: Units, make_program: Callable[..., Program]
) -> None:
    reader = make_program(director, units.shop, ["figures.see"])
    assert [give(one, units.shop.pk, picture()).status_code for one in (reader, stranger)] == [404, 404]
    assert [one.send("DELETE", f"units/{units.shop.pk}/logo").status_code for one in (reader, stranger)] == [404] * 2
