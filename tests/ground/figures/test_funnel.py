"""The ordered funnel: ClickHouse's cases, and every chain tried by brute force."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from tests.ground.figures.conftest import Stage

pytestmark = pytest.mark.django_db
KINDS = {"a": "read", "b": "liked", "c": "ordered"}
STEPS = tuple(KINDS.values())
DAY = ("2026-03-02", "2026-03-08")
Path = list[tuple[int, str]]


def walk(stage: Stage, path: Path, who: str = "x") -> None:
    """Steps at hours after midnight of the first day."""
    stage.tell(
        *[
            (who, KINDS[step], f"2026-03-{2 + hour // 24:02}T{hour % 24:02}:00", {"amount": 1} if step == "c" else {})
            for hour, step in path
        ],
        move=False,
    )


def level(stage: Stage, **params: bool) -> int:
    """How many steps the one person took."""
    figure = stage.ask("funnel", *DAY, steps=STEPS, window=10, **params)
    return sum(row["value"] for row in figure.rows)


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        ("0a 5b 10c", {}, 3),
        ("0a 5b 11c", {}, 2),
        ("0a 8a 12b 15c", {}, 3),
        ("0b 1a 2c", {}, 1),
        ("0a 1c 2b 3c", {}, 3),
        ("0a 1c 2b 3c", {"strict_order": True}, 1),
        ("0a 0b 0c", {}, 3),
        ("0a 0b 0c", {"strict_increase": True}, 1),
    ],
)
def test_it_agrees_with_clickhouse(stage: Stage, path: str, params: dict[str, bool], expected: int) -> None:
    walk(stage, [(int(step[:-1]), step[-1]) for step in path.split()])
    assert level(stage, **params) == expected


def chains(path: Path, *, strict: bool) -> int:
    """The longest prefix of the steps that some chain takes in order within ten hours, by trying every chain."""
    hours = {step: [hour for hour, name in path if name == step] for step in KINDS}
    best = 0
    for size in range(1, 4):
        for chain in product(*(hours[step] for step in list(KINDS)[:size])):
            pairs = list(pairwise(chain))
            ordered = all(one < two if strict else one <= two for one, two in pairs)
            if ordered and chain[-1] - chain[0] <= 10:
                best = size
    return best


def until_disorder(path: Path) -> int:
    """ClickHouse's strict_order, step by step: it stops where a step comes before its turn."""
    found: list[int | None] = [None, None, None]
    for hour, step in sorted(path):
        index = "abc".index(step)
        if index == 0:
            found[0] = hour
        elif found[0] is not None and found[index - 1] is None:
            return found.index(None)
        elif (begun := found[index - 1]) is not None and hour <= begun + 10:
            found[index] = begun
    return max((index + 1 for index, begun in enumerate(found) if begun is not None), default=0)


_paths = st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abc")), min_size=1, max_size=9)


@given(path=_paths)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_finds_the_longest_chain_there_is(stage: Stage, path: Path) -> None:
    with transaction.atomic():
        walk(stage, path)
        assert level(stage) == chains(path, strict=False)
        assert level(stage, strict_increase=True) == chains(path, strict=True)
        assert level(stage, strict_order=True) == until_disorder(path)
        transaction.set_rollback(True)


def test_it_tells_shares_people_and_the_median_time_between_steps(stage: Stage) -> None:
    for who, path in {"u": [(0, "a"), (2, "b"), (5, "c")], "v": [(0, "a"), (4, "b")], "w": [(1, "a")]}.items():
        walk(stage, path, who)
    figure = stage.ask("funnel", *DAY, steps="read,liked,ordered", window=10)
    assert [(row["value"], row["from_previous"], row["median_seconds"]) for row in figure.rows] == [
        (3, None, None),
        (2, pytest.approx(2 / 3), 3 * 3600),
        (1, 0.5, 3 * 3600),
    ]
    assert (figure.value, figure.numerator, figure.denominator) == (pytest.approx(1 / 3), 1, 3)
    assert stage.behind("funnel", *DAY, steps="read,liked,ordered", window=10) == ["u"]
    assert stage.behind("funnel", *DAY, {"step": 2}, steps="read,liked,ordered", window=10) == ["u", "v"]


def test_it_takes_first_steps_of_the_period_only_and_later_ones_after_it(stage: Stage) -> None:
    walk(stage, [(23, "a"), (30, "b")], "u")
    walk(stage, [(25, "a"), (30, "b")], "v")
    figure = stage.ask("funnel", "2026-03-02", "2026-03-02", steps="read,liked", window=10)
    assert [row["value"] for row in figure.rows] == [1, 1]


def test_it_refuses_a_step_that_is_no_kind(stage: Stage) -> None:
    with pytest.raises(QunyingError, match="no event kind “bought”"):
        stage.ask("funnel", *DAY, steps="read,bought")
