"""Screening messages against many words: `python -m bench.screening [--words 50000] [--messages FILE]`.

Bar: with 50,000 words and normalisation, at least 100,000 messages a second in one process, p99 at most 1 ms.
Beside it, in the same run: the same normalisation step by step (NFKC, lower case, traditional characters, a regular
expression that drops what is strewn in) before the same automaton, and looking for word after word.
"""

from __future__ import annotations

import argparse
import random
import re
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import TYPE_CHECKING
from unicodedata import normalize

from ahocorasick_rs import AhoCorasick, MatchKind
from opencc import OpenCC

from bench.stage import show
from qunying.kit.text.folding import fold, folding_table
from qunying.kit.text.matching import Matcher, Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BAR, _SLOWEST = 100_000, 1.0
_SEED = 20_261_122
_COMMON = (0x4E00, 0x5E00)
_STREWN = " *，。！？～🌹\u200bａＢ國 abc123"
_DROPPED = re.compile(r"[\W_]+")


def _words(many: int, chance: random.Random) -> list[str]:
    """So many different words of two to six characters."""
    found: set[str] = set()
    while len(found) < many:
        found.add("".join(chr(chance.randrange(*_COMMON)) for _ in range(chance.randint(2, 6))))
    return sorted(found)


def _messages(many: int, words: Sequence[str], chance: random.Random) -> list[str]:
    """Messages of 5 to 60 characters, one in twenty with a word in it."""
    found = []
    for number in range(many):
        chars = [chr(chance.randrange(*_COMMON)) for _ in range(chance.randint(5, 60))]
        for _ in range(len(chars) // 8):
            chars.insert(chance.randrange(len(chars)), chance.choice(_STREWN))
        if number % 20 == 0:
            chars.insert(chance.randrange(len(chars)), chance.choice(words))
        found.append("".join(chars))
    return found


def _rate(find: Callable[[str], object], messages: Sequence[str]) -> float:
    """Messages a second of the processor's time, which others on the machine do not lengthen."""
    start = process_time()
    for message in messages:
        find(message)
    return len(messages) / (process_time() - start)


def _slowest(find: Callable[[str], object], messages: Sequence[str]) -> tuple[float, float]:
    """The time of the hundredth slowest in a hundred, and of the slowest of all, in milliseconds."""
    times = []
    for message in messages:
        start = process_time()
        find(message)
        times.append((process_time() - start) * 1000)
    return quantiles(times, n=100)[98], max(times)


def _step_by_step(words: Sequence[str]) -> Callable[[str], object]:
    easy = OpenCC("t2s")
    automaton = AhoCorasick([fold(word) for word in words], matchkind=MatchKind.Standard)

    def find(text: str) -> object:
        plain = _DROPPED.sub("", easy.convert(normalize("NFKC", text).lower()))
        return automaton.find_matches_as_indexes(plain, overlapping=True)

    return find


def _one_by_one(words: Sequence[str]) -> Callable[[str], object]:
    folded = [fold(word) for word in words]

    def find(text: str) -> object:
        plain = fold(text)
        return [word for word in folded if word in plain]

    return find


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=50_000)
    parser.add_argument("--count", type=int, default=200_000, help="messages made up")
    parser.add_argument("--messages", type=Path, help="a text file with a message a line instead of made-up ones")
    given = parser.parse_args()
    chance = random.Random(_SEED)  # noqa: S311 - words made up guard no secret
    start = perf_counter()
    folding_table()
    table = perf_counter() - start
    words = _words(given.words, chance)
    start = perf_counter()
    matcher = Matcher(
        [Pattern(word, (word + words[-1],) if number % 10 == 0 else ()) for number, word in enumerate(words)]
    )
    built = perf_counter() - start
    messages = given.messages.read_text(encoding="utf-8").splitlines() if given.messages else []
    messages = messages or _messages(given.count, words, chance)
    hits = sum(bool(matcher.find(message)) for message in messages)
    print(
        f"{len(words):,} words, an exception to every tenth; {len(messages):,} messages, {hits:,} with a word in them"
    )
    print(f"table {table:.2f} s, automaton {built:.2f} s")
    ours = _rate(matcher.find, messages)
    stepwise = _rate(_step_by_step(words), messages[: len(messages) // 4])
    naive = _rate(_one_by_one(words), messages[:100])
    rows: list[tuple[object, ...]] = [
        ("Matcher.find", ours, f"{ours / _BAR:.2f} × the bar"),
        ("step by step, then the automaton", stepwise, f"{ours / stepwise:.2f} × slower"),
        ("word after word", naive, f"{ours / naive:,.0f} × slower"),
    ]
    show("Messages a second of processor time", ("how", "messages/s", ""), rows)
    ninety_nine, worst = _slowest(matcher.find, messages)
    print(f"p99 {ninety_nine:.3f} ms (bar {_SLOWEST:.0f} ms), slowest {worst:.2f} ms")


if __name__ == "__main__":
    main()
