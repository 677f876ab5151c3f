"""How much two texts say the same: character shingles, their Jaccard likeness, and MinHash to find candidates.

Broder 1997, “On the resemblance and containment of documents”: the share of permutations under which two sets have
the same least element estimates the Jaccard likeness J with a standard error of √(J(1−J)/k).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from qunying.kit.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

SHINGLE = 5
"""Characters of one shingle."""
PERMUTATIONS = 128
ALIKE = 0.5
"""From this share of common shingles on, two texts count as the same told twice."""

_PRIME = 2**31 - 1
_SURE = 3
"""Standard errors below the threshold down to which a candidate is still compared in full."""
_SEED = 20_261_122
_KEPT = 4096

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Twin(Generic[Key]):
    """A text that says much the same: its key, and the share of shingles both have, 0 to 1."""

    key: Key
    likeness: float


def shingles(text: str, *, size: int = SHINGLE) -> frozenset[str]:
    """Every run of `size` characters of the folded text, without what separates sentences; short text is one run."""
    plain = "".join(char for char in fold(text) if char.isalnum())
    return frozenset(plain[at : at + size] for at in range(max(len(plain) - size + 1, 1))) if plain else frozenset()


def jaccard(one: AbstractSet[object], other: AbstractSet[object]) -> float:
    """Common members as a share of all members; 0 where both are empty."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0


class Permutations:
    """Functions h(x) = (ax + b) mod p that stand for permutations; `least` is the signature of a set under them."""

    def __init__(self, factors: Sequence[int], summands: Sequence[int], prime: int) -> None:
        self._factors = np.array(factors, dtype=np.uint64)[:, None]
        self._summands = np.array(summands, dtype=np.uint64)[:, None]
        self._prime = np.uint64(prime)

    def least(self, numbers: Iterable[int]) -> NDArray[np.uint64]:
        """For each function the least value it has on the numbers (below 2³¹, at least one)."""
        row = np.fromiter(numbers, dtype=np.uint64)[None, :]
        least: NDArray[np.uint64] = ((self._factors * row + self._summands) % self._prime).min(axis=1)
        return least


@cache
def house_permutations() -> Permutations:
    """The permutations every signature here is made with, the same in every process."""
    chance = np.random.default_rng(_SEED)
    factors, summands = chance.integers(1, _PRIME, size=(2, PERMUTATIONS))
    return Permutations(factors.tolist(), summands.tolist(), _PRIME)


@lru_cache(maxsize=_KEPT)
def signature(text: str) -> NDArray[np.uint64] | None:
    """The MinHash signature of a text; None where there is nothing to compare."""
    found = shingles(text)
    return house_permutations().least(map(_number, found)) if found else None


def _number(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode(errors="surrogatepass"), digest_size=4).digest()) % _PRIME


def estimate(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """The likeness of two sets by their signatures."""
    return float((one == other).mean())


def twins_of(text: str, *, against: Iterable[tuple[Key, str]], alike: float = ALIKE) -> list[Twin[Key]]:
    """The texts at least `alike` to this one, the likest first; MinHash proposes, the true likeness decides."""
    mine, own = signature(text), shingles(text)
    if mine is None:
        return []
    margin = _SURE * (alike * (1 - alike) / PERMUTATIONS) ** 0.5
    found: list[Twin[Key]] = []
    for key, other in against:
        theirs = signature(other)
        if theirs is None or estimate(mine, theirs) < alike - margin:
            continue
        likeness = jaccard(own, shingles(other))
        if likeness >= alike:
            found.append(Twin(key, likeness))
    return sorted(found, key=lambda twin: -twin.likeness)
