"""Drawings are drawn; what could run, reach out or swell is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from qunying.check.reports.vector import is_svg, svg_as_png
from qunying.kit.errors import QunyingError

_HEAD = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='300' height='100'>"


def svg(inside: str) -> bytes:
    return f"{_HEAD}{inside}</svg>".encode()


def test_a_drawing_becomes_a_picture() -> None:
    drawing = svg(
        "<defs><linearGradient id='a'><stop offset='0' stop-color='#123456'/></linearGradient></defs>"
        "<style>.b { opacity: 1 }</style><rect class='b' width='300' height='100' fill='url(#a)'/>"
    )
    assert is_svg(drawing)
    with Image.open(io.BytesIO(svg_as_png(drawing)), formats=["PNG"]) as picture:
        assert (picture.size, picture.convert("RGB").getpixel((240, 80))) == ((480, 160), (0x12, 0x34, 0x56))


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<rect onload='alert(1)' width='1' height='1'/>",
        "<a xlink:href='https://example.org'><rect width='1' height='1'/></a>",
        "<image xlink:href='https://example.org/x.png' width='1' height='1'/>",
        "<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'>x</div></foreignObject>",
        "<g id='a'><use xlink:href='#a'/></g>",
        "<rect width='1' height='1' fill='url(https://example.org/x)'/>",
        "<rect width='1' height='1' style=\"fill: url( 'https://example.org/x')\"/>",
        "<style>@import 'https://example.org/x.css';</style>",
        "<animate attributeName='x'/>",
    ],
)
def test_what_could_run_or_reach_out_is_refused(inside: str) -> None:
    with pytest.raises(QunyingError, match="which could run or reach out"):
        svg_as_png(svg(inside))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<!DOCTYPE svg [<!ENTITY a 'aa'>]>" + svg("<text>&a;</text>"), "cannot be read"),
        (svg("<rect>"), "cannot be read"),
        (b"<html><svg/></html>", "cannot be read"),
        (svg("<g/>" * 6_000), "cannot be read"),
        (svg(" " * 300_000), "larger than 300 KB"),
    ],
)
def test_what_is_broken_or_too_large_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(QunyingError, match=words):
        svg_as_png(raw)
