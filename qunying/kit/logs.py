"""Logs as lines of JSON that hold nothing private: numbers and names of ours, never what people wrote or are called.

An exception is told by its type and the places it passed, without its message: a database puts the row it refuses
into the message. Lines of libraries, whose words we do not choose, lose every value that was put into them, and
whatever looks like a name, a number or an address. Own lines (`qunying.…`) carry ids.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import re
import shutil
import traceback
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from types import TracebackType

LEAST_DAYS = 180
"""Logs are kept at least half a year, whatever is set: the law asks for it (网络安全法, Article 21)."""
NAME = "logs"
request_id: ContextVar[str] = ContextVar("request_id", default="")

_OWN = "qunying."
_MOST = 2000
_PRIVATE = re.compile(
    r"""[\w.+-]+@[\w-]+(?:\.[\w-]+)+   # addresses of mail
    | ['"“‘«][^'"”’»]*['"”’»]          # whatever is quoted
    | [^\x00-\x7f]+                    # words in Chinese, and in any other script
    | \d[\d\s-]{4,}\d                  # telephone and card numbers
    | \b\d{5,}\b""",
    re.VERBOSE,
)
_HIDDEN = "…"


def scrubbed(text: str) -> str:
    """The text without anything that could be a name, a number of a person or what somebody wrote."""
    return _PRIVATE.sub(_HIDDEN, text.split("\n", 1)[0])[:_MOST]


def story_of(error: BaseException | None, trace: TracebackType | None = None) -> list[str]:
    """Types and places of an exception and those behind it, without a word of their messages."""
    told: list[str] = []
    while error is not None:
        frames = traceback.extract_tb(trace or error.__traceback__)
        told += [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        told.append(type(error).__name__)
        error, trace = error.__cause__ or error.__context__, None
    return told


def _short(path: str) -> str:
    parts = Path(path).parts
    return "/".join(parts[-3:])


class SafeFormatter(logging.Formatter):
    """One line of JSON for each record: when, level, logger, words, the request, the fields given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": _words(record),
        }
        if asked := request_id.get():
            line["request"] = asked
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["story"] = story_of(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _words(record: logging.LogRecord) -> str:
    if record.name.startswith(_OWN):
        return scrubbed(record.getMessage()) if record.args else str(record.msg)
    template = str(record.msg)
    return scrubbed(re.sub(r"%\([^)]*\)\w|%[-+.\d]*[a-z]", _HIDDEN, template) if record.args else template)


class DailyFile(logging.Handler):
    """Appends to the file of the day below the home directory; every process may write to the same one.

    A line is one write to a file opened for appending, so lines of several processes do not mix. Days are UTC's.
    """

    def __init__(self) -> None:
        super().__init__()
        self._day, self._file = "", -1

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line; where that fails, as on a full disk, work goes on."""
        try:
            line = self.format(record).encode("utf-8", "replace") + b"\n"
            os.write(self._open(datetime.now(UTC).strftime("%Y-%m-%d")), line)
        except OSError:
            return
        except Exception:  # noqa: BLE001 - as every handler of the library
            self.handleError(record)

    def _open(self, day: str) -> int:
        if day != self._day:
            self.close_file()
            folder = log_folder()
            if not folder.parent.is_dir():  # before `init` there is no home to write in
                raise FileNotFoundError(folder)
            folder.mkdir(exist_ok=True, mode=0o700)
            self._file = os.open(folder / f"{day}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self._day = day
        return self._file

    def close_file(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
        self._day, self._file = "", -1

    def close(self) -> None:
        """Let go of the file for good."""
        self.close_file()
        super().close()


def log_folder() -> Path:
    """Where the logs lie."""
    return Path(settings.HOME) / NAME


def kept_days() -> int:
    """For how many days logs are kept: never fewer than `LEAST_DAYS`."""
    return max(int(settings.LOG_DAYS), LEAST_DAYS)


def tidy_logs(today: date | None = None) -> int:
    """Pack the logs of days gone by, remove those older than they are kept; how many were removed."""
    today = today or datetime.now(UTC).date()
    removed = 0
    for path in sorted(log_folder().glob("????-??-??.jsonl*")):
        day = date.fromisoformat(path.name[:10])
        if day < today - timedelta(days=kept_days()):
            path.unlink()
            removed += 1
        elif day < today - timedelta(days=1) and path.suffix == ".jsonl":
            _pack(path)
    return removed


def _pack(path: Path) -> None:
    fresh = path.with_suffix(".jsonl.gz.part")
    with path.open("rb") as plain, gzip.open(fresh, "wb") as packed:
        shutil.copyfileobj(plain, packed)
    fresh.chmod(0o600)
    fresh.replace(path.with_suffix(".jsonl.gz"))
    path.unlink()
