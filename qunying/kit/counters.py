"""Counting how often each of very many things was seen, in memory that stays flat."""

from __future__ import annotations

import sqlite3

_IN_MEMORY = 150_000
_CACHE_KB = 16_384


class Counter64:
    """How often each key was seen so far; beyond a bound the counts lie in a temporary file.

    Keys are kept as 64-bit hashes: among a hundred million keys the chance of one false repeat is 3 in 10,000.
    """

    def __init__(self, *, in_memory: int = _IN_MEMORY) -> None:
        self._most = in_memory
        self._counts: dict[int, int] = {}
        self._spilled: sqlite3.Connection | None = None

    def seen(self, *parts: str | bytes | int) -> int:
        """How often these parts were seen before; they count as seen from now on."""
        # Python's own hash differs from process to process, as does the counter.
        key = hash(parts)
        before = self._counts.get(key)
        if before is None:
            before = self._stored(key)
        self._counts[key] = before + 1
        if len(self._counts) >= self._most:
            self._spill()
        return before

    def _stored(self, key: int) -> int:
        if self._spilled is None:
            return 0
        row = self._spilled.execute("SELECT count FROM seen WHERE key = ?", (key,)).fetchone()
        return int(row[0]) if row else 0

    def _spill(self) -> None:
        if self._spilled is None:
            # An empty name is SQLite's own temporary file, deleted with the connection.
            self._spilled = sqlite3.connect("", isolation_level=None)
            self._spilled.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            self._spilled.execute("PRAGMA synchronous = OFF")
            self._spilled.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY, count INTEGER) WITHOUT ROWID")
        self._spilled.execute("BEGIN")
        self._spilled.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", sorted(self._counts.items()))
        self._spilled.execute("COMMIT")
        self._counts.clear()
