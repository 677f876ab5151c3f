"""Chance that repeats: the same seed gives the same throws, on every machine and Python."""

from __future__ import annotations

from hashlib import blake2b
from math import exp
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """Throws of one part of the simulation.

    Each part has dice of its own, named by seed and part, so that a change in one part leaves the
    others as they were. Only `Random.random` is used: Python promises its sequence for a seed, and
    does not promise that of `choice`, `shuffle` or `sample`.
    """

    def __init__(self, seed: int, part: str) -> None:
        digest = blake2b(f"{seed}/{part}".encode(), digest_size=16).digest()
        self.throw = Random(int.from_bytes(digest, "big")).random  # noqa: S311 - a play, not a secret

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.throw() < probability

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`, every one as likely."""
        return low + (high - low) * self.throw()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int((high - low + 1) * self.throw())

    def pick(self, things: Sequence[T]) -> T:
        """One of the things, every one as likely."""
        return things[int(self.throw() * len(things))]

    def weigh(self, pairs: Sequence[tuple[T, float]]) -> T:
        """One of the things, each paired with a weight, as likely as its weight says."""
        at = self.throw() * sum(weight for _thing, weight in pairs)
        for thing, weight in pairs:
            at -= weight
            if at < 0:
                return thing
        return pairs[-1][0]

    def poisson(self, mean: float) -> int:
        """How often something happens that happens `mean` times on average (Knuth's method)."""
        floor, product, count = exp(-mean), self.throw(), 0
        while product > floor:
            product *= self.throw()
            count += 1
        return count

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """The things in another order."""
        keys = [self.throw() for _ in things]
        return [things[index] for index in sorted(range(len(things)), key=keys.__getitem__)]
