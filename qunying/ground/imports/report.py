"""The rejection report of a run: one line a rejected row while it runs, a table to take away when it ends."""

from __future__ import annotations

import csv
import json
import os
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language

from qunying.ground.imports.reasons import reason_text
from qunying.kit.encodings import shown
from qunying.kit.tables import neutralise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qunying.ground.imports.importers import Rejection

_HEADER = ("file", "row", "column", "value", "reason_zh", "reason_en", "code")
_VALUE = 200


class Report:
    """The lines of one run. Only what the checkpoint knows of counts: a crash may leave more, which is cut off."""

    def __init__(self, run_id: int) -> None:
        self.path = Path(settings.UPLOADS) / "reports" / f"{run_id}.jsonl"

    def cut(self, size: int) -> None:
        """Forget what was written after the checkpoint that knew of `size` bytes."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.open("ab") as file:
            file.truncate(size)

    def append(self, rejections: Iterable[Rejection], *, file_name: str) -> int:
        """Write rejections to disk for good; how many bytes the report has now."""
        with self.path.open("ab") as file:
            for rejection in rejections:
                file.write(_line(rejection, file_name))
            file.flush()
            os.fsync(file.fileno())
            return file.tell()

    def rows(self, *, start: int = 0, most: int | None = None) -> list[dict[str, Any]]:
        """Rejected rows for a page: file, row, column, value, and the reason in the active language."""
        language = get_language() or settings.LANGUAGE_CODE
        stop = None if most is None else start + most
        return [
            {
                **{key: row[key] for key in ("file", "row", "column", "value", "code")},
                "reason": reason_text(row["code"], row["params"], language=language),
            }
            for row in islice(self._rows(), start, stop)
        ]

    def csv(self) -> Iterator[bytes]:
        """The report as CSV that spreadsheets open as it is: marked UTF-8, formulas neutralised, both languages."""
        yield b"\xef\xbb\xbf" + _csv_line(_HEADER)
        for row in self._rows():
            reasons = (reason_text(row["code"], row["params"], language=name) for name in ("zh-hans", "en"))
            yield _csv_line((row["file"], row["row"], row["column"], row["value"], *reasons, row["code"]))

    def write_table(self) -> Path:
        """Write the CSV beside the report, and say where."""
        path = self.path.with_suffix(".csv")
        with path.open("wb") as file:
            file.writelines(self.csv())
        return path

    def _rows(self) -> Iterator[dict[str, Any]]:
        if self.path.exists():
            with self.path.open(encoding="utf-8") as file:
                for line in file:
                    yield json.loads(line)


def _line(rejection: Rejection, file_name: str) -> bytes:
    row = {
        "file": file_name,
        "row": rejection.row,
        "column": rejection.column,
        "value": shown(rejection.value)[:_VALUE],
        "code": rejection.reason,
        "params": dict(rejection.params),
    }
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _csv_line(cells: Iterable[object]) -> bytes:
    out = StringIO()
    csv.writer(out).writerow(neutralise(str(cell)) for cell in cells)
    return out.getvalue().encode("utf-8", "replace")
