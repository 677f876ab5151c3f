"""A unit's logo stands on its reports and on those below, and the taking is written down."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from qunying.check.reports.logo import logo_png, neutral_mark
from qunying.check.reports.models import UnitLogo
from qunying.check.reports.services import export_report
from qunying.check.reports.services_logos import remove_logo, set_logo
from qunying.check.reports.spans import read_span
from qunying.ground.audit.models import Act
from qunying.ground.units.models import Unit
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: SettingsWrapper) -> Path:
    settings.HOME, settings.LOGO = tmp_path, ""
    return tmp_path


def picture(colour: str, kind: str = "PNG") -> bytes:
    with io.BytesIO() as out:
        Image.new("RGB", (960, 160), colour).save(out, kind)
        return out.getvalue()


def colour_of(raw: bytes) -> tuple[int, ...]:
    with Image.open(io.BytesIO(raw)) as found:
        return found.convert("RGB").getpixel((1, 1))


def test_the_nearest_unit_above_lends_its_logo(home: Path) -> None:
    top = Unit.objects.create(name="总部", path="x/")
    region = Unit.objects.create(name="大区", parent=top, path="y/")
    shop = Unit.objects.create(name="门店", parent=region, path="z/")
    for unit, path in ((top, ""), (region, f"{top.pk}/"), (shop, f"{top.pk}/{region.pk}/")):
        Unit.objects.filter(pk=unit.pk).update(path=f"{path}{unit.pk}/")
    assert logo_png(shop.pk) == neutral_mark()
    (home / "logo.png").write_bytes(picture("#111111"))
    assert colour_of(logo_png(shop.pk)) == (0x11, 0x11, 0x11)
    set_logo(top, raw=picture("#222222", "JPEG"), by=TESTS)
    assert colour_of(logo_png(shop.pk)) == (0x22, 0x22, 0x22)
    set_logo(region, raw=picture("#333333"), by=TESTS)
    assert [colour_of(logo_png(unit.pk))[0] for unit in (shop, region, top)] == [0x33, 0x33, 0x22]
    remove_logo(region, by=TESTS)
    assert colour_of(logo_png(shop.pk)) == (0x22, 0x22, 0x22)


def test_it_is_kept_small_and_written_down(shop: Stage) -> None:
    unit = shop.community.unit
    set_logo(unit, raw=picture("#222222"), by=TESTS)
    set_logo(unit, raw=picture("#333333"), by=TESTS)
    with Image.open(io.BytesIO(bytes(UnitLogo.objects.get().png)), formats=["PNG"]) as kept:
        assert kept.size == (480, 80)
    remove_logo(unit, by=TESTS)
    verbs = Act.objects.filter(subject_type="unit", verb__contains="logo").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["reports.set_logo", "reports.set_logo", "reports.remove_logo"]
    with pytest.raises(QunyingError, match="has no logo of its own"):
        remove_logo(unit, by=TESTS)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "Choose a picture first"),
        (b"GIF89a....", "no PNG, JPEG or SVG"),
        (b"x" * 2_000_001, "larger than 2 MB"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "could run or reach out"),
    ],
)
def test_what_does_not_serve_is_refused_and_nothing_kept(shop: Stage, raw: bytes, words: str) -> None:
    with pytest.raises(QunyingError, match=words):
        set_logo(shop.community.unit, raw=raw, by=TESTS)
    assert UnitLogo.objects.count() == 0


@pytest.mark.parametrize("form", ["html", "pdf", "docx", "xlsx"])
def test_every_form_of_the_report_bears_it(shop: Stage, form: str) -> None:
    def made() -> int:
        return len(export_report(shop.community, span=read_span("2026-W10"), form=form, by=TESTS))

    with io.BytesIO() as out:
        Image.effect_noise((480, 160), 90).save(out, "PNG")
        noise = out.getvalue()
    before = made()
    set_logo(shop.community.unit, raw=noise, by=TESTS)
    assert made() > before + 20_000
