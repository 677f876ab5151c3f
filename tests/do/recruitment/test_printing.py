"""Codes as they are printed."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from qunying.do.recruitment.printing import draw_code, file_stem, pack_codes

ADDRESS = "https://example.com/j/k7m2w9xq4ab"


def test_a_png_is_large_enough_for_print_and_holds_a_line_of_text() -> None:
    picture = Image.open(io.BytesIO(draw_code(ADDRESS, title="花友会 · 传单", form="png")))
    assert picture.height == picture.width + 80
    assert picture.width >= 800
    low = picture.convert("L").crop((0, picture.width - 60, picture.width, picture.height))
    assert low.getextrema() == (0, 255)


def test_an_svg_names_nothing_that_could_act() -> None:
    text = draw_code(ADDRESS, title='<script>"&', form="svg").decode()
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_long_name_is_shortened_rather_than_cut_by_the_edge() -> None:
    text = draw_code(ADDRESS, title="长" * 60, form="svg").decode()
    assert "长" * 23 + "…" in text
    assert "长" * 24 not in text


def test_an_archive_numbers_equal_names() -> None:
    packed = zipfile.ZipFile(io.BytesIO(pack_codes([("传单", "a", ADDRESS), ("传单", "b", ADDRESS)])))
    assert sorted(packed.namelist()) == ["传单-2.png", "传单-2.svg", "传单.png", "传单.svg"]


@pytest.mark.parametrize(("name", "stem"), [("公众号/文章", "公众号-文章"), ("../..", "-"), ("...", "code")])
def test_a_name_is_a_file_s_name_everywhere(name: str, stem: str) -> None:
    assert file_stem(name) == stem
