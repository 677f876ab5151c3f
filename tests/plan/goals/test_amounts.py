from __future__ import annotations

from decimal import Decimal

import pytest

from qunying.kit.errors import QunyingError
from qunying.plan.goals.amounts import Target, bounded, ratio_text, read_amount, read_target, shown, written


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("500", "people", "500"),
        ("1,200", "people", "1200"),
        ("60%", "share", "0.6"),
        ("60％", "share", "0.6"),
        ("0.6", "share", "0.6"),
        ("3000", "money", "300000"),
        ("¥30万", "money", "30000000"),
        (4.5, "number", "4.5"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str | float, unit: str, value: str) -> None:
    assert read_amount(text, unit=unit, currency="CNY") == Decimal(value)


@pytest.mark.parametrize(
    ("text", "ratio"), [("+20%", "1.2"), ("-10%", "0.9"), ("−10 %", "0.9"), ("1.5x", "1.5"), ("2倍", "2")]
)
def test_changes_are_multiples_of_the_baseline(text: str, ratio: str) -> None:
    assert read_target(text, unit="people", currency="CNY") == Target(ratio=Decimal(ratio))


@pytest.mark.parametrize("text", ["", "viel", "5 apples", "60%", "-100%", "1e9", "99999999999999999"])
def test_what_is_no_target_is_refused_with_examples(text: str) -> None:
    with pytest.raises(QunyingError, match="is not a target"):
        read_target(text, unit="people", currency="CNY")


@pytest.mark.parametrize(
    ("value", "unit", "words", "again"),
    [("0.6", "share", "60.0%", "60%"), ("300000", "money", "CN¥3,000.00", "3000"), ("991.1", "orders", "991", "991.1")],
)
def test_numbers_are_shown_and_written_back(value: str, unit: str, words: str, again: str) -> None:
    assert shown(Decimal(value), unit=unit, currency="CNY") == words
    assert written(Decimal(value), unit=unit, currency="CNY") == again


def test_at_most_has_its_sign() -> None:
    assert [bounded("12.0%", direction) for direction in ("down", "up")] == ["≤ 12.0%", "12.0%"]


@pytest.mark.parametrize("text", ["+20%", "-10%", "2x", "2.5x", "+12.5%"])
def test_a_ratio_is_written_as_it_is_read(text: str) -> None:
    ratio = read_target(text, unit="people", currency="CNY").ratio
    assert ratio is not None
    assert ratio_text(ratio) == text
