"""The dice repeat, and fall as they should."""

from __future__ import annotations

from collections import Counter

from qunying.doors.demo.dice import Dice


def test_the_same_seed_and_part_give_the_same_throws_for_good() -> None:
    dice = Dice(20, "people")
    assert [dice.whole(1, 6) for _ in range(8)] == [Dice(20, "people").whole(1, 6), *_rest()]


def _rest() -> list[int]:
    dice = Dice(20, "people")
    dice.throw()
    return [dice.whole(1, 6) for _ in range(7)]


def test_another_part_or_seed_gives_other_throws() -> None:
    first = [Dice(seed, part).throw() for seed, part in ((20, "people"), (20, "orders"), (21, "people"))]
    assert len(set(first)) == 3


def test_weights_are_kept() -> None:
    dice = Dice(1, "weights")
    seen = Counter(dice.weigh((("a", 3.0), ("b", 1.0))) for _ in range(10_000))
    assert 7300 < seen["a"] < 7700


def test_poisson_has_its_mean_and_its_variance() -> None:
    dice = Dice(1, "poisson")
    thrown = [dice.poisson(2.5) for _ in range(20_000)]
    mean = sum(thrown) / len(thrown)
    assert abs(mean - 2.5) < 0.05
    assert abs(sum((each - mean) ** 2 for each in thrown) / len(thrown) - 2.5) < 0.1


def test_shuffling_loses_nothing() -> None:
    assert sorted(Dice(1, "shuffle").shuffled(range(50))) == list(range(50))
