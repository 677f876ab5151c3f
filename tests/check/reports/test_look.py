from __future__ import annotations

import pytest

from qunying.check.reports.look import colours, style_sheet
from qunying.kit.errors import QunyingError


def test_colours_are_those_of_the_light_theme() -> None:
    assert (colours()["brand"], colours()["series-2"], colours()["heat-6"]) == ("#0B7A5E", "#2F6FBF", "#0B7A5E")


def test_a_sheet_that_was_never_built_is_named() -> None:
    with pytest.raises(QunyingError, match=r"nowhere\.css is missing"):
        style_sheet("nowhere.css")
